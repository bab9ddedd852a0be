/* The session of this browser: its id is the only key to the profile, and it lasts a day. */
import { forgetMeasured } from '@/measure/kept';
import { read, remove, write } from '@/ui/storage';

export interface KeptSession {
  session_id: string;
  expires_at: string;
  /** What its profile was last seen to be made from; nothing while none was. */
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

/* Of the whole tab, not of a page: in the other language another page takes this one's place. */
let erasing: Promise<void> | null = null;

/** Resolves when all is erased and fails when it could not be; null when nothing is being erased. */
export const beingErased = () => erasing;

/** While it is erased nothing is begun anew: it would be there again afterwards. */
export function eraseBy(work: Promise<void>): Promise<void> {
  erasing = work.finally(() => (erasing = null));
  return erasing;
}
