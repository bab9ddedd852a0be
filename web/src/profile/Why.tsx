/* The reasons behind one emotion, each with its name and its value in words. */
import type { Emotion, Reason } from '@/api/types';
import { useWords, type Words } from '@/text/context';
import { SignedBar } from './SignedBar';

const KINDS = ['term', 'genre', 'artist', 'track'] as const;

function inWords({ kind, value }: Reason, { t, format }: Words): string {
  const words = t.profile.emotions;
  if (kind === 'term') return `${words.strength(value)} (${format.signed(value, 2)})`;
  if (kind === 'genre') return words.points(format.signed(value * 100, 1));
  return format.percent(value);
}

export function Why({ emotion }: { emotion: Emotion }) {
  const all = useWords();
  const { t, format } = all;
  const words = t.profile.emotions;
  return (
    <div className="grid gap-4 pt-1 pb-6">
      <p className="text-caption text-ink-soft">{words.usual(format.number(emotion.times_usual, 2))}</p>
      {KINDS.map((kind) => {
        const reasons = emotion.because.filter((reason) => reason.kind === kind);
        const most = Math.max(...reasons.map((reason) => Math.abs(reason.value)));
        const signed = reasons.some((reason) => reason.value < 0);
        return (
          reasons.length > 0 && (
            <div key={kind}>
              <h3 className="text-caption">{words.kinds[kind].title}</h3>
              <p className="text-caption text-ink-soft">{words.kinds[kind].text}</p>
              <ul className="mt-2 grid gap-2">
                {reasons.map((reason) => (
                  <li key={reason.id} className="grid grid-cols-[1fr_auto] items-baseline gap-x-3 text-caption">
                    <bdi>{reason.label}</bdi>
                    <span className="text-ink-soft tabular-nums">{inWords(reason, all)}</span>
                    <span className="col-span-2">
                      <SignedBar value={most ? reason.value / most : 0} signed={signed} color={emotion.color} />
                    </span>
                  </li>
                ))}
              </ul>
            </div>
          )
        );
      })}
      {emotion.because.length === 0 && <p className="text-caption">{words.nothing}</p>}
    </div>
  );
}
