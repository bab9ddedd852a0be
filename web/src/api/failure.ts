/* What can go wrong with a call, as one of a few kinds that the texts have sentences for. */
import type { Problem } from './types';

export type FailureKind =
  | 'offline'
  | 'network'
  | 'timeout'
  | 'busy'
  | 'full'
  | 'server'
  | 'invalid'
  | 'unknown'
  | 'gone';

export class Failure extends Error {
  constructor(
    readonly kind: FailureKind,
    /** The service's own sentence, in English; only where it adds something. */
    readonly detail?: string,
    /** How long the service asked us to wait. */
    readonly retryAfterMs?: number,
  ) {
    super(detail ?? kind);
  }

  /** Whether asking again the same way may help. */
  get passing(): boolean {
    return this.kind === 'network' || this.kind === 'busy';
  }
}

export function isAbort(error: unknown): boolean {
  return error instanceof DOMException && error.name === 'AbortError';
}

export function asFailure(error: unknown): Failure {
  return error instanceof Failure ? error : new Failure('server');
}

/** 429 and 502 to 504 pass by themselves; everything else will not. */
function kindOf(status: number): FailureKind {
  if (status === 404 || status === 410) return 'gone';
  if (status === 429 || (status >= 502 && status <= 504)) return 'busy';
  if (status === 507) return 'full';
  return status >= 500 ? 'server' : 'invalid';
}

function retryAfter(header: string | null): number | undefined {
  const seconds = Number(header);
  return header && Number.isFinite(seconds) ? seconds * 1000 : undefined;
}

export async function failureOf(response: Response): Promise<Failure> {
  const problem: Partial<Problem> = await response.json().catch(() => ({}));
  const kind = kindOf(response.status);
  const detail = kind === 'invalid' || kind === 'gone' ? (problem.detail ?? problem.error) : undefined;
  return new Failure(kind, detail, retryAfter(response.headers.get('Retry-After')));
}
