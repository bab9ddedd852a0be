/* The words of the page's language, and how it writes numbers, dates and lists. */
import { createContext, useContext, useMemo, type ReactNode } from 'react';

import type { Text } from './en';

function formats(locale: string) {
  const percent = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 0 });
  const fine = new Intl.NumberFormat(locale, { style: 'percent', minimumFractionDigits: 1, maximumFractionDigits: 1 });
  const list = new Intl.ListFormat(locale, { type: 'conjunction' });
  const day = new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeZone: 'UTC' });
  const weekday = new Intl.DateTimeFormat(locale, { weekday: 'long' });
  const time = new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit' });
  return {
    percent: (x: number) => percent.format(x),
    percentFine: (x: number) => fine.format(x),
    number: (x: number, digits: number) =>
      new Intl.NumberFormat(locale, { minimumFractionDigits: digits, maximumFractionDigits: digits }).format(x),
    signed: (x: number, digits: number) =>
      new Intl.NumberFormat(locale, {
        minimumFractionDigits: digits,
        maximumFractionDigits: digits,
        signDisplay: 'exceptZero',
      }).format(x),
    list: (words: string[]) => list.format(words),
    day: (iso: string) => day.format(new Date(iso)),
    weekday: (iso: string) => weekday.format(new Date(iso)),
    time: (iso: string) => time.format(new Date(iso)),
  };
}

export interface Words {
  t: Text;
  format: ReturnType<typeof formats>;
  /** The address of a page in this language: path('/choose') is "/fr/choose" in French. */
  path: (page: Page, lang?: Text['lang']) => string;
}
export type Page = '/' | '/choose' | '/profile';

const WordsContext = createContext<Words | null>(null);

export function pathIn(page: Page, lang: Text['lang']): string {
  if (lang === 'en') return page;
  return page === '/' ? '/fr' : `/fr${page}`;
}

export function WordsProvider({ text, children }: { text: Text; children: ReactNode }) {
  const words = useMemo<Words>(
    () => ({
      t: text,
      format: formats(text.locale),
      path: (page, lang = text.lang) => pathIn(page, lang),
    }),
    [text],
  );
  return <WordsContext.Provider value={words}>{children}</WordsContext.Provider>;
}

export function useWords(): Words {
  const words = useContext(WordsContext);
  if (!words) throw new Error('useWords outside WordsProvider');
  return words;
}
