import Head from 'next/head';
import { useEffect, useState } from 'react';

import { pathIn, useWords, type Page } from '@/text/context';

/** Canonical and language links need the site's address: told at build time, else read where the page stands. */
export function PageHead({ page, title, description }: { page: Page; title: string; description: string }) {
  const { t } = useWords();
  const [site, setSite] = useState(process.env.NEXT_PUBLIC_SITE ?? '');
  useEffect(() => setSite((told) => told || window.location.origin), []);
  return (
    <Head>
      <title>{title}</title>
      <meta name="description" content={description} />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <meta property="og:title" content={title} />
      <meta property="og:description" content={description} />
      <meta property="og:type" content="website" />
      {page === '/profile' && <meta name="referrer" content="no-referrer" />}
      {site && <link key="canonical" rel="canonical" href={site + pathIn(page, t.lang)} />}
      {site && <link key="en" rel="alternate" hrefLang="en" href={site + pathIn(page, 'en')} />}
      {site && <link key="fr" rel="alternate" hrefLang="fr" href={site + pathIn(page, 'fr')} />}
      {site && <link key="default" rel="alternate" hrefLang="x-default" href={site + pathIn(page, 'en')} />}
    </Head>
  );
}
