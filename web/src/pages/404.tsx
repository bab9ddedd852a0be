import Head from 'next/head';

import { en } from '@/text/en';
import { fr } from '@/text/fr';
import { PageLink } from '@/ui/PageLink';

/** One page for both languages: nobody knows which one the reader of a wrong address wanted. */
export default function NotFound() {
  return (
    <main className="mx-auto grid w-full max-w-page gap-16 px-4 py-24 md:px-6">
      <Head>
        <title>{en.notFound.title}</title>
        <meta name="robots" content="noindex" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
      </Head>
      {[en, fr].map((t, i) => (
        <div key={t.lang} lang={t.lang}>
          {i === 0 ? (
            <h1 className="text-display">{t.notFound.heading}</h1>
          ) : (
            <p className="text-title font-semibold">{t.notFound.heading}</p>
          )}
          <p className="mt-3 mb-6">{t.notFound.text}</p>
          <PageLink href={t.lang === 'fr' ? '/fr' : '/'} className="button button-line">
            {t.notFound.go}
          </PageLink>
        </div>
      ))}
    </main>
  );
}
