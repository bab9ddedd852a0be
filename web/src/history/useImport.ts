/* From a dropped export to the report on it. */
import { useCallback, useEffect, useRef, useState } from 'react';

import { asFailure, Failure, isAbort } from '@/api/failure';
import { importHistory, type Import } from './calls';

/* What an export may be called; the service looks into it. */
const HISTORY = /\.(json|jsonl|ndjson|csv|tsv|txt|zip|xlsx)$/i;
export const ACCEPT_HISTORY = '.json,.jsonl,.ndjson,.csv,.tsv,.txt,.zip,.xlsx';
export const isHistory = (name: string) => HISTORY.test(name);

export type ImportState =
  | { kind: 'none' }
  /** part: how much is sent; 1 while the service reads. */
  | { kind: 'working'; files: File[]; part: number }
  | { kind: 'done'; report: Import }
  | { kind: 'failed'; files: File[]; failure: Failure };

export function useImport(lang: string) {
  const [state, setState] = useState<ImportState>({ kind: 'none' });
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
      if (!files.length) {
        setState({ kind: 'failed', files, failure: new Failure('invalid') });
        return;
      }
      setState({ kind: 'working', files, part: 0 });
      try {
        const tell = (part: number) => setState({ kind: 'working', files, part });
        setState({ kind: 'done', report: await importHistory(files, lang, tell, control.signal) });
      } catch (error) {
        if (!isAbort(error)) setState({ kind: 'failed', files, failure: asFailure(error) });
      }
    },
    [lang],
  );
  return { state, take, stop };
}
