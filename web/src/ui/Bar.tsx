/** A part of a whole as a bar. The number stands beside it in words, so the bar is for the eye alone. */
export function Bar({
  value,
  color = 'currentColor',
  mark,
  className = 'h-1.5',
}: {
  value: number;
  color?: string;
  /** A tick for comparison, on the same scale. */
  mark?: number;
  className?: string;
}) {
  const part = `${(Math.min(1, Math.max(0, value)) * 100).toFixed(2)}%`;
  return (
    <svg className={`bar ${className}`} aria-hidden="true" focusable="false">
      <rect className="bar-ground" width="100%" height="100%" rx="3" />
      <rect width={part} height="100%" rx="3" fill={color} />
      {mark !== undefined && <rect className="bar-mark" x={`${Math.min(1, mark) * 100}%`} width="2" height="100%" />}
    </svg>
  );
}
