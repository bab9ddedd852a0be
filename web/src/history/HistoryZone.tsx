/* "Bring your listening history": exports are sent and read, and the report says what became of each row. */
import { useRouter } from 'next/router';
import { useCallback, useEffect, useId, useRef } from 'react';

import { pending } from '@/choose/choices';
import { Sending } from '@/files/Sending';
import { isHistory } from '@/files/sort-files';
import type { Dropped } from '@/files/useDrop';
import { useWords } from '@/text/context';
import { historyText } from '@/text/history';
import { Live } from '@/ui/Live';
import { Notice } from '@/ui/Notice';
import { Report } from './Report';
import { useImport } from './useImport';

const ACCEPT = '.json,.jsonl,.ndjson,.csv,.tsv,.txt,.zip,.xlsx';
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

/** A button for files, and one for all the files of a folder where the browser has that. */
function Choose({ take }: { take: (files: File[]) => void }) {
  const words = historyText[useWords().t.lang];
  const folder = useRef<HTMLInputElement>(null);
  useEffect(() => folder.current?.setAttribute('webkitdirectory', ''), []);
  const taken = (input: HTMLInputElement) => {
    const files = Array.from(input.files ?? []);
    /* Of a folder, only what may be an export leaves this computer. */
    if (files.length) take(input === folder.current ? files.filter((file) => isHistory(file.name)) : files);
    input.value = '';
  };
  return (
    <div className="flex flex-wrap gap-3">
      <label className="choice">
        <input type="file" multiple accept={ACCEPT} onChange={(event) => taken(event.target)} />
        {words.choose}
      </label>
      <label className="choice pointer-coarse:hidden">
        <input ref={folder} type="file" multiple onChange={(event) => taken(event.target)} />
        {words.folder}
      </label>
    </div>
  );
}

interface Props {
  hasChoices: boolean;
  over: boolean;
  /** What was let go on the page and is for this zone. */
  dropped: Dropped | null;
}

export function HistoryZone({ hasChoices, over, dropped }: Props) {
  const { t, format, path } = useWords();
  const words = historyText[t.lang];
  const router = useRouter();
  const id = useId();
  const { state, take, stop } = useImport(t.lang);
  const go = useCallback(() => {
    pending.clear();
    void router.push(path('/profile'));
  }, [router, path]);
  useEffect(() => {
    if (dropped?.histories.length) void take(dropped.histories);
  }, [dropped, take]);

  /* The outcome may lie under the bar at a phone's foot. */
  const end = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (state.kind === 'done' || state.kind === 'failed') end.current?.scrollIntoView({ block: 'nearest' });
  }, [state.kind]);

  const working = state.kind === 'working';
  const bytes = working ? state.files.reduce((sum, file) => sum + file.size, 0) : 0;
  const size = words.size(format.number(bytes / BYTES_A_MB, bytes < 10 * BYTES_A_MB ? 1 : 0));
  const stage = working ? (state.part < 1 ? words.sending(format.percent(state.part), size) : words.reading) : '';
  const aside = dropped?.histories.length ? dropped.soundsAside : 0;
  const wrong = state.kind === 'failed' && state.failure.kind === 'invalid';

  return (
    <section aria-labelledby={id} className={`drop-zone ${over ? 'drop-zone-over' : ''}`}>
      <h2 id={id} className="font-semibold">
        {over ? words.drop : words.heading}
      </h2>
      <p className="max-w-text text-caption text-ink-soft">
        {words.lede} {hasChoices && words.replaces}
      </p>
      {working ? (
        <Sending part={state.part} stage={stage} stop={words.stop} onStop={stop} />
      ) : (
        <Choose take={(files) => void take(files)} />
      )}
      {aside > 0 && <p className="text-caption">{words.soundsAside(aside)}</p>}
      <div ref={end}>
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
            <button type="button" className="button button-line" onClick={() => void take(state.files)}>
              {t.errors.retry}
            </button>
          </Notice>
        )}
        {state.kind === 'done' && <Report answer={state.report} onGo={go} />}
      </div>
      <HowTo />
      <Live text={working && state.part === 1 ? stage : state.kind === 'done' ? words.report.done(format.number(state.report.report.plays, 0)) : ''} />
    </section>
  );
}
