/* Two numbers of the same kind, one under the other, each with its name and its value in words. */
import { SignedBar } from '@/profile/SignedBar';
import { useWords } from '@/text/context';

export interface Pair {
  id: string;
  label: string;
  color?: string;
  /** From -1 to 1, with zero in the middle. */
  signed?: boolean;
  one: number;
  other: number;
  note?: string;
  /** How a value is written, when it is no share. */
  show?: (value: number) => string;
  /** What a full bar stands for, when it is not what the others' stand for. */
  longest?: number;
}

interface Props {
  pairs: Pair[];
  names: [one: string, other: string];
  /** What a full bar stands for, when it is less than 1. */
  longest?: number;
}

export function PairedBars({ pairs, names, longest = 1 }: Props) {
  const { format } = useWords();
  return (
    <ul className="grid gap-4">
      {pairs.map(({ id, label, color, signed, one, other, note, show, longest: own }) => (
        <li key={id} className="paired-bars text-caption">
          <p className="col-span-3 flex flex-wrap justify-between gap-x-3">
            <span className="font-medium">{label}</span>
            {note && <span className="text-ink-soft">{note}</span>}
          </p>
          {[one, other].map((value, i) => (
            <div key={i} className="contents">
              <span className="text-ink-soft">{names[i]}</span>
              <SignedBar value={value / (signed ? 1 : (own ?? longest))} signed={signed} color={color} faint={i === 1} className="h-2" />
              <span className="number tabular-nums">{show ? show(value) : signed ? format.signed(value, 2) : format.percent(value)}</span>
            </div>
          ))}
        </li>
      ))}
    </ul>
  );
}
