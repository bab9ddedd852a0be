/* Search as one types: a short rest after each key, and only the newest question counts. */
import { useCallback, useEffect, useState } from 'react';

import { searchArtists } from '@/api/client';
import { asFailure, isAbort, type Failure } from '@/api/failure';
import type { Artist } from '@/api/types';

const REST_MS = 120;

export type SearchState =
  | { kind: 'idle' }
  | { kind: 'searching'; before: Artist[] }
  | { kind: 'found'; words: string; artists: Artist[] }
  | { kind: 'failed'; failure: Failure };

/* The same list each time: who watches it sees no change. */
const NOBODY: Artist[] = [];
const shownIn = (state: SearchState): Artist[] =>
  state.kind === 'found' ? state.artists : state.kind === 'searching' ? state.before : NOBODY;

export function useArtistSearch() {
  const [text, setText] = useState('');
  const [state, setState] = useState<SearchState>({ kind: 'idle' });
  const [attempt, setAttempt] = useState(0);
  const words = text.trim();

  useEffect(() => {
    if (!words) {
      setState({ kind: 'idle' });
      return;
    }
    const stop = new AbortController();
    setState((before) => ({ kind: 'searching', before: shownIn(before) }));
    const timer = setTimeout(() => {
      searchArtists(words, stop.signal).then(
        ({ artists }) => setState({ kind: 'found', words, artists }),
        (error: unknown) => {
          if (!isAbort(error)) setState({ kind: 'failed', failure: asFailure(error) });
        },
      );
    }, REST_MS);
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  }, [words, attempt]);

  const retry = useCallback(() => setAttempt((n) => n + 1), []);
  return { text, setText, state, artists: shownIn(state), retry };
}
