/* Calls to the API: a time limit, an end when the caller has lost interest, and patience with passing failures. */
import { asFailure, Failure, failureOf, isAbort } from './failure';
import { beingErased, currentSession, keepSession, type KeptSession } from './session';
import type { ArtistChoice, Profile, Progress, SearchResult, Session, TopTracks } from './types';

export const apiBase = process.env.NEXT_PUBLIC_API ?? '';
const PAUSES_MS = [400, 1200, 3000];
const LONGEST_PAUSE_MS = 8000;

interface Call {
  method?: 'GET' | 'POST' | 'DELETE';
  query?: Record<string, string>;
  body?: unknown;
  session?: string;
  signal?: AbortSignal;
  timeoutMs?: number;
  /** How often it is asked again when no answer came in time; not at all, when not said. */
  timeoutRetries?: number;
}
interface Answer {
  status: number;
  document: unknown;
}

async function once(path: string, call: Call): Promise<Answer> {
  /* Ends with the caller's signal or with the time: AbortSignal.any is too new for some browsers that we serve. */
  const limit = new AbortController();
  const stop = () => limit.abort();
  const timer = setTimeout(stop, call.timeoutMs ?? 10_000);
  if (call.signal?.aborted) stop();
  else call.signal?.addEventListener('abort', stop);
  const query = call.query ? `?${new URLSearchParams(call.query)}` : '';
  const headers: Record<string, string> = { Accept: 'application/json' };
  if (call.body !== undefined) headers['Content-Type'] = 'application/json';
  if (call.session) headers['X-Session-Id'] = call.session;
  try {
    const response = await fetch(`${apiBase}${path}${query}`, {
      method: call.method ?? 'GET',
      headers,
      body: call.body === undefined ? undefined : JSON.stringify(call.body),
      signal: limit.signal,
      cache: 'no-store',
      credentials: 'omit',
      referrerPolicy: 'no-referrer',
    });
    if (!response.ok) throw await failureOf(response);
    return { status: response.status, document: response.status === 204 ? null : await response.json() };
  } catch (error) {
    if (error instanceof Failure) throw error;
    if (call.signal?.aborted) throw new DOMException('no longer wanted', 'AbortError');
    if (limit.signal.aborted) throw new Failure('timeout');
    if (error instanceof SyntaxError) throw new Failure('server');
    throw new Failure(navigator.onLine ? 'network' : 'offline');
  } finally {
    clearTimeout(timer);
    call.signal?.removeEventListener('abort', stop);
  }
}

export function pause(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer);
      reject(new DOMException('no longer wanted', 'AbortError'));
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', stop);
      resolve();
    }, ms);
    if (signal?.aborted) stop();
    else signal?.addEventListener('abort', stop, { once: true });
  });
}

export async function ask(path: string, call: Call): Promise<Answer> {
  let timeoutsLeft = call.timeoutRetries ?? 0;
  for (let attempt = 0; ; attempt++) {
    try {
      return await once(path, call);
    } catch (error) {
      if (isAbort(error)) throw error;
      const failure = asFailure(error);
      const again = failure.kind === 'timeout' ? timeoutsLeft-- > 0 : failure.passing;
      const ms = PAUSES_MS[attempt];
      if (!again || ms === undefined) throw failure;
      await pause(Math.min(failure.retryAfterMs ?? ms, LONGEST_PAUSE_MS), call.signal);
    }
  }
}

/** This browser's session, or a new one, kept before anything is sent: what is broken off can be erased too. */
export async function openSession(signal: AbortSignal): Promise<KeptSession> {
  await beingErased()?.catch(() => {});
  const kept = currentSession();
  if (kept) return kept;
  const made = (await ask('/create-session', { method: 'POST', signal })).document as Session;
  signal.throwIfAborted();
  keepSession(made);
  return made;
}

export async function searchArtists(words: string, signal: AbortSignal): Promise<SearchResult> {
  return (await ask('/search', { query: { q: words, limit: '8' }, signal })).document as SearchResult;
}

export async function extract(session: string, artists: ArtistChoice[], signal?: AbortSignal): Promise<TopTracks> {
  const call: Call = { method: 'POST', session, body: { session_id: session, artists }, signal, timeoutMs: 30_000 };
  try {
    return (await ask('/extract-simulate', call)).document as TopTracks;
  } catch (error) {
    /* Here "not found" is said of an artist, not of the session. */
    if (error instanceof Failure && error.kind === 'gone') throw new Failure('unknown', error.detail);
    throw error;
  }
}

export type ProfileAnswer = { ready: true; profile: Profile } | { ready: false; progress: Progress };

/** Waits up to waitMs for the profile; says how far it is when it is not ready by then. Nothing is lost by asking twice. */
export async function getProfile(
  session: string,
  lang: string,
  waitMs: number,
  signal?: AbortSignal,
): Promise<ProfileAnswer> {
  const answer = await ask('/getProfile', {
    query: { lang, wait: String(waitMs) },
    session,
    signal,
    timeoutMs: waitMs + 10_000,
    timeoutRetries: 1,
  });
  return answer.status === 202
    ? { ready: false, progress: answer.document as Progress }
    : { ready: true, profile: answer.document as Profile };
}

export async function eraseSession(session: string): Promise<void> {
  await ask('/session', { method: 'DELETE', session });
}
