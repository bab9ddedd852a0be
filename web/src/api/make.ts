/* The way from artists to a profile, and what is told on the way. */
import { extract, getProfile, openSession, pause } from './client';
import { keepSession } from './session';
import type { ArtistChoice, Profile, Progress } from './types';

export type Stage = 'session' | 'extract' | Progress['stage'];
export interface MakingState {
  stage: Stage;
  done: number;
  total: number;
}

/** For how long the service may hold its answer back: so often the number of tracks moves on the screen. */
const WAIT_MS = 2000;
/** Where it cannot hold an answer back, we ask no faster than this. */
const LEAST_PAUSE_MS = 1000;

/** Polls until the profile is there. */
export async function awaitProfile(
  session: string,
  lang: string,
  tell: (state: MakingState) => void,
  signal: AbortSignal,
): Promise<Profile> {
  for (;;) {
    const asked = Date.now();
    const answer = await getProfile(session, lang, WAIT_MS, signal);
    if (answer.ready) {
      keepSession(answer.profile);
      return answer.profile;
    }
    tell(answer.progress);
    await pause(Math.max(0, asked + LEAST_PAUSE_MS - Date.now()), signal);
  }
}

/** The same session for every try, so that a profile made again takes the place of the older one. */
export async function makeProfile(
  artists: ArtistChoice[],
  lang: string,
  tell: (state: MakingState) => void,
  signal: AbortSignal,
): Promise<Profile> {
  tell({ stage: 'session', done: 0, total: 0 });
  const session = await openSession(signal);
  tell({ stage: 'extract', done: 0, total: 0 });
  const found = await extract(session.session_id, artists, signal);
  keepSession(found, 'artists');
  tell({ stage: 'transform', done: 0, total: found.tracks.length });
  return awaitProfile(session.session_id, lang, tell, signal);
}
