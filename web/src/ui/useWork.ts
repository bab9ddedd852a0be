import { useCallback, useEffect, useRef } from 'react';

/** One piece of work at a time: the next ends the one before, and leaving the page ends the last. */
export function useWork() {
  const work = useRef<AbortController>(undefined);
  const end = useCallback(() => work.current?.abort(), []);
  /** Gives the signal of what begins now. */
  const begin = useCallback(() => {
    end();
    work.current = new AbortController();
    return work.current.signal;
  }, [end]);
  useEffect(() => end, [end]);
  return { begin, end };
}
