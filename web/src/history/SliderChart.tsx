/* A chart with one place in it pointed out, to be moved by hand, finger or keys; below it, what is there in words. */
import type { KeyboardEvent, PointerEvent, ReactNode } from 'react';

interface Props {
  width: number;
  height: number;
  /** What it shows, and what the keys do. */
  label: string;
  /** The place, from 0 to last. */
  active: number;
  last: number;
  onActive: (place: number) => void;
  /** The place under a point of the chart; null where there is none. */
  placeAt: (x_px: number, y_px: number) => number | null;
  /** How far each key moves. */
  keys: Record<string, number>;
  reading: string;
  children: ReactNode;
}

export function SliderChart({ width, height, label, active, last, onActive, placeAt, keys, reading, children }: Props) {
  const moveTo = (place: number) => onActive(Math.min(last, Math.max(0, place)));
  const point = (event: PointerEvent<SVGSVGElement>) => {
    const { left, top } = event.currentTarget.getBoundingClientRect();
    const place = placeAt(event.clientX - left, event.clientY - top);
    if (place !== null) moveTo(place);
  };
  const key = (event: KeyboardEvent) => {
    const by = keys[event.key];
    if (!by) return;
    event.preventDefault();
    moveTo(active + by);
  };
  return (
    <>
      <svg
        width={width}
        height={height}
        viewBox={`0 0 ${width} ${height}`}
        className="history-chart"
        role="slider"
        tabIndex={0}
        aria-label={label}
        aria-valuemin={0}
        aria-valuemax={last}
        aria-valuenow={active}
        aria-valuetext={reading}
        onPointerMove={point}
        onPointerDown={point}
        onKeyDown={key}
      >
        {children}
      </svg>
      <p className="min-h-12 pt-2 text-caption tabular-nums" aria-hidden="true">
        {reading}
      </p>
    </>
  );
}
