import type { AppProps } from 'next/app';
import { useRouter } from 'next/router';
import { useEffect } from 'react';

import '@/styles/global.css';

/** After a change of page the reader stands at its heading, or where the address says, and the document says its language. */
function useArrival() {
  const { events } = useRouter();
  useEffect(() => {
    const arrive = (url: string) => {
      document.documentElement.lang = /^\/fr(\/|$|\?|#)/.test(url) ? 'fr' : 'en';
      (document.getElementById(location.hash.slice(1)) ?? document.querySelector<HTMLElement>('main h1'))?.focus({ preventScroll: true });
    };
    events.on('routeChangeComplete', arrive);
    return () => events.off('routeChangeComplete', arrive);
  }, [events]);
}

export default function App({ Component, pageProps }: AppProps) {
  useArrival();
  return <Component {...pageProps} />;
}
