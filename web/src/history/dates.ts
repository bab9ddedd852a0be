/* Months, weekdays and hours in the page's language. */
import { useMemo } from 'react';

import { useWords } from '@/text/context';

/* The first of January 2024 was a Monday, and weeks here begin with it. */
const MONDAY = Date.UTC(2024, 0, 1);
const DAY_MS = 86_400_000;

export function useDates() {
  const { t } = useWords();
  return useMemo(() => {
    const month = new Intl.DateTimeFormat(t.locale, { month: 'long', year: 'numeric', timeZone: 'UTC' });
    const days = (weekday: 'long' | 'short') => {
      const format = new Intl.DateTimeFormat(t.locale, { weekday, timeZone: 'UTC' });
      return Array.from({ length: 7 }, (_, day) => format.format(MONDAY + day * DAY_MS));
    };
    return {
      /** "2023-06" as "June 2023". */
      month: (iso: string) => month.format(new Date(`${iso}-01T00:00:00Z`)),
      days: days('long'),
      shortDays: days('short'),
    };
  }, [t.locale]);
}
