import { useState } from 'react';

import type { Emotion } from '@/api/types';
import { useWords } from '@/text/context';
import { Bar } from '@/ui/Bar';
import { Why } from './Why';

const SHOWN = 6;

/** One emotion; its reasons are made when they are asked for: sixteen times a dozen are many. */
function Row({ emotion, longest }: { emotion: Emotion; longest: number }) {
  const { t, format } = useWords();
  const words = t.profile.emotions;
  const [open, setOpen] = useState(false);
  return (
    <details className="emotion-row" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>
        <span className="font-medium">{emotion.label}</span>
        <span className="ml-auto tabular-nums">{format.percentFine(emotion.score)}</span>
        <span className="why-word">{words.why}</span>
        <span className="basis-full">
          <Bar
            value={emotion.score / longest}
            color={emotion.color}
            mark={emotion.times_usual ? emotion.score / emotion.times_usual / longest : undefined}
            className="h-2.5"
          />
        </span>
      </summary>
      {open && <Why emotion={emotion} />}
    </details>
  );
}

export function EmotionList({ emotions }: { emotions: Emotion[] }) {
  const { t } = useWords();
  const words = t.profile.emotions;
  const [all, setAll] = useState(false);
  const longest = Math.max(...emotions.map((e) => Math.max(e.score, e.score / (e.times_usual || 1))));
  return (
    <section aria-labelledby="emotions">
      <h2 id="emotions" className="text-title">
        {words.heading}
      </h2>
      <ul className="md:mt-2">
        {emotions.map((emotion, i) => (
          <li key={emotion.id} className={all || i < SHOWN ? 'border-b border-hairline' : 'hidden border-b border-hairline print:block'}>
            <Row emotion={emotion} longest={longest} />
          </li>
        ))}
      </ul>
      <p className="mt-3 max-w-text text-caption text-ink-soft">{words.lede}</p>
      <button type="button" className="button button-quiet no-print -ml-3 mt-1" aria-expanded={all} onClick={() => setAll(!all)}>
        {all ? words.fewer : words.all(emotions.length)}
      </button>
    </section>
  );
}
