/* What every page has: head, skip link, header, main, footer. */
import type { ReactNode } from 'react';

import { useWords, type Page } from '@/text/context';
import { PageHead } from './PageHead';
import { PageLink } from './PageLink';
import { write } from './storage';
import { ThemeSwitch } from './ThemeSwitch';

export function Layout({
  page,
  title,
  description,
  children,
}: {
  page: Page;
  title: string;
  description: string;
  children: ReactNode;
}) {
  const { t, path } = useWords();
  const other = t.otherLanguage;
  return (
    <>
      <PageHead page={page} title={title} description={description} />
      <a href="#content" className="skip-link button button-main">
        {t.skip}
      </a>
      <header className="no-print mx-auto flex h-16 w-full max-w-page items-center gap-1 px-4 md:px-6">
        <PageLink href={path('/')} className="-ml-2 mr-auto inline-flex min-h-11 items-center rounded-lg px-2 font-semibold tracking-tight">
          {t.site}
        </PageLink>
        <PageLink
          href={path(page, other.lang)}
          lang={other.lang}
          hrefLang={other.lang}
          className="inline-flex min-h-11 items-center rounded-control px-3 text-caption hover:bg-wash"
          onClick={() => write('listening.lang', other.lang)}
        >
          {other.name}
        </PageLink>
        <ThemeSwitch />
      </header>
      <main id="content" tabIndex={-1} className="mx-auto w-full max-w-page grow px-4 md:px-6">
        {children}
      </main>
      {/* On a phone the bar of chosen artists lies over the end of the page. */}
      <footer className={`no-print mx-auto w-full max-w-page px-4 py-10 text-caption text-ink-soft md:px-6 ${page === '/choose' ? 'max-md:pb-52' : ''}`}>
        <p className="max-w-text">{t.footer.line}</p>
      </footer>
    </>
  );
}
