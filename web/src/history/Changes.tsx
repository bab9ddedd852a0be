/* Turning points in words; their numbers stand at the lines of the chart above. */
import type { Timeline } from '@/api/types';
import { useWords } from '@/text/context';
import { overTimeText } from '@/text/overtime';
import { useDates } from './dates';
import { movedMost } from './ridges';

/* A smaller step on one axis is not worth a word. */
const MOOD_STEP = 0.08;
const ENERGY_STEP = 0.04;

export function Changes({ timeline }: { timeline: Timeline }) {
  const { t, format } = useWords();
  const words = overTimeText[t.lang].time.changes;
  const dates = useDates();
  const { changes } = timeline;
  const said = (pair: string[], before: number | null, after: number | null, step: number) => {
    const by = before === null || after === null ? 0 : after - before;
    return Math.abs(by) < step ? [] : [pair[by > 0 ? 0 : 1] ?? ''];
  };
  /* Where no axis moved far, an emotion did. */
  const emotion = (k: number) => {
    const moved = movedMost(timeline, k);
    return moved ? words[moved.by > 0 ? 'more' : 'less'](moved.label) : words.little;
  };
  return (
    <>
      <h3 className="mt-6 mb-2 font-semibold">{words.heading}</h3>
      {changes.length === 0 && <p className="text-caption text-ink-soft">{words.none}</p>}
      <ol className="grid list-inside list-decimal gap-1 text-caption">
        {changes.map(({ month, before, after, energy_before, energy_after }, k) => {
          const all = [
            ...said(words.pleasant, before.valence, after.valence, MOOD_STEP),
            ...said(words.intense, before.arousal, after.arousal, MOOD_STEP),
            ...said(words.energetic, energy_before, energy_after, ENERGY_STEP),
          ];
          return <li key={month}>{words.one(dates.month(month), all.length ? format.list(all) : emotion(k))}</li>;
        })}
      </ol>
    </>
  );
}
