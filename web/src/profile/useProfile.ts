/* What the profile page shows, from the first look to erasing. */
import { useCallback, useEffect, useRef, useState } from 'react';

import { eraseSession } from '@/api/client';
import { asFailure, isAbort, type Failure } from '@/api/failure';
import { awaitProfile, makeProfile, type MakingState } from '@/api/make';
import { currentSession, forgetSession, hadSession } from '@/api/session';
import type { Profile } from '@/api/types';
import { pending, readChoices, setChoices, type Choice } from '@/choose/choices';
import { forgetMeasured, keptMeasured } from '@/measure/kept';

/** local: made in this browser, of what was measured here, and known to nobody else. */
export type From = 'artists' | 'files' | 'local';
export type ProfileState =
  | { kind: 'loading' }
  | { kind: 'making'; progress: MakingState }
  | { kind: 'ready'; profile: Profile; from: From; artists: Choice[]; updating: boolean; failure: Failure | null }
  | { kind: 'failed'; failure: Failure }
  | { kind: 'empty' }
  | { kind: 'gone' }
  | { kind: 'erased' };

const choicesOf = (profile: Profile): Choice[] => profile.artists.map(({ id, name, genres }) => ({ id, name, genres }));

function ready(profile: Profile): ProfileState {
  pending.clear();
  const from = !profile.session_id ? 'local' : currentSession()?.from === 'files' ? 'files' : 'artists';
  return { kind: 'ready', profile, from, artists: choicesOf(profile), updating: false, failure: null };
}

export function useProfile(lang: string) {
  const [state, setState] = useState<ProfileState>({ kind: 'loading' });
  const work = useRef<AbortController>(undefined);

  const begin = useCallback(() => {
    work.current?.abort();
    work.current = new AbortController();
    return work.current.signal;
  }, []);
  const tell = useCallback((progress: MakingState) => setState({ kind: 'making', progress }), []);

  /** Makes a profile from the choices, or shows the one that this browser's session has. */
  const start = useCallback(() => {
    const signal = begin();
    const choices = readChoices();
    const session = currentSession();
    const measured = keptMeasured();
    let work: Promise<Profile>;
    if (pending.is() && choices.length) {
      work = makeProfile(choices, lang, tell, signal);
    } else if (measured) {
      setState({ kind: 'loading' });
      work = import('@/measure/profile').then(({ localProfile }) => localProfile(measured, lang === 'fr' ? 'fr' : 'en'));
    } else if (session) {
      setState({ kind: 'loading' });
      work = awaitProfile(session.session_id, lang, tell, signal);
    } else {
      setState({ kind: hadSession() ? 'gone' : 'empty' });
      return;
    }
    work.then(
      (profile) => void (signal.aborted || setState(ready(profile))),
      (error: unknown) => {
        if (isAbort(error) || signal.aborted) return;
        const failure = asFailure(error);
        setState(failure.kind === 'gone' ? { kind: 'gone' } : { kind: 'failed', failure });
      },
    );
  }, [begin, lang, tell]);

  /** Makes it again from these artists, while the page keeps showing what it has. */
  const rescore = useCallback(
    (artists: Choice[]) => {
      const signal = begin();
      setChoices(artists);
      pending.set();
      setState((now) => (now.kind === 'ready' ? { ...now, artists, updating: true, failure: null } : now));
      makeProfile(artists, lang, () => {}, signal).then(
        (profile) => setState(ready(profile)),
        (error: unknown) => {
          if (isAbort(error)) return;
          const failure = asFailure(error);
          setState((now) => (now.kind === 'ready' ? { ...now, updating: false, failure } : now));
        },
      );
    },
    [begin, lang],
  );

  /** Makes a session of what was measured here, with these artists beside it. */
  const keep = useCallback(
    (artists: Choice[]) => {
      const signal = begin();
      const tracks = keptMeasured()?.tracks ?? [];
      setState((now) => (now.kind === 'ready' ? { ...now, updating: true, failure: null } : now));
      import('@/api/features')
        .then(({ keepAsSession }) => keepAsSession(tracks, artists, signal))
        .then((session) => awaitProfile(session, lang, () => {}, signal))
        .then(
          (profile) => setState(ready(profile)),
          (error: unknown) => {
            if (isAbort(error)) return;
            /* Once it is kept, its profile is only a matter of asking again. */
            if (!keptMeasured()) return start();
            const failure = asFailure(error);
            setState((now) => (now.kind === 'ready' ? { ...now, updating: false, failure } : now));
          },
        );
    },
    [begin, lang, start],
  );

  const makeAgain = useCallback(() => {
    forgetSession();
    pending.set();
    start();
  }, [start]);

  const expire = useCallback(() => {
    forgetMeasured();
    setState({ kind: 'gone' });
  }, []);

  /** Erases everything, here and there; throws a Failure when the service could not be told. */
  const erase = useCallback(async () => {
    const session = currentSession();
    if (session) await eraseSession(session.session_id);
    begin();
    forgetMeasured();
    forgetSession();
    pending.clear();
    setChoices([]);
    setState({ kind: 'erased' });
  }, [begin]);

  useEffect(() => {
    start();
    return () => work.current?.abort();
  }, [start]);

  return { state, start, rescore, keep, makeAgain, expire, erase };
}
