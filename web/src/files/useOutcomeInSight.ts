import { useEffect, useRef } from 'react';

/** For what tells the outcome: it may lie under the bar at a phone's foot when the work has ended. */
export function useOutcomeInSight(kind: 'none' | 'working' | 'done' | 'failed') {
  const ref = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (kind === 'done' || kind === 'failed') ref.current?.scrollIntoView({ block: 'nearest' });
  }, [kind]);
  return ref;
}
