/* From a dropped export to the report on it. */
import { useCallback } from 'react';

import { Failure } from '@/api/failure';
import type { Import } from '@/api/types';
import { useSending, type Send } from '@/files/useSending';
import { importHistory } from './calls';

/* What an export may be called; the service looks into it. */
const HISTORY = /\.(json|jsonl|ndjson|csv|tsv|txt|zip|xlsx)$/i;
export const ACCEPT_HISTORY = '.json,.jsonl,.ndjson,.csv,.tsv,.txt,.zip,.xlsx';
export const isHistory = (name: string) => HISTORY.test(name);

export function useImport(lang: string) {
  const send = useCallback<Send<File[], Import>>(
    async (files, tell, signal) => {
      if (!files.length) throw new Failure('invalid'); /* a folder without any */
      tell(0);
      return importHistory(files, lang, tell, signal);
    },
    [lang],
  );
  return useSending(send);
}
