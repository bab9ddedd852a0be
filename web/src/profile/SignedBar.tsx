interface Props {
  /** -1 to 1 */
  value: number;
  signed?: boolean;
  color?: string;
  faint?: boolean;
  className?: string;
}

/** A small bar from zero: to the right for, to the left against. Zero lies at the left edge when all are for. */
export function SignedBar({ value, signed = false, color = 'currentColor', faint = false, className = 'h-1' }: Props) {
  const zero = signed ? 50 : 0;
  const length = Math.min(1, Math.abs(value)) * (100 - zero);
  return (
    <svg className={`bar ${className}`} aria-hidden="true" focusable="false">
      <rect className="bar-ground" width="100%" height="100%" />
      <rect x={`${value < 0 ? zero - length : zero}%`} width={`${length}%`} height="100%" rx="2" fill={color} opacity={faint ? 0.5 : 1} />
      {signed && <rect className="bar-mark" x="50%" width="1" height="100%" />}
    </svg>
  );
}
