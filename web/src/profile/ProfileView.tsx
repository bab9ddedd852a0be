/* The profile, in the order of a conversation: what, why, where, how, from what, how sure, and goodbye. */
import dynamic from 'next/dynamic';
import { useEffect, useRef } from 'react';

import type { Failure } from '@/api/failure';
import type { Profile } from '@/api/types';
import type { Choice } from '@/choose/choices';
import { useWords } from '@/text/context';
import { Card } from './Card';
import { Clock } from './Clock';
import { EmotionList } from './EmotionList';
import { GenreBars } from './GenreBars';
import { MoodMap } from './map/MoodMap';
import { Radar } from './Radar';
import { Section } from './Section';
import { TrackList } from './TrackList';
import { WhatIf } from './WhatIf';
import { Worth } from './Worth';

const Share = dynamic(() => import('@/share/Share').then((module) => module.Share), { ssr: false });

interface Props {
  profile: Profile;
  artists: Choice[];
  updating: boolean;
  failure: Failure | null;
  onArtists: (artists: Choice[]) => void;
  onExpire: () => void;
  onErase: () => Promise<void>;
}

export function ProfileView({ profile, artists, updating, failure, onArtists, onExpire, onErase }: Props) {
  const { t } = useWords();
  const words = t.profile;
  const title = useRef<HTMLHeadingElement>(null);
  /* The heading that had the focus went away with the progress. */
  useEffect(() => {
    if (document.activeElement === document.body) title.current?.focus({ preventScroll: true });
  }, []);
  return (
    <div className="profile-view pb-10" data-updating={updating || undefined}>
      <h1 ref={title} tabIndex={-1} className="sr-only">
        {words.heading}
      </h1>
      <div className="grid items-start gap-10 pb-10 md:grid-cols-[minmax(0,22rem)_1fr] md:gap-16 md:py-6 lg:grid-cols-[minmax(0,26rem)_1fr]">
        <div className="card-arrives mx-auto w-full max-w-[26rem] md:sticky md:top-6">
          <Card profile={profile} />
        </div>
        <div className="grid gap-10">
          <p className="text-title font-medium tracking-tight">{profile.description}</p>
          <EmotionList emotions={profile.emotions} />
          <WhatIf artists={artists} updating={updating} failure={failure} onArtists={onArtists} />
        </div>
      </div>
      <div className="grid gap-16 md:grid-cols-2 md:gap-x-16">
        <Section title={words.map.heading} id="map" className="md:col-span-2">
          <MoodMap profile={profile} />
        </Section>
        <Section title={words.radar.heading} id="radar">
          <Radar profile={profile} />
        </Section>
        <Section title={words.genres.heading} id="genres">
          <GenreBars profile={profile} />
        </Section>
        <Section title={words.tracks.heading} id="tracks" className="md:col-span-2">
          <TrackList profile={profile} />
        </Section>
        <Section title={words.worth.heading} id="worth" className="md:col-span-2">
          <Worth profile={profile} />
        </Section>
        <Section title={words.share.heading} id="share" className="no-print md:col-span-2">
          <Share profile={profile} />
        </Section>
        <Section title={words.clock.heading} id="clock" className="no-print md:col-span-2">
          <Clock expiresAt={profile.expires_at} onExpire={onExpire} onErase={onErase} />
        </Section>
      </div>
    </div>
  );
}
