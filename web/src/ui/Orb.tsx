import { useId, useMemo } from 'react';

import { orbWedges, type Colour } from './orb-shape';

/** The listener's colours, turning. Blurred inside the SVG, so that turning it costs no new blur. */
export function Orb({ emotions }: { emotions: Colour[] }) {
  const id = useId();
  const wedges = useMemo(() => orbWedges(emotions), [emotions]);
  return (
    <svg className="orb" viewBox="-80 -80 160 160" aria-hidden="true" focusable="false">
      <filter id={id} x="-60%" y="-60%" width="220%" height="220%" colorInterpolationFilters="sRGB">
        <feGaussianBlur stdDeviation="9" />
      </filter>
      <g filter={`url(#${id})`}>
        {wedges.map(({ d, color }) => (
          <path key={d} d={d} fill={color} />
        ))}
      </g>
    </svg>
  );
}
