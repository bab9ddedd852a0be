/* The calls of histories: bringing one, reading it over time, and setting two profiles side by side. */
import { ask, createSession } from '@/api/client';
import { Failure, failureOf } from '@/api/failure';
import type { components } from '@/api/schema';
import { currentSession, keepSession } from '@/api/session';
import { upload } from '@/api/upload';

type Schemas = components['schemas'];
export type Import = Schemas['Import'];
export type Timeline = Schemas['Timeline'];
export type Month = Schemas['TimelineMonth'];
export type Stretch = Schemas['Stretch'];
export type Comparison = Schemas['Comparison'];
export type ShareCode = Schemas['ShareCode'];

/* Years of plays over a slow line. */
const LONGEST_MS = 1_800_000;

/**
 * Sends the files of a history; it takes the place of what the session had. A Failure of kind "invalid" tells the
 * service's own sentence in detail.
 */
export async function importHistory(files: File[], lang: string, tell: (part: number) => void, signal: AbortSignal): Promise<Import> {
  const session = currentSession() ?? (await createSession(signal));
  const form = new FormData();
  /* The service reads a form as it comes in: what it must know of the files stands before them. */
  form.append('session_id', session.session_id);
  form.append('lang', lang);
  form.append('utc_offset_min', String(-new Date().getTimezoneOffset()));
  for (const file of files) form.append('file', file, file.name);
  const response = await upload({ path: '/import', form, session: session.session_id, longestMs: LONGEST_MS, tell, signal });
  if (!response.ok) {
    const failure = await failureOf(response);
    /* Here "not found" is said of the artists, not of the session. */
    throw failure.kind === 'gone' ? new Failure('invalid', failure.detail) : failure;
  }
  const answer = (await response.json().catch(() => null)) as Import | null;
  if (!answer?.report) throw new Failure('server');
  keepSession(session, 'history');
  return answer;
}

export async function getTimeline(session: string, lang: string, signal: AbortSignal): Promise<Timeline> {
  return (await ask('/timeline', { query: { lang }, session, signal, timeoutMs: 20_000 })).document as Timeline;
}

export async function shareNumbers(session: string): Promise<ShareCode> {
  return (await ask('/share', { method: 'POST', session })).document as ShareCode;
}

/** Asked for in a body: a friend's code is nothing for an address or a log. */
export async function compareWith(session: string, code: string, lang: string): Promise<Comparison> {
  const body = { session_id: session, with: code, lang };
  return (await ask('/compare', { method: 'POST', session, body })).document as Comparison;
}
