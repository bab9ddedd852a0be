/* The words of the page's language, and how it writes numbers, dates and lists. */
import { createContext, useContext, type ComponentType } from 'react';

import type { Lang, Text } from './en';

function formats(locale: string) {
  const percent = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 0 });
  const fine = new Intl.NumberFormat(locale, { style: 'percent', minimumFractionDigits: 1, maximumFractionDigits: 1 });
  const list = new Intl.ListFormat(locale, { type: 'conjunction' });
  const day = new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeZone: 'UTC' });
  const weekday = new Intl.DateTimeFormat(locale, { weekday: 'long' });
  const time = new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit' });
  /* Made once for each number of digits: tables hold hundreds of numbers. */
  const fixed = new Map<string, Intl.NumberFormat>();
  const write = (x: number, digits: number, signDisplay: 'auto' | 'exceptZero') => {
    const key = `${digits} ${signDisplay}`;
    const format = fixed.get(key) ?? new Intl.NumberFormat(locale, { minimumFractionDigits: digits, maximumFractionDigits: digits, signDisplay });
    fixed.set(key, format);
    return format.format(x);
  };
  return {
    percent: (x: number) => percent.format(x),
    percentFine: (x: number) => fine.format(x),
    number: (x: number, digits: number) => write(x, digits, 'auto'),
    signed: (x: number, digits: number) => write(x, digits, 'exceptZero'),
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
  path: (page: Page, lang?: Lang) => string;
}
export type Page = '/' | '/choose' | '/profile';

const WordsContext = createContext<Words | null>(null);

export function pathIn(page: Page, lang: Lang): string {
  if (lang === 'en') return page;
  return page === '/' ? '/fr' : `/fr${page}`;
}

/** A page in the words of one language, as the files under pages/ give it to Next. */
export function pageIn(text: Text, Page: ComponentType) {
  const words: Words = { t: text, format: formats(text.locale), path: (page, lang = text.lang) => pathIn(page, lang) };
  return function PageInWords() {
    return (
      <WordsContext.Provider value={words}>
        <Page />
      </WordsContext.Provider>
    );
  };
}

export function useWords(): Words {
  const words = useContext(WordsContext);
  if (!words) throw new Error('useWords outside of a page');
  return words;
}
