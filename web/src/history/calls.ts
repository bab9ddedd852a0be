/* The calls of histories: bringing one, reading it over time, and setting two profiles side by side. */
import { ask, openSession } from '@/api/client';
import { Failure, failureOf } from '@/api/failure';
import { keepSession } from '@/api/session';
import type { Comparison, Import, ShareCode, Timeline } from '@/api/types';
import { upload } from '@/api/upload';

/* Years of plays over a slow line. */
const LONGEST_MS = 1_800_000;

/**
 * Sends the files of a history; it takes the place of what the session had. A Failure of kind "invalid" tells the
 * service's own sentence in detail.
 */
export async function importHistory(files: File[], lang: string, tell: (part: number) => void, signal: AbortSignal): Promise<Import> {
  const session = await openSession(signal);
  const { session_id } = session;
  const fields = { session_id, lang, utc_offset_min: String(-new Date().getTimezoneOffset()) };
  const response = await upload({ path: '/import', files, fields, session: session_id, longestMs: LONGEST_MS, tell, signal });
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
