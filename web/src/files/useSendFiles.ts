/* From files that are sent to measured ones. */
import { useCallback, useEffect, useRef, useState } from 'react';

import { measureFiles } from '@/api/analyze';
import { asFailure, isAbort, type Failure } from '@/api/failure';
import { sortFiles, type Item } from './sort-files';

type SendState =
  | { kind: 'none' }
  /** part: how much is sent; 1 while the service listens. */
  | { kind: 'working'; items: Item[]; part: number }
  | { kind: 'done'; items: Item[] }
  | { kind: 'failed'; items: Item[]; failure: Failure };

export function useSendFiles(onAllMeasured: () => void) {
  const [state, setState] = useState<SendState>({ kind: 'none' });
  const work = useRef<AbortController>(undefined);
  useEffect(() => () => work.current?.abort(), []);

  const stop = useCallback(() => {
    work.current?.abort();
    setState({ kind: 'none' });
  }, []);

  const take = useCallback(
    async (files: File[]) => {
      work.current?.abort();
      const control = new AbortController();
      work.current = control;
      const items = sortFiles(files);
      const sent = items.filter((item) => !item.problem);
      if (!sent.length) {
        setState({ kind: 'done', items });
        return;
      }
      setState({ kind: 'working', items, part: 0 });
      try {
        const tell = (part: number) => setState({ kind: 'working', items, part });
        const rows = await measureFiles(sent.map((item) => item.file), tell, control.signal);
        const result = items.map((item): Item => {
          const row = rows[sent.indexOf(item)];
          if (!row) return item;
          return row.error === undefined ? { ...item, measured: true } : { ...item, problem: 'unreadable', detail: row.error };
        });
        setState({ kind: 'done', items: result });
        if (result.every((item) => item.measured)) onAllMeasured();
      } catch (error) {
        if (!isAbort(error)) setState({ kind: 'failed', items, failure: asFailure(error) });
      }
    },
    [onAllMeasured],
  );
  return { state, take, stop };
}
