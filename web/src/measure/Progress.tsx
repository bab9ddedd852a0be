/* How far the measuring is, how fast, how long still; with pause and stop. */
import type { measureText } from '@/text/measure';
import { ProgressBar } from '@/ui/ProgressBar';
import type { MeasureState } from './useMeasure';

interface Props {
  state: Extract<MeasureState, { kind: 'working' }>;
  words: (typeof measureText)['en'];
  onPause: (paused: boolean) => void;
  onStop: () => void;
}

export function Progress({ state, words, onPause, onStop }: Props) {
  const { paused, items, pace } = state;
  const stage = [
    pace.done ? words.done(pace.done, items.length) : words.starting,
    ...(paused ? [words.pausing] : []),
    ...(!paused && pace.minutesLeft !== null ? [words.rate(pace.perMinute), words.left(pace.minutesLeft)] : []),
  ].join(' · ');
  return (
    <div className="grid gap-3">
      <ProgressBar label={words.progress} part={pace.done / items.length} text={stage} />
      <div className="flex flex-wrap gap-3">
        <button type="button" className="button button-line" onClick={() => onPause(!paused)}>
          {paused ? words.resume : words.pause}
        </button>
        <button type="button" className="button button-quiet" onClick={onStop}>
          {words.stop}
        </button>
      </div>
    </div>
  );
}
