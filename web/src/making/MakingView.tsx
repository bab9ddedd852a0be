/* The orb forms: as much of it as is done. Never a bare spinner. */
import { useEffect, useState } from 'react';

import type { MakingState, Stage } from '@/api/make';
import { useWords } from '@/text/context';
import { orbWedges } from '@/ui/orb-shape';

const SLOW_MS = 15_000;
const WEDGES = orbWedges([]);

/** How far each stage begins; the tracks fill the way from "transform" to "profile". */
const START: Record<Stage, number> = { session: 0.04, extract: 0.12, transform: 0.25, profile: 0.9, ready: 1 };

function partDone({ stage, done, total }: MakingState): number {
  const tracks = stage === 'transform' && total ? (done / total) * (START.profile - START.transform) : 0;
  return START[stage] + tracks;
}

export function MakingView({ state, artists }: { state: MakingState; artists: number }) {
  const { t } = useWords();
  const words = t.making;
  const [slow, setSlow] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setSlow(true), SLOW_MS);
    return () => clearTimeout(timer);
  }, []);
  const part = partDone(state);
  const detail = state.total ? words.tracks(state.done, state.total) : words.artists(artists);
  return (
    <div className="grid overflow-x-clip justify-items-center gap-6 py-10 text-center">
      <svg viewBox="-80 -80 160 160" className="orb orb-forming w-full max-w-[20rem]" aria-hidden="true" focusable="false">
        <filter id="forming" x="-60%" y="-60%" width="220%" height="220%" colorInterpolationFilters="sRGB">
          <feGaussianBlur stdDeviation="7" />
        </filter>
        <g filter="url(#forming)">
          {WEDGES.map(({ d }, i) => (
            <path key={d} d={d} className="forming-wedge" opacity={i / WEDGES.length < part ? 0.2 + 0.5 * (i / WEDGES.length) : 0.06} />
          ))}
        </g>
      </svg>
      <h1 tabIndex={-1} className="text-title">
        {words.heading}
      </h1>
      <div>
        <div
          role="progressbar"
          aria-label={words.progress}
          aria-valuemin={0}
          aria-valuemax={100}
          aria-valuenow={Math.round(part * 100)}
          aria-valuetext={`${words.stages[state.stage]}, ${detail}`}
        >
          <p>{words.stages[state.stage]}</p>
          <p className="text-ink-soft tabular-nums">{detail}</p>
        </div>
        <p role="status" className="mx-auto mt-4 max-w-[40ch] text-caption text-ink-soft">
          {slow ? words.slow : ''}
        </p>
      </div>
    </div>
  );
}
