/* What became of the files: every problem with its reason, and the last ones measured with their key and tempo. */
import { useDetails } from '@/text/details';
import { useWords } from '@/text/context';
import type { measureText } from '@/text/measure';
import { SourceBadge } from '@/profile/SourceBadge';
import { soundOf } from '@/profile/sound-of';
import { measured, type Item } from './useMeasure';

/* A thousand rows help nobody; the profile lists them all. */
const LATEST = 6;
const PROBLEMS = 200;

export function MeasureList({ items, words }: { items: Item[]; words: (typeof measureText)['en'] }) {
  const { format } = useWords();
  const details = useDetails().tracks;
  const problems = items.flatMap(({ path, outcome }) => (outcome && 'problem' in outcome ? [{ path, problem: outcome.problem }] : []));
  const tracks = measured(items);
  return (
    <>
      {problems.length > 0 && (
        <section aria-label={words.problems}>
          <h3 className="text-caption font-medium">{words.problems}</h3>
          <ul className="measure-list text-caption" tabIndex={0} aria-label={words.problems}>
            {problems.slice(0, PROBLEMS).map(({ path, problem }, i) => (
              <li key={i} className="grid gap-x-3 py-1">
                <bdi className="truncate">{path}</bdi>
                <span className="text-ink-soft">{words.sentences[problem]}</span>
              </li>
            ))}
            {problems.length > PROBLEMS && <li className="py-1">{words.more(problems.length - PROBLEMS)}</li>}
          </ul>
        </section>
      )}
      {tracks.length > 0 && (
        <ul aria-label={words.list} className="text-caption">
          {tracks
            .slice(-LATEST)
            .reverse()
            .map((track) => (
              <li key={track.file} className="flex flex-wrap items-baseline gap-x-3 py-1">
                <bdi className="min-w-0 truncate">{track.artist ? `${track.artist} – ${track.title}` : track.title}</bdi>
                <span className="ml-auto flex flex-wrap items-baseline justify-end gap-x-2 text-ink-soft tabular-nums">
                  <span className="whitespace-nowrap">{soundOf(track.features.key, track.features, details, format)}</span>
                  <SourceBadge origin="measured" measuredBy="browser" />
                </span>
              </li>
            ))}
          {tracks.length > LATEST && <li className="py-1 text-ink-soft">{words.more(tracks.length - LATEST)}</li>}
        </ul>
      )}
    </>
  );
}
