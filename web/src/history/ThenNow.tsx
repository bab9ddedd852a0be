/* The last twelve months beside all before: emotions that moved, mood and sound, genres. */
import type { Stretch, Timeline } from '@/api/types';
import { SignedBar } from '@/profile/SignedBar';
import { useWords } from '@/text/context';
import { overTimeText } from '@/text/overtime';
import { useDates } from './dates';
import { PairedBars, type Pair } from './PairedBars';

type Year = NonNullable<Timeline['year']>;

const SHOWN = 3; // genres of a side, the largest

function pairs(then: Stretch, now: Stretch, names: Record<string, string>): Pair[] {
  const all = [
    { id: 'valence', signed: true, one: then.mood.valence, other: now.mood.valence },
    { id: 'arousal', signed: true, one: then.mood.arousal, other: now.mood.arousal },
    { id: 'energy', signed: false, one: then.energy, other: now.energy },
    { id: 'danceability', signed: false, one: then.danceability, other: now.danceability },
  ];
  return all.flatMap(({ id, signed, one, other }) =>
    one === null || other === null ? [] : [{ id, signed, label: names[id] ?? id, one, other }],
  );
}

function Moved({ title, moved, longest }: { title: string; moved: Year['more']; longest: number }) {
  const { t, format } = useWords();
  if (!moved.length) return null;
  return (
    <div>
      <h4 className="mb-2 text-caption text-ink-soft">{title}</h4>
      <ul className="grid gap-2 text-caption">
        {moved.map(({ id, label, color, change }) => (
          <li key={id} className="grid grid-cols-[1fr_auto] gap-x-3">
            <span className="font-medium">{label}</span>
            <span className="text-ink-soft tabular-nums">{t.profile.emotions.points(format.signed(change * 100, 1))}</span>
            <span className="col-span-2">
              <SignedBar value={change / longest} signed color={color} />
            </span>
          </li>
        ))}
      </ul>
    </div>
  );
}

export function ThenNow({ year }: { year: Timeline['year'] }) {
  const { t, format } = useWords();
  const text = overTimeText[t.lang];
  const words = text.time.year;
  const dates = useDates();
  if (!year) return <p className="text-caption text-ink-soft">{words.none}</p>;
  const longest = Math.max(0.01, ...[...year.more, ...year.less].map(({ change }) => Math.abs(change)));
  const genres = (stretch: Stretch) => format.list(stretch.genres.slice(0, SHOWN).map(({ label, share }) => `${label} ${format.percent(share)}`));
  return (
    <>
      <p className="mb-4 text-caption text-ink-soft">{words.lede(dates.month(year.from))}</p>
      <div className="grid gap-6">
        <div className="grid gap-4 sm:grid-cols-2 sm:gap-6">
          <Moved title={words.more} moved={year.more} longest={longest} />
          <Moved title={words.less} moved={year.less} longest={longest} />
        </div>
        <div>
          <h4 className="mb-2 text-caption text-ink-soft">{words.mood}</h4>
          <PairedBars pairs={pairs(year.then, year.now, text.features)} names={[words.then, words.now]} />
        </div>
        <div className="text-caption">
          <h4 className="mb-2 text-ink-soft">{words.genres}</h4>
          <dl className="then-now">
            <dt className="text-ink-soft">{words.then}</dt>
            <dd>{genres(year.then) || '–'}</dd>
            <dt className="text-ink-soft">{words.now}</dt>
            <dd>{genres(year.now) || '–'}</dd>
          </dl>
        </div>
      </div>
    </>
  );
}
