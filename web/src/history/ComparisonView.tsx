/* Two profiles side by side: what is shared in the middle, what sets them apart below. */
import { useEffect, useRef } from 'react';

import type { Comparison } from '@/api/types';
import { useWords } from '@/text/context';
import { overTimeText } from '@/text/overtime';
import { FoldedTable } from '@/ui/FoldedTable';
import { PairedBars } from './PairedBars';

const RADIUS = 72;
const EMOTIONS_SHOWN = 6;
const SIGNED = new Set(['valence', 'arousal']);
const TEMPO_MAX_BPM = 200;

/** Two circles whose width in common is the share in common. */
function Circles({ comparison }: { comparison: Comparison }) {
  const { t, format } = useWords();
  const words = overTimeText[t.lang].compare;
  const { emotions, similarity } = comparison;
  const you = emotions.reduce((a, b) => (b.you > a.you ? b : a));
  const them = emotions.reduce((a, b) => (b.them > a.them ? b : a));
  const apart = 2 * RADIUS * (1 - similarity);
  const width = 4 * RADIUS + 4;
  const middle = width / 2;
  return (
    <svg
      viewBox={`0 0 ${width} ${2 * RADIUS + 4}`}
      className="mx-auto w-full max-w-72"
      role="img"
      aria-label={words.circles(format.percent(similarity), you.label, them.label)}
    >
      <circle cx={middle - apart / 2} cy={RADIUS + 2} r={RADIUS} fill={you.color} className="compare-circle" />
      <circle cx={middle + apart / 2} cy={RADIUS + 2} r={RADIUS} fill={them.color} className="compare-circle" />
    </svg>
  );
}

function Genres({ title, genres }: { title: string; genres: Comparison['genres']['shared'] }) {
  const { t, format } = useWords();
  const words = overTimeText[t.lang].compare;
  return (
    <div>
      <h5 className="text-ink-soft">{title}</h5>
      {genres.length ? (
        <ul>
          {genres.map(({ id, label, you, them }) => (
            <li key={id}>
              {label}{' '}
              <span className="text-ink-soft tabular-nums">
                {words.you} {format.percent(you)}, {words.them} {format.percent(them)}
              </span>
            </li>
          ))}
        </ul>
      ) : (
        <p>{words.none}</p>
      )}
    </div>
  );
}

function ComparisonTable({ dimensions, emotions }: Pick<Comparison, 'dimensions' | 'emotions'>) {
  const { t, format } = useWords();
  const words = overTimeText[t.lang].compare;
  return (
    <FoldedTable title={words.table} className="mt-2">
      <thead>
        <tr>
          <th scope="col">{words.column}</th>
          <th scope="col" className="number">{words.you}</th>
          <th scope="col" className="number">{words.them}</th>
        </tr>
      </thead>
      <tbody>
        {dimensions.map(({ id, label, you, them }) => (
          <tr key={id}>
            <th scope="row">{label}</th>
            <td className="number">{format.number(you, id === 'tempo' ? 0 : 2)}</td>
            <td className="number">{format.number(them, id === 'tempo' ? 0 : 2)}</td>
          </tr>
        ))}
        {emotions.map(({ id, label, you, them }) => (
          <tr key={id}>
            <th scope="row">{label}</th>
            <td className="number">{format.percentFine(you)}</td>
            <td className="number">{format.percentFine(them)}</td>
          </tr>
        ))}
      </tbody>
    </FoldedTable>
  );
}

export function ComparisonView({ comparison }: { comparison: Comparison }) {
  const { t, format } = useWords();
  const words = overTimeText[t.lang].compare;
  const { leaning, headline, description, dimensions, emotions, genres } = comparison;
  const title = useRef<HTMLHeadingElement>(null);
  useEffect(() => title.current?.focus(), [comparison]);
  const telling = [...dimensions].sort((a, b) => b.share - a.share);
  const tempo = (bpm: number) => words.tempo(format.number(bpm, 0));
  const names: [string, string] = [words.you, words.them];
  const apart = [...emotions].sort((a, b) => Math.abs(b.you - b.them) - Math.abs(a.you - a.them));
  const longest = Math.max(0.01, ...emotions.flatMap(({ you, them }) => [you, them]));

  return (
    <div className="mt-10 grid gap-10">
      <div className="grid items-center gap-6 md:grid-cols-2 md:gap-16">
        <div>
          <h3 ref={title} tabIndex={-1} className="text-caption text-ink-soft">
            {words.result}
          </h3>
          <p className="text-title">{headline}</p>
          <p className="mt-1 max-w-text text-ink-soft">{description}</p>
          {leaning !== null && <p className="mt-1 max-w-text text-caption text-ink-soft">{words.leaning(format.signed(leaning, 2))}</p>}
        </div>
        <Circles comparison={comparison} />
      </div>
      <div className="grid gap-10 md:grid-cols-2 md:gap-16">
        <div className="min-w-0">
          <h4 className="mb-3 font-semibold">{words.dimensions}</h4>
          <PairedBars
            names={names}
            pairs={telling.map(({ id, label, you, them, share }) => ({
              id,
              label,
              signed: SIGNED.has(id),
              one: you,
              other: them,
              note: words.part(format.percent(share)),
              ...(id === 'tempo' && { show: tempo, longest: TEMPO_MAX_BPM }),
            }))}
          />
        </div>
        <div className="min-w-0">
          <h4 className="font-semibold">{words.emotions}</h4>
          <p className="mb-3 text-caption text-ink-soft">{words.emotionsLede}</p>
          <PairedBars
            names={names}
            longest={longest}
            pairs={apart.slice(0, EMOTIONS_SHOWN).map(({ id, label, color, you, them }) => ({ id, label, color, one: you, other: them, show: format.percentFine }))}
          />
          <ComparisonTable dimensions={telling} emotions={apart} />
        </div>
      </div>
      <div>
        <h4 className="mb-3 font-semibold">{words.genres}</h4>
        <div className="grid gap-4 text-caption sm:grid-cols-3 sm:gap-6">
          <Genres title={words.shared} genres={genres.shared} />
          <Genres title={words.yours} genres={genres.yours} />
          <Genres title={words.theirGenres} genres={genres.theirs} />
        </div>
      </div>
    </div>
  );
}
