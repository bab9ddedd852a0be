/* Files on their way to the service: how far they are, what came of them, trying again, and the way to stop. */
import { useCallback, useState } from 'react';

import { asFailure, type Failure } from '@/api/failure';
import { useWork } from '@/ui/useWork';

/** Tells 0 when it begins to send: what is refused before that is never shown at work. */
export type Send<Given, Result> = (given: Given, tell: (part: number) => void, signal: AbortSignal) => Promise<Result>;
export type SendState<Given, Result> =
  | { kind: 'none' }
  /** part: how much is sent; 1 while the service reads or listens. */
  | { kind: 'working'; given: Given; part: number }
  | { kind: 'done'; result: Result }
  | { kind: 'failed'; given: Given; failure: Failure };

export function useSending<Given, Result>(send: Send<Given, Result>) {
  const [state, setState] = useState<SendState<Given, Result>>({ kind: 'none' });
  const { begin, end } = useWork();

  const stop = useCallback(() => {
    end();
    setState({ kind: 'none' });
  }, [end]);

  const take = useCallback(
    async (given: Given) => {
      const signal = begin();
      try {
        const result = await send(given, (part) => setState({ kind: 'working', given, part }), signal);
        if (!signal.aborted) setState({ kind: 'done', result });
      } catch (error) {
        if (!signal.aborted) setState({ kind: 'failed', given, failure: asFailure(error) });
      }
    },
    [begin, send],
  );
  return { state, take, stop };
}
