/* What the profile page shows, from the first look to erasing. */
import { useCallback, useEffect, useState } from 'react';

import { eraseSession } from '@/api/client';
import { asFailure, isAbort, type Failure } from '@/api/failure';
import { awaitProfile, makeProfile, type MakingState } from '@/api/make';
import { beingErased, currentSession, eraseBy, forgetSession, hadSession } from '@/api/session';
import type { Profile } from '@/api/types';
import { pending, readChoices, setChoices, type Choice } from '@/choose/choices';
import { forgetMeasured, keptMeasured, type Kept } from '@/measure/kept';
import type { MeasuredTrack } from '@/measure/types';
import type { Lang } from '@/text/en';
import { useWork } from '@/ui/useWork';

/** local: made in this browser, of what was measured here, and known to nobody else. */
export type From = 'artists' | 'files' | 'local';
/* tracks: what a local profile is made of; another tab may have measured something else since */
export type ProfileState =
  | { kind: 'loading' }
  | { kind: 'making'; progress: MakingState }
  | { kind: 'ready'; profile: Profile; from: From; artists: Choice[]; tracks: MeasuredTrack[]; updating: boolean; failure: Failure | null }
  | { kind: 'failed'; failure: Failure }
  | { kind: 'empty' }
  | { kind: 'gone' }
  | { kind: 'erased' };

const choicesOf = (profile: Profile): Choice[] => profile.artists.map(({ id, name, genres }) => ({ id, name, genres }));

function ready(profile: Profile, measured: Kept | null = null): ProfileState {
  pending.clear();
  /* The profile tells it itself: its answer may be all that came of what was broken off. */
  const ofFiles = profile.artists.some(({ id }) => id.startsWith('audio:'));
  const from = !profile.session_id ? 'local' : ofFiles ? 'files' : 'artists';
  const tracks = (from === 'local' && measured?.tracks) || [];
  return { kind: 'ready', profile, from, artists: choicesOf(profile), tracks, updating: false, failure: null };
}

/** The profile that was asked for, or that this browser has; null when there is neither. */
function wanted(measured: Kept | null, lang: Lang, tell: (progress: MakingState) => void, signal: AbortSignal): Promise<Profile> | null {
  const choices = readChoices();
  const session = currentSession();
  if (pending.is() && choices.length) return makeProfile(choices, lang, tell, signal);
  if (measured) return import('@/measure/profile').then(({ localProfile }) => localProfile(measured, lang));
  return session && awaitProfile(session.session_id, lang, tell, signal);
}

async function eraseAll(): Promise<void> {
  pending.clear();
  const session = currentSession();
  if (session) await eraseSession(session.session_id);
  forgetMeasured();
  forgetSession();
  pending.clear();
  setChoices([]);
}

/** A session that no profile was made in: what was to fill it was broken off. */
function neverUsed(): boolean {
  const session = currentSession();
  return session !== null && !session.from;
}

export function useProfile(lang: Lang) {
  const [state, setState] = useState<ProfileState>({ kind: 'loading' });
  const { begin, end } = useWork();
  const tell = useCallback((progress: MakingState) => setState({ kind: 'making', progress }), []);
  const show = useCallback((profile: Profile) => setState(ready(profile)), []);
  /** Changes what stands beside a profile that is shown. */
  const amend = useCallback(
    (change: Partial<Extract<ProfileState, { kind: 'ready' }>>) => setState((now) => (now.kind === 'ready' ? { ...now, ...change } : now)),
    [],
  );

  /** Makes a profile from the choices, or shows the one that this browser's session has. */
  const start = useCallback(() => {
    const signal = begin();
    setState({ kind: 'loading' });
    const erased = beingErased();
    if (erased) {
      erased.then(
        () => void (signal.aborted || setState({ kind: 'erased' })),
        () => void (signal.aborted || start()),
      );
      return;
    }
    const measured = keptMeasured();
    const profile = wanted(measured, lang, tell, signal);
    if (!profile) {
      setState({ kind: hadSession() ? 'gone' : 'empty' });
      return;
    }
    profile.then(
      (made) => void (signal.aborted || setState(ready(made, measured))),
      (error: unknown) => {
        if (isAbort(error) || signal.aborted) return;
        const failure = asFailure(error);
        if (failure.kind === 'gone') setState({ kind: neverUsed() ? 'empty' : 'gone' });
        else setState({ kind: 'failed', failure });
      },
    );
  }, [begin, lang, tell]);

  /** Makes it again from these artists, while the page keeps showing what it has. */
  const rescore = useCallback(
    (artists: Choice[]) => {
      if (beingErased()) return;
      const signal = begin();
      setChoices(artists);
      pending.set();
      amend({ artists, updating: true, failure: null });
      makeProfile(artists, lang, () => {}, signal).then(show, (error: unknown) => {
        if (!isAbort(error)) amend({ updating: false, failure: asFailure(error) });
      });
    },
    [amend, begin, lang, show],
  );

  /** Makes a session of tracks that were measured here, with these artists beside them. */
  const keep = useCallback(
    (tracks: MeasuredTrack[], artists: Choice[]) => {
      if (beingErased()) return;
      const signal = begin();
      let kept = false;
      amend({ updating: true, failure: null });
      import('@/api/features')
        .then(({ keepAsSession }) => keepAsSession(tracks, artists, signal))
        .then((session) => {
          kept = true;
          return awaitProfile(session, lang, () => {}, signal);
        })
        .then(show, (error: unknown) => {
          if (isAbort(error)) return;
          /* Once it is kept, its profile is only a matter of asking again. */
          if (kept) start();
          else amend({ updating: false, failure: asFailure(error) });
        });
    },
    [amend, begin, lang, show, start],
  );

  const makeAgain = useCallback(() => {
    forgetSession();
    pending.set();
    start();
  }, [start]);

  const expire = useCallback(() => {
    keptMeasured(); /* forgets what has run out, and not what another tab measured since */
    setState({ kind: 'gone' });
  }, []);

  const before = state.kind === 'ready' && state.updating && state.from === 'artists' ? choicesOf(state.profile) : null;
  /** Erases everything, here and there; throws a Failure when the service could not be told. */
  const erase = useCallback(async () => {
    end();
    /* Erasing may fail: then these are the artists of what is shown, as before the "what if" that it ended. */
    if (before) setChoices(before);
    amend({ updating: false, ...(before && { artists: before }) });
    await eraseBy(eraseAll());
    setState({ kind: 'erased' });
  }, [amend, before, end]);

  useEffect(start, [start]);

  return { state, start, rescore, keep, makeAgain, expire, erase };
}
