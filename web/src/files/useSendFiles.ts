/* From files that are sent to measured ones. */
import { useCallback } from 'react';

import { measureFiles } from '@/api/analyze';
import type { Item } from './sort-files';
import { useSending, type Send } from './useSending';

export function useSendFiles(onAllMeasured: () => void) {
  const send = useCallback<Send<Item[], Item[]>>(
    async (items, tell, signal) => {
      const sent = items.filter((item) => !item.problem);
      if (!sent.length) return items;
      tell(0);
      const rows = await measureFiles(sent.map((item) => item.file), tell, signal);
      const result = items.map((item): Item => {
        const row = rows[sent.indexOf(item)];
        if (!row) return item;
        return row.error === undefined ? { ...item, measured: true } : { ...item, problem: 'unreadable', detail: row.error };
      });
      if (result.every((item) => item.measured)) onAllMeasured();
      return result;
    },
    [onAllMeasured],
  );
  return useSending(send);
}
