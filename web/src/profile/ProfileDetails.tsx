/* Below the first screen: of a history when, then where, how, from what, how sure, sharing, and goodbye. */
import dynamic from 'next/dynamic';

import type { Profile } from '@/api/types';
import { useDetails } from '@/text/details';
import { Clock } from './Clock';
import { GenreBars } from './GenreBars';
import { MoodMap } from './map/MoodMap';
import { Radar } from './Radar';
import { Section } from './Section';
import { TrackList } from './TrackList';
import { Worth } from './Worth';

/** As high as the screen: what stands below the first section does not come into sight and leave again. */
const Room = () => <div className="min-h-dvh md:col-span-2" />;

/* Of a listening history, and of two: most profiles need neither. */
const OverTime = dynamic(() => import('@/history/OverTime').then((module) => module.OverTime), { ssr: false, loading: Room });
const CompareSection = dynamic(() => import('@/history/CompareSection').then((module) => module.CompareSection), { ssr: false });
const Share = dynamic(() => import('@/share/Share').then((module) => module.Share), { ssr: false });

interface Props {
  profile: Profile;
  ofFiles: boolean;
  onExpire: () => void;
  onErase: () => Promise<void>;
}

export function ProfileDetails({ profile, ofFiles, onExpire, onErase }: Props) {
  const words = useDetails();
  return (
    <div className="grid gap-16 md:grid-cols-2 md:gap-x-16">
      {profile.history && <OverTime profile={profile} history={profile.history} />}
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
        <TrackList profile={profile} ofFiles={ofFiles} />
      </Section>
      <Section title={words.worth.heading} id="worth" className="md:col-span-2">
        <Worth profile={profile} />
      </Section>
      {profile.session_id && <CompareSection session={profile.session_id} run={profile.run} />}
      <Section title={words.share.heading} id="share" className="no-print md:col-span-2">
        <Share profile={profile} />
      </Section>
      <Section title={words.clock.heading} id="clock" className="no-print md:col-span-2">
        <Clock expiresAt={profile.expires_at} onExpire={onExpire} onErase={onErase} />
      </Section>
    </div>
  );
}
