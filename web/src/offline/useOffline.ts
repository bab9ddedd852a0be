/* From here on the pages work without a network: /sw.js (tools/sw.js with the list of files) keeps them. */
import { useEffect } from 'react';

type WithConnection = Navigator & { connection?: { saveData?: boolean } };

export function useOffline() {
  useEffect(() => {
    const saving = (navigator as WithConnection).connection?.saveData;
    if (process.env.NODE_ENV !== 'production' || !('serviceWorker' in navigator) || saving) return;
    /* Where it is refused (private windows, old browsers) the pages are as they were. */
    navigator.serviceWorker.register('/sw.js', { scope: '/', updateViaCache: 'none' }).catch(() => {});
  }, []);
}
