import { useEffect, useRef, type ReactNode } from 'react';

import { useChoices } from '@/choose/choices';
import { MakingView } from '@/making/MakingView';
import { useWords } from '@/text/context';
import { Layout } from '@/ui/Layout';
import { Live } from '@/ui/Live';
import { Notice } from '@/ui/Notice';
import { PageLink } from '@/ui/PageLink';
import { ProfileView } from './ProfileView';
import { useProfile } from './useProfile';

/* As high as the screen, so that nothing below moves when the profile takes its place. */
function Loading() {
  const { t } = useWords();
  return (
    <div className="min-h-dvh py-16">
      <h1 tabIndex={-1} className="text-title">
        {t.profile.heading}
      </h1>
      <p role="status" className="mt-2 text-ink-soft">
        {t.profile.loading}
      </p>
    </div>
  );
}

function Message({ heading, children, actions }: { heading: string; children: ReactNode; actions: ReactNode }) {
  const title = useRef<HTMLHeadingElement>(null);
  useEffect(() => title.current?.focus(), []);
  return (
    <div className="grid justify-items-start gap-4 py-16">
      <h1 ref={title} tabIndex={-1} className="text-display">
        {heading}
      </h1>
      <div className="max-w-text text-ink-soft">{children}</div>
      <div className="mt-2 flex flex-wrap gap-3">{actions}</div>
    </div>
  );
}

export function ProfilePage() {
  const { t, path } = useWords();
  const words = t.profile;
  const { state, start, rescore, keep, makeAgain, expire, erase } = useProfile(t.lang);
  const { choices } = useChoices();
  const toChoose = (label: string, look: string) => (
    <PageLink href={path('/choose')} className={`button ${look}`}>
      {label}
    </PageLink>
  );

  return (
    <Layout page="/profile" title={words.title} description={words.description}>
      <Live text={state.kind === 'ready' && !state.updating ? words.ready(state.profile.dominant_emotion) : ''} />
      {state.kind === 'loading' && <Loading />}
      {state.kind === 'making' && <MakingView state={state.progress} artists={choices.length} />}
      {state.kind === 'ready' && (
        <ProfileView
          profile={state.profile}
          from={state.from}
          artists={state.artists}
          tracks={state.tracks}
          updating={state.updating}
          failure={state.failure}
          onArtists={rescore}
          onKeep={keep}
          onExpire={expire}
          onErase={erase}
        />
      )}
      {state.kind === 'failed' && (
        <div className="grid gap-6 py-10">
          <h1 tabIndex={-1} className="text-title">
            {words.heading}
          </h1>
          <Notice failure={state.failure} kept={choices.length > 0}>
            <button type="button" className="button button-main" onClick={start}>
              {t.errors.retry}
            </button>
            {toChoose(t.errors.change, 'button-line')}
          </Notice>
        </div>
      )}
      {state.kind === 'empty' && (
        <Message heading={words.empty.heading} actions={toChoose(words.empty.go, 'button-main')}>
          {words.empty.text}
        </Message>
      )}
      {state.kind === 'gone' && (
        <Message
          heading={words.gone.heading}
          actions={
            <>
              {choices.length > 0 && (
                <button type="button" className="button button-main" onClick={makeAgain}>
                  {words.gone.again}
                </button>
              )}
              {toChoose(choices.length ? words.gone.other : words.empty.go, choices.length ? 'button-line' : 'button-main')}
            </>
          }
        >
          {words.gone.text} {choices.length > 0 && words.gone.kept(choices.length)}
        </Message>
      )}
      {state.kind === 'erased' && (
        <Message heading={words.erased.heading} actions={toChoose(words.erased.go, 'button-main')}>
          {words.erased.text}
        </Message>
      )}
    </Layout>
  );
}
