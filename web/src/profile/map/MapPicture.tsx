/* The map itself: emotions in faint ink, artists as patches, tracks as dots, the middle as a ring. */
import { scaleLinear } from 'd3-scale';
import { useMemo, useRef, type KeyboardEvent, type PointerEvent } from 'react';

import type { Profile } from '@/api/types';
import { useDetails } from '@/text/details';
import { placeLabels, type Label } from './place-labels';
import { reach, SPREAD_SHOWN, type MapPoint } from './points';

const NEAR_PX = 28;
const DOT = 5;

interface Props {
  profile: Profile;
  points: MapPoint[];
  size: number;
  active: string | null;
  onActive: (id: string | null) => void;
}

function useGeometry({ profile, points, size }: Props) {
  return useMemo(() => {
    const far = reach(profile, points);
    const x = scaleLinear([-far, far], [0, size]);
    const y = scaleLinear([-far, far], [size, 0]);
    const small = size < 480;
    const at = points.map((point) => ({
      ...point,
      x: x(point.valence),
      y: y(point.arousal),
      rx: SPREAD_SHOWN * (x(point.spreadValence) - x(0)),
      ry: SPREAD_SHOWN * (y(0) - y(point.spreadArousal)),
    }));
    const centre = { x: x(profile.mood.valence), y: y(profile.mood.arousal) };
    const artists = at
      .filter((point) => point.kind === 'artist')
      .map((p) => ({ id: p.id, x: p.x, y: p.y, text: p.name, size: small ? 12 : 13, gap: 9 }));
    const emotions = profile.emotions.map((e) => ({
      id: e.id,
      x: x(e.valence),
      y: y(e.arousal),
      text: e.label,
      size: small ? 11 : 13,
      gap: 0,
    }));
    const obstacles = [...at.map((p) => ({ x: p.x, y: p.y, r: DOT + 1 })), { ...centre, r: 9 }];
    const edges = [
      { x: size / 2, y: 8, r: 24 },
      { x: size / 2, y: size - 8, r: 24 },
      /* The words at the sides stand upright. */
      ...[15, size - 15].flatMap((side) => [-24, 0, 24].map((dy) => ({ x: side, y: size / 2 + dy, r: 12 }))),
    ];
    const labels = placeLabels([...artists, ...emotions], size, size, [...obstacles, ...edges]);
    return { at, centre, labels, zero: { x: x(0), y: y(0) } };
  }, [profile, points, size]);
}

function Axes({ size, zero }: { size: number; zero: { x: number; y: number } }) {
  const words = useDetails().map;
  return (
    <g className="map-axis" aria-hidden="true">
      <text x={zero.x} y="20" textAnchor="middle">
        {words.intense}
      </text>
      <text x={zero.x} y={size - 12} textAnchor="middle">
        {words.calm}
      </text>
      <text transform={`translate(18 ${zero.y}) rotate(-90)`} textAnchor="middle">
        {words.unpleasant}
      </text>
      <text transform={`translate(${size - 18} ${zero.y}) rotate(90)`} textAnchor="middle">
        {words.pleasant}
      </text>
    </g>
  );
}

function Labels({ labels, artistIds, active }: { labels: Label[]; artistIds: Set<string>; active: string | null }) {
  return (
    <g aria-hidden="true">
      {labels.map((label) => (
        <g key={label.id} className={artistIds.has(label.id) ? 'map-artist' : 'map-emotion'}>
          {artistIds.has(label.id) && Math.abs(label.atY - label.y) > 12 && (
            <path d={`M${label.x} ${label.y}L${label.atX} ${label.atY + (label.atY < label.y ? 6 : -6)}`} className="map-lead" />
          )}
          <text x={label.atX} y={label.atY} dy="0.35em" textAnchor={label.anchor} fontSize={label.size} className={label.id === active ? 'font-semibold' : ''}>
            {label.text}
          </text>
        </g>
      ))}
    </g>
  );
}

type Placed = ReturnType<typeof useGeometry>['at'][number];

function Patches({ at, active }: { at: Placed[]; active: string | null }) {
  return at.map(
    (p) =>
      p.kind === 'artist' && (
        <ellipse
          key={p.id}
          cx={p.x}
          cy={p.y}
          rx={p.rx}
          ry={p.ry}
          fill={p.emotion.color}
          className={p.id === active ? 'map-patch map-patch-active' : 'map-patch'}
        />
      ),
  );
}

/** One of them is a stop of the Tab key; from there the arrow keys go on. */
function Dots({ at, active, onActive }: { at: Placed[] } & Pick<Props, 'active' | 'onActive'>) {
  const { emotion } = useDetails();
  const stop = at.find((p) => p.id === active) ?? at[0];
  return at.map((p) => (
    <circle
      key={p.id}
      data-point={p.id}
      role="img"
      aria-label={[p.name, p.by, emotion(p.emotion.label, p.unsure)].filter(Boolean).join(', ')}
      tabIndex={p === stop ? 0 : -1}
      cx={p.x}
      cy={p.y}
      r={p.id === active ? DOT + 2 : p.kind === 'artist' ? DOT - 1 : DOT}
      fill={p.emotion.color}
      className="map-dot"
      onFocus={() => onActive(p.id)}
    />
  ));
}

export function MapPicture(props: Props) {
  const { points, size, active, onActive } = props;
  const words = useDetails().map;
  const { at, centre, labels, zero } = useGeometry(props);
  const svg = useRef<SVGSVGElement>(null);
  const artistIds = new Set(points.filter((p) => p.kind === 'artist').map((p) => p.id));

  const point = (event: PointerEvent) => {
    const box = svg.current?.getBoundingClientRect();
    if (!box) return;
    let nearest: string | null = null;
    let best = NEAR_PX;
    for (const p of at) {
      const distance = Math.hypot(p.x - (event.clientX - box.left), p.y - (event.clientY - box.top));
      if (distance < best) [best, nearest] = [distance, p.id];
    }
    onActive(nearest);
  };
  /* From the point that has the focus: the pointer may show another. */
  const step = (event: KeyboardEvent) => {
    const by = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (!by) return;
    event.preventDefault();
    const from = at.findIndex((p) => p.id === (event.target as Element).getAttribute('data-point'));
    const next = at[(from + by + at.length) % at.length];
    svg.current?.querySelector<SVGElement>(`[data-point="${CSS.escape(next?.id ?? '')}"]`)?.focus();
  };

  return (
    <svg
      ref={svg}
      width={size}
      height={size}
      viewBox={`0 0 ${size} ${size}`}
      className="mood-map"
      role="group"
      aria-label={`${words.label}. ${words.keys}`}
      onPointerMove={point}
      onPointerDown={point}
      onPointerLeave={() => onActive(null)}
      onKeyDown={step}
    >
      <rect x="0.5" y="0.5" width={size - 1} height={size - 1} rx="24" className="map-ground" />
      <path d={`M0 ${zero.y}H${size}M${zero.x} 0V${size}`} className="map-zero" />
      <Axes size={size} zero={zero} />
      <Patches at={at} active={active} />
      <Labels labels={labels} artistIds={artistIds} active={active} />
      <g role="img" aria-label={words.centre}>
        <circle cx={centre.x} cy={centre.y} r="8" className="map-centre" />
      </g>
      <Dots at={at} active={active} onActive={onActive} />
    </svg>
  );
}
