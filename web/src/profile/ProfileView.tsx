/* The profile, in the order of a conversation: what, why, where, how, from what, how sure, and goodbye. */
import dynamic from 'next/dynamic';
import { useEffect, useRef } from 'react';

import type { Failure } from '@/api/failure';
import type { Profile } from '@/api/types';
import type { Choice } from '@/choose/choices';
import type { MeasuredTrack } from '@/measure/types';
import { useWords } from '@/text/context';
import { PageLink } from '@/ui/PageLink';
import { useAfterPaint } from '@/ui/useAfterPaint';
import { Card } from './Card';
import { EmotionList } from './EmotionList';
import type { From } from './useProfile';

/** Keeps the place of what is to come, so that the foot of the page does not come into sight and leave again. */
function Room() {
  return <div className="min-h-dvh" />;
}

/* What does not show at once comes after what does, in files of its own. */
const LocalPanel = dynamic(() => import('@/measure/LocalPanel').then((module) => module.LocalPanel), { ssr: false });
const WhatIf = dynamic(() => import('./WhatIf').then((module) => module.WhatIf), { ssr: false });
const ProfileDetails = dynamic(() => import('./ProfileDetails').then((module) => module.ProfileDetails), { ssr: false, loading: Room });

interface Props {
  profile: Profile;
  /** Of the listener's own files nothing can be asked "what if". */
  from: From;
  artists: Choice[];
  /** What a local profile is made of. */
  tracks: MeasuredTrack[];
  updating: boolean;
  failure: Failure | null;
  onArtists: (artists: Choice[]) => void;
  onKeep: (tracks: MeasuredTrack[], artists: Choice[]) => void;
  onExpire: () => void;
  onErase: () => Promise<void>;
}

function Another() {
  const { t, path } = useWords();
  const words = t.profile.files;
  return (
    <section aria-labelledby="another" className="no-print panel min-w-0 p-6">
      <h2 id="another" className="text-title">
        {words.heading}
      </h2>
      <p className="mt-1 mb-4 text-caption text-ink-soft">{words.text}</p>
      <PageLink href={path('/choose')} className="button button-line">
        {words.go}
      </PageLink>
    </section>
  );
}

/** The first sentence names the emotions and stands large; what follows it is read after the bars on a phone. */
function sentences(description: string): [first: string, rest: string] {
  const end = description.search(/[.!?]\s/);
  return end < 0 ? [description, ''] : [description.slice(0, end + 1), description.slice(end + 1).trim()];
}

export function ProfileView({ profile, from, artists, tracks, updating, failure, onArtists, onKeep, onExpire, onErase }: Props) {
  const { t } = useWords();
  const words = t.profile;
  const [first, rest] = sentences(profile.description);
  const painted = useAfterPaint();
  /* Naming artists would take the place of a history, and of files. */
  const ofFiles = from !== 'artists';
  const ofOwn = ofFiles || Boolean(profile.history);
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
      <div className="grid items-start gap-5 pb-10 md:grid-cols-[minmax(0,22rem)_1fr] md:gap-16 md:py-6 lg:grid-cols-[minmax(0,26rem)_1fr]">
        <div className="card-arrives card-place md:sticky md:top-6">
          <Card profile={profile} />
        </div>
        <div className="grid gap-4 md:gap-10">
          <p className="text-title font-medium tracking-tight">{first}</p>
          {rest && <p className="-mt-3 max-w-text text-ink-soft max-md:order-1 max-md:mt-0">{rest}</p>}
          <EmotionList emotions={profile.emotions} />
          <div className="min-w-0 max-md:order-2 max-md:mt-6">
            {painted && !ofOwn && <WhatIf artists={artists} updating={updating} failure={failure} onArtists={onArtists} />}
            {painted && from === 'local' && <LocalPanel tracks={tracks} updating={updating} failure={failure} onKeep={onKeep} />}
            {ofOwn && from !== 'local' && <Another />}
          </div>
        </div>
      </div>
      {painted ? <ProfileDetails profile={profile} ofFiles={ofFiles} onExpire={onExpire} onErase={onErase} /> : <Room />}
    </div>
  );
}
