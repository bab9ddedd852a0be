/* How far something is, in a bar and in words. */
import type { ReactNode } from 'react';

import { Bar } from './Bar';

interface Props {
  label: string;
  /** 0 to 1 */
  part: number;
  /** How far it is, for who cannot see the bar. */
  text: string;
  /** The same in sight; the text alone, when not said. */
  children?: ReactNode;
}

export function ProgressBar({ label, part, text, children }: Props) {
  return (
    <div role="progressbar" aria-label={label} aria-valuetext={text} aria-valuenow={Math.round(part * 100)} aria-valuemin={0} aria-valuemax={100}>
      <Bar value={part} className="mb-2 h-1 forming-bar" />
      {children ?? <p className="text-caption tabular-nums">{text}</p>}
    </div>
  );
}
