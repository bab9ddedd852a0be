import { useMemo, useState } from 'react';

import type { Profile } from '@/api/types';
import { useDetails } from '@/text/details';
import { useWidth } from '@/ui/useWidth';
import { MapPicture } from './MapPicture';
import { MapTable } from './MapTable';
import { mapPoints, type MapPoint } from './points';

/** What is pointed at, in words, always at the same place under the map. */
function Pointed({ point }: { point: MapPoint | undefined }) {
  const { emotion } = useDetails();
  if (!point) return <>&nbsp;</>;
  return (
    <>
      <bdi className="font-medium">{point.name}</bdi>
      {point.by && (
        <>
          {' · '}
          <bdi>{point.by}</bdi>
        </>
      )}
      {' · '}
      {emotion(point.emotion.label, point.unsure)}
    </>
  );
}

export function MoodMap({ profile }: { profile: Profile }) {
  const words = useDetails().map;
  const [ref, width] = useWidth<HTMLDivElement>(320);
  const [active, setActive] = useState<string | null>(null);
  const [wide] = useState(() => window.matchMedia('(min-width: 64rem)').matches);
  const points = useMemo(() => mapPoints(profile), [profile]);
  return (
    <div className="grid gap-6 lg:grid-cols-[minmax(0,40rem)_1fr] lg:gap-16">
      <div ref={ref} className="min-w-0">
        <MapPicture profile={profile} points={points} size={Math.min(width, 640)} active={active} onActive={setActive} />
        <p className="mt-2 text-caption" aria-hidden="true">
          <Pointed point={points.find((point) => point.id === active)} />
        </p>
      </div>
      <div className="min-w-0 max-w-text">
        <p className="text-ink-soft">{words.lede}</p>
        {points.some((point) => point.kind === 'artist') && <p className="mt-3 text-ink-soft">{words.ledeArtists}</p>}
        {points.some((point) => point.kind === 'track') && <p className="mt-3 text-ink-soft">{words.ledeTracks}</p>}
        <MapTable profile={profile} points={points} open={wide} />
      </div>
    </div>
  );
}
