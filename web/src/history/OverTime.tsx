/* A history over time: emotions by month, turning points, the week, then and now. */
import { useCallback, useEffect, useState } from 'react';

import { asFailure, isAbort, type Failure } from '@/api/failure';
import type { Profile, Timeline } from '@/api/types';
import { Section } from '@/profile/Section';
import { useWords } from '@/text/context';
import { overTimeText } from '@/text/overtime';
import { Notice } from '@/ui/Notice';
import { getTimeline } from './calls';
import { Changes } from './Changes';
import { useDates } from './dates';
import { Ridgeline } from './Ridgeline';
import { ThenNow } from './ThenNow';
import { WeekMap } from './WeekMap';

type State = { kind: 'loading' } | { kind: 'there'; timeline: Timeline } | { kind: 'failed'; failure: Failure };

function useTimeline(session: string, lang: string) {
  const [state, setState] = useState<State>({ kind: 'loading' });
  const [tries, setTries] = useState(0);
  useEffect(() => {
    const control = new AbortController();
    setState({ kind: 'loading' });
    getTimeline(session, lang, control.signal).then(
      (timeline) => setState({ kind: 'there', timeline }),
      (error: unknown) => {
        if (!isAbort(error)) setState({ kind: 'failed', failure: asFailure(error) });
      },
    );
    return () => control.abort();
  }, [session, lang, tries]);
  return { state, retry: useCallback(() => setTries((n) => n + 1), []) };
}

function Charts({ timeline }: { timeline: Timeline }) {
  const { t } = useWords();
  const words = overTimeText[t.lang].time;
  return (
    <>
      <h3 className="mb-1 font-semibold">{words.emotions.heading}</h3>
      <Ridgeline timeline={timeline} />
      <Changes timeline={timeline} />
      <div className="mt-10 grid gap-10 md:grid-cols-2 md:gap-16">
        <div className="min-w-0">
          <h3 className="mb-1 font-semibold">{words.hours.heading}</h3>
          <WeekMap hours={timeline.hours} />
        </div>
        <div className="min-w-0">
          <h3 className="mb-1 font-semibold">{words.year.heading}</h3>
          <ThenNow year={timeline.year} />
        </div>
      </div>
    </>
  );
}

export function OverTime({ profile, history }: { profile: Profile; history: NonNullable<Profile['history']> }) {
  const { t, format } = useWords();
  const words = overTimeText[t.lang].time;
  const dates = useDates();
  const { state, retry } = useTimeline(profile.session_id, t.lang);
  const { plays, first_month, last_month, matched_share } = history;
  return (
    <Section title={words.heading} id="over-time" className="md:col-span-2">
      <p className="mb-6 max-w-text text-ink-soft">
        {words.coverage(format.number(plays, 0), dates.month(first_month), dates.month(last_month), format.percent(matched_share))}{' '}
        {words.estimated}
      </p>
      {state.kind === 'loading' && (
        <p role="status" className="min-h-dvh text-ink-soft">
          {words.loading}
        </p>
      )}
      {state.kind === 'failed' && (
        <Notice failure={state.failure}>
          <button type="button" className="button button-line" onClick={retry}>
            {t.errors.retry}
          </button>
        </Notice>
      )}
      {state.kind === 'there' && state.timeline.months.length > 0 && <Charts timeline={state.timeline} />}
    </Section>
  );
}
