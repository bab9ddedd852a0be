/* From chosen files to measured ones, with what is told on the way. */
import { useCallback, useEffect, useRef, useState } from 'react';

import { useWords } from '@/text/context';
import { keepMeasured, waiting } from './kept';
import { Measuring, type Outcome, type Problem } from './measuring';
import { FILES_MAX, pathOf, SOUND } from './paths';

export interface Item {
  file: File;
  path: string;
  outcome: Outcome | null;
}
export type MeasureState =
  | { kind: 'none' }
  | { kind: 'working'; items: Item[]; paused: boolean; pace: Pace }
  | { kind: 'done'; items: Item[] }
  | { kind: 'failed'; items: Item[] };
export interface Pace {
  done: number;
  perMinute: number;
  /** null: too early to say */
  minutesLeft: number | null;
}

/* So often the numbers on the screen move. */
const TELL_MS = 250;
/* Before this much is done, nothing is said of how long it will take. */
const SURE_MS = 3000;

function problemOf(file: File, place: number): Problem | null {
  if (!SOUND.test(file.name) && !file.type.startsWith('audio/')) return 'kind';
  if (!file.size) return 'empty';
  return place < FILES_MAX ? null : 'many';
}

/** Time that was spent at work, without the pauses. */
class Watch {
  private worked = 0;
  private since: number | null = performance.now();

  get ms() {
    return this.worked + (this.since === null ? 0 : performance.now() - this.since);
  }
  stop() {
    this.worked = this.ms;
    this.since = null;
  }
  start() {
    this.since ??= performance.now();
  }
}

/** Rate by files, time left by bytes: files are of many sizes. */
function paceOf(items: Item[], ms: number): Pace {
  const asked = items.filter(({ outcome }) => !outcome || 'track' in outcome);
  const bytes = (some: Item[]) => some.reduce((sum, { file }) => sum + file.size, 0);
  const ready = asked.filter(({ outcome }) => outcome);
  const part = bytes(ready) / Math.max(1, bytes(asked));
  const minutes = ms / 60_000;
  return {
    done: items.filter(({ outcome }) => outcome).length,
    perMinute: minutes ? Math.round(ready.length / minutes) : 0,
    minutesLeft: part > 0 && ms > SURE_MS ? Math.round((minutes / part) * (1 - part)) : null,
  };
}

export const measured = (items: Item[]) => items.flatMap(({ outcome }) => (outcome && 'track' in outcome ? [outcome.track] : []));

const left = (): MeasureState => (waiting.items.length ? { kind: 'done', items: waiting.items } : { kind: 'none' });

interface Work {
  measuring: Measuring;
  items: Item[];
  watch: Watch;
  paused: boolean;
  timer: ReturnType<typeof setInterval>;
}

export function useMeasure(onAllMeasured: () => void) {
  const { lang } = useWords().t;
  const [state, setState] = useState<MeasureState>(left);
  const work = useRef<Work | null>(null);

  const tell = useCallback(() => {
    const now = work.current;
    if (now) setState({ kind: 'working', items: [...now.items], paused: now.paused, pace: paceOf(now.items, now.watch.ms) });
  }, []);
  const end = useCallback(() => {
    clearInterval(work.current?.timer);
    work.current?.measuring.stop();
    work.current = null;
  }, []);
  /** Ends it; what is measured by then can still be gone on with. */
  const leave = useCallback(() => {
    const items = work.current?.items ?? [];
    if (measured(items).length) waiting.items = items.filter(({ outcome }) => outcome);
    end();
  }, [end]);
  useEffect(() => leave, [leave]);

  const take = useCallback(
    async (files: File[]) => {
      end();
      waiting.items = [];
      let place = 0;
      const items: Item[] = files.map((file) => {
        const problem = problemOf(file, place);
        if (!problem) place++;
        return { file, path: pathOf(file), outcome: problem && { problem } };
      });
      const jobs = items.filter(({ outcome }) => !outcome);
      const measuring = new Measuring(jobs, lang, (index, outcome) => {
        const item = jobs[index];
        if (item) items[items.indexOf(item)] = { ...item, outcome };
      });
      const mine: Work = { measuring, items, watch: new Watch(), paused: false, timer: setInterval(tell, TELL_MS) };
      work.current = mine;
      tell();
      let kind: 'done' | 'failed' = 'done';
      await measuring.run().catch(() => (kind = 'failed'));
      if (work.current !== mine) return;
      end();
      setState({ kind, items });
      if (kind === 'done') waiting.items = items;
      if (kind === 'done' && items.every(({ outcome }) => outcome && 'track' in outcome)) {
        keepMeasured(measured(items));
        onAllMeasured();
      }
    },
    [end, lang, onAllMeasured, tell],
  );

  const setPaused = useCallback(
    (paused: boolean) => {
      const now = work.current;
      if (!now) return;
      now.paused = paused;
      if (paused) {
        now.measuring.pause();
        now.watch.stop();
      } else {
        now.watch.start();
        now.measuring.resume();
      }
      tell();
    },
    [tell],
  );

  const stop = useCallback(() => {
    leave();
    setState(left());
  }, [leave]);

  return { state, take, setPaused, stop };
}
