/* Sends audio files to be measured. They take the place of what the session had. */
import { openSession } from './client';
import { Failure, failureOf } from './failure';
import { keepSession } from './session';
import type { Analysis } from './types';
import { upload } from './upload';

export interface Outcome {
  /** The service's sentence, in English, when nothing could be measured. */
  error?: string;
}
const LONGEST_MS = 300_000;

/**
 * What became of each file, in their order. part goes from 0 to 1 while they are sent; what follows is the measuring.
 */
export async function measureFiles(files: File[], tell: (part: number) => void, signal: AbortSignal): Promise<Outcome[]> {
  const session = await openSession(signal);
  const response = await upload({ path: '/analyze', files, session: session.session_id, longestMs: LONGEST_MS, tell, signal });
  if (!response.ok) {
    const failure = await failureOf(response);
    /* The form is ours, so what is wrong with it is wrong with the files: none could be read. */
    if (failure.kind === 'invalid') return files.map(() => ({ error: failure.detail ?? '' }));
    throw failure.kind === 'gone' ? new Failure('server') : failure;
  }
  const answer = (await response.json().catch(() => null)) as Analysis | null;
  if (answer?.tracks.length !== files.length) throw new Failure('server');
  keepSession(session, 'files');
  return answer.tracks.map((track) => ('error' in track ? { error: track.error } : {}));
}
