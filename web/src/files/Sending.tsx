/* Files on their way: how far they are, in a bar and in words, and the way to stop. */
import { useWords } from '@/text/context';
import { ProgressBar } from '@/ui/ProgressBar';

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
      <ProgressBar label={t.making.progress} part={part * SENT} text={stage} />
      <button type="button" className="button button-line justify-self-start" onClick={onStop}>
        {stop}
      </button>
    </div>
  );
}
