/* The session of this browser: its id is the only key to the profile, and it lasts a day. */
import { forgetMeasured } from '@/measure/kept';
import { read, remove, write } from '@/ui/storage';

export interface KeptSession {
  session_id: string;
  expires_at: string;
  /** What its profile is made from: of audio files or a history, nothing can be asked "what if". */
  from?: 'artists' | 'files' | 'history';
}
const KEY = 'listening.session';

function isExpired(session: KeptSession): boolean {
  return Date.parse(session.expires_at) <= Date.now();
}

export function currentSession(): KeptSession | null {
  const kept = read<KeptSession>(KEY);
  return kept?.session_id && kept.expires_at && !isExpired(kept) ? kept : null;
}

/** Whether this browser had a session that has run out. */
export function hadSession(): boolean {
  return read<KeptSession>(KEY) !== null;
}

/** What it is made from stays as it was, when it is not said; a new profile takes the place of what was measured here. */
export function keepSession({ session_id, expires_at }: KeptSession, from?: KeptSession['from']): void {
  if (from) forgetMeasured();
  write(KEY, { session_id, expires_at, from: from ?? currentSession()?.from });
}

export function forgetSession(): void {
  remove(KEY);
}
