import { Head, Html, Main, NextScript, type DocumentProps } from 'next/document';

/* Asked for with the first answer, so that it is there for the first paint. */
const LATIN = String(
  new URL('../../node_modules/@fontsource-variable/inter/files/inter-latin-wght-normal.woff2', import.meta.url),
);

export default function Document({ __NEXT_DATA__: { page } }: DocumentProps) {
  return (
    <Html lang={page === '/fr' || page.startsWith('/fr/') ? 'fr' : 'en'}>
      <Head>
        <link rel="preload" href={LATIN} as="font" type="font/woff2" crossOrigin="anonymous" />
        <meta name="theme-color" content="#fafaf8" media="(prefers-color-scheme: light)" />
        <meta name="theme-color" content="#0c0c0e" media="(prefers-color-scheme: dark)" />
        <link rel="icon" href="/favicon.svg" type="image/svg+xml" />
        <link rel="manifest" href="/site.webmanifest" />
        {/* Not inline, for the content security policy; not deferred, so that no wrong theme flashes. */}
        <script src="/boot.js" />
      </Head>
      <body>
        <Main />
        <NextScript />
      </body>
    </Html>
  );
}
