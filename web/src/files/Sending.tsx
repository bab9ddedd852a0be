/* Files on their way: how far they are, in a bar and in words, and the way to stop. */
import { useWords } from '@/text/context';
import { Bar } from '@/ui/Bar';

interface Props {
  /** 0 to 1 while they are sent; what comes then takes the last tenth of the bar. */
  part: number;
  stage: string;
  stop: string;
  onStop: () => void;
}

const SENT = 0.9;

export function Sending({ part, stage, stop, onStop }: Props) {
  const { t } = useWords();
  return (
    <div className="grid gap-3">
      <div role="progressbar" aria-label={t.making.progress} aria-valuetext={stage} aria-valuenow={Math.round(part * SENT * 100)} aria-valuemin={0} aria-valuemax={100}>
        <Bar value={part * SENT} className="mb-2 h-1 forming-bar" />
        <p className="text-caption tabular-nums">{stage}</p>
      </div>
      <button type="button" className="button button-line justify-self-start" onClick={onStop}>
        {stop}
      </button>
    </div>
  );
}
