import { Head, Html, Main, NextScript, type DocumentProps } from 'next/document';

export default function Document({ __NEXT_DATA__: { page } }: DocumentProps) {
  return (
    <Html lang={page === '/fr' || page.startsWith('/fr/') ? 'fr' : 'en'}>
      <Head>
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
