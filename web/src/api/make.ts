/* The way from artists to a profile, and what is told on the way. */
import { createSession, extract, getProfile, pause } from './client';
import { Failure } from './failure';
import { currentSession, keepSession } from './session';
import type { ArtistChoice, Profile } from './types';

export type Stage = 'session' | 'extract' | 'transform' | 'profile' | 'ready';
export interface MakingState {
  stage: Stage;
  done: number;
  total: number;
}

/** For how long the service may hold its answer back: so often the number of tracks moves on the screen. */
const WAIT_MS = 2000;
/** Where it cannot hold an answer back, we ask no faster than this. */
const LEAST_PAUSE_MS = 1000;

async function sessionId(signal: AbortSignal): Promise<string> {
  const kept = currentSession();
  if (kept) return kept.session_id;
  const created = await createSession(signal);
  keepSession(created);
  return created.session_id;
}

/** What the service says so far. One answer that does not come in time is asked for again: nothing is lost by it. */
async function look(session: string, lang: string, signal: AbortSignal) {
  try {
    return await getProfile(session, lang, WAIT_MS, signal);
  } catch (error) {
    if (!(error instanceof Failure) || error.kind !== 'timeout') throw error;
    return getProfile(session, lang, WAIT_MS, signal);
  }
}

/** Polls until the profile is there. */
export async function awaitProfile(
  session: string,
  lang: string,
  tell: (state: MakingState) => void,
  signal: AbortSignal,
): Promise<Profile> {
  for (;;) {
    const asked = Date.now();
    const answer = await look(session, lang, signal);
    if (answer.ready) {
      keepSession(answer.profile);
      return answer.profile;
    }
    tell({ stage: answer.progress.stage, done: answer.progress.done, total: answer.progress.total });
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
  const session = await sessionId(signal);
  tell({ stage: 'extract', done: 0, total: 0 });
  const found = await extract(session, artists, signal);
  keepSession(found, 'artists');
  tell({ stage: 'transform', done: 0, total: found.tracks.length });
  return awaitProfile(session, lang, tell, signal);
}
