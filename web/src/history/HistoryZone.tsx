/* "Bring your listening history": exports are sent and read, and the report says what became of each row. */
import { useEffect } from 'react';

import { FileButton } from '@/files/FileButton';
import { Sending } from '@/files/Sending';
import type { Dropped, Give } from '@/files/useDrop';
import { useOutcomeInSight } from '@/files/useOutcomeInSight';
import { useToProfile } from '@/files/useToProfile';
import { Zone } from '@/files/Zone';
import { SOUND } from '@/measure/paths';
import { useWords } from '@/text/context';
import { historyText } from '@/text/history';
import { Live } from '@/ui/Live';
import { Notice } from '@/ui/Notice';
import { Report } from './Report';
import { ACCEPT_HISTORY, isHistory, useImport } from './useImport';

const BYTES_A_MB = 1e6;

function HowTo() {
  const words = historyText[useWords().t.lang];
  return (
    <details className="fold">
      <summary>{words.how}</summary>
      <dl className="history-facts text-caption">
        {words.services.map(({ name, text }) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{text}</dd>
          </div>
        ))}
      </dl>
    </details>
  );
}

/** A button for files, and one for a folder: of that, only what may be an export leaves this computer. Sound never does. */
function Choose({ take, give }: { take: (files: File[]) => void; give: Give }) {
  const words = historyText[useWords().t.lang];
  return (
    <div className="flex flex-wrap gap-3">
      <FileButton label={words.choose} accept={ACCEPT_HISTORY} onFiles={(files) => (files.some(({ name }) => SOUND.test(name)) ? give : take)(files)} />
      <FileButton
        label={words.folder}
        folder
        className="pointer-coarse:hidden"
        onFiles={(files) => take(files.filter((file) => isHistory(file.name)))}
      />
    </div>
  );
}

interface Props {
  hasChoices: boolean;
  over: boolean;
  /** What was let go on the page, or chosen. */
  dropped: Dropped | null;
  give: Give;
}

export function HistoryZone({ hasChoices, over, dropped, give }: Props) {
  const { t, format } = useWords();
  const words = historyText[t.lang];
  const { state, take, stop } = useImport(t.lang);
  const go = useToProfile();
  const end = useOutcomeInSight(state.kind);
  useEffect(() => {
    if (dropped?.histories.length) void take(dropped.histories);
  }, [dropped, take]);

  const working = state.kind === 'working';
  const bytes = working ? state.given.reduce((sum, file) => sum + file.size, 0) : 0;
  const size = words.size(format.number(bytes / BYTES_A_MB, bytes < 10 * BYTES_A_MB ? 1 : 0));
  const stage = working ? (state.part < 1 ? words.sending(format.percent(state.part), size) : words.reading) : '';
  const aside = dropped?.histories.length ? dropped.aside : 0;
  const wrong = state.kind === 'failed' && state.failure.kind === 'invalid';

  return (
    <Zone heading={over ? words.drop : words.heading} over={over}>
      <p className="max-w-text text-caption text-ink-soft">
        {words.lede} {hasChoices && words.replaces}
      </p>
      {working ? (
        <Sending part={state.part} stage={stage} stop={words.stop} onStop={stop} />
      ) : (
        <Choose take={(files) => void take(files)} give={give} />
      )}
      {aside > 0 && <p className="text-caption">{words.soundsAside(aside)}</p>}
      <div ref={end} className="empty:hidden">
        {wrong && (
          <div role="alert" className="panel p-6">
            <p className="font-semibold">{words.wrong}</p>
            {state.failure.detail && (
              <p className="mt-1 text-caption text-ink-soft">
                {words.wrongDetail} <span lang="en">{state.failure.detail}.</span>
              </p>
            )}
          </div>
        )}
        {state.kind === 'failed' && !wrong && (
          <Notice failure={state.failure} kept={hasChoices}>
            <button type="button" className="button button-line" onClick={() => void take(state.given)}>
              {t.errors.retry}
            </button>
          </Notice>
        )}
        {state.kind === 'done' && <Report answer={state.result} onGo={go} />}
      </div>
      <HowTo />
      <Live text={working && state.part === 1 ? stage : state.kind === 'done' ? words.report.done(format.number(state.result.report.plays, 0)) : ''} />
    </Zone>
  );
}
