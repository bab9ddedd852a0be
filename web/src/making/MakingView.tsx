/* The orb forms while the tracks are done: how far it is in colour, in a bar and in words. Never a bare spinner. */
import { useEffect, useState } from 'react';

import type { MakingState, Stage } from '@/api/make';
import { useWords } from '@/text/context';
import { orbWedges } from '@/ui/orb-shape';
import palette from '@/ui/palette.json';
import { ProgressBar } from '@/ui/ProgressBar';

const LONG_MS = 6000;
const STILL_MS = 15_000;

/* Which emotions lead is not known before the profile is there, and no colour may say otherwise: so every emotion's
   colour takes the same share of the orb, in the order of the map of moods. What they tell is how much is done. */
const WEDGES = orbWedges(palette.map((color) => ({ color, score: 1 })));

/** Where each stage begins; the tracks fill the way from "transform" to "profile". */
const START: Record<Stage, number> = { session: 0.04, extract: 0.12, transform: 0.25, profile: 0.9 };

function partDone({ stage, done, total }: MakingState): number {
  const tracks = stage === 'transform' && total ? (done / total) * (START.profile - START.transform) : 0;
  return START[stage] + tracks;
}

/** Whether this long has passed since key last changed. */
function useUnchanged(key: string, ms: number): boolean {
  const [unchanged, setUnchanged] = useState(false);
  useEffect(() => {
    setUnchanged(false);
    const timer = setTimeout(() => setUnchanged(true), ms);
    return () => clearTimeout(timer);
  }, [key, ms]);
  return unchanged;
}

function FormingOrb({ part }: { part: number }) {
  return (
    <svg viewBox="-80 -80 160 160" className="orb w-full max-w-[20rem]" aria-hidden="true" focusable="false">
      <filter id="forming" x="-60%" y="-60%" width="220%" height="220%" colorInterpolationFilters="sRGB">
        <feGaussianBlur stdDeviation="7" />
      </filter>
      <g filter="url(#forming)">
        <circle r="50" className="forming-ground" />
        {WEDGES.map(({ d, color }, i) => (
          <path key={d} d={d} fill={color} className="forming-wedge" opacity={i / WEDGES.length < part ? 0.9 : 0} />
        ))}
      </g>
    </svg>
  );
}

export function MakingView({ state, artists }: { state: MakingState; artists: number }) {
  const { t } = useWords();
  const words = t.making;
  const long = useUnchanged('', LONG_MS);
  const still = useUnchanged(`${state.stage} ${state.done}`, STILL_MS);
  const part = partDone(state);
  const detail = state.total ? words.tracks(state.done, state.total) : artists ? words.artists(artists) : '';
  return (
    <div className="grid min-h-dvh content-start justify-items-center gap-6 overflow-x-clip py-10 text-center">
      <FormingOrb part={part} />
      <h1 tabIndex={-1} className="text-title">
        {words.heading}
      </h1>
      <div className="w-full max-w-[20rem]">
        <ProgressBar label={words.progress} part={part} text={[words.stages[state.stage], detail].filter(Boolean).join(', ')}>
          <p className="mt-4">{words.stages[state.stage]}</p>
          <p className="text-ink-soft tabular-nums">{detail}</p>
        </ProgressBar>
        <p role="status" className="mx-auto mt-4 max-w-[25em] text-caption text-ink-soft">
          {still ? words.slow : long ? words.steady : words.open}
        </p>
      </div>
    </div>
  );
}
