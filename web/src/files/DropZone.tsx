/* Where the browser cannot read a file: it is sent, measured by the service, and leads to the same profile page. */
import { useRouter } from 'next/router';
import { useCallback, useEffect, useRef } from 'react';

import { pending } from '@/choose/choices';
import { useWords } from '@/text/context';
import { fileText } from '@/text/files';
import { Live } from '@/ui/Live';
import { Notice } from '@/ui/Notice';
import { FileList } from './FileList';
import { Sending } from './Sending';
import { ACCEPT } from './sort-files';
import { useFiles } from './useFiles';

export function DropZone({ hasChoices }: { hasChoices: boolean }) {
  const { t, format, path } = useWords();
  const words = fileText[t.lang];
  const router = useRouter();
  const go = useCallback(() => {
    pending.clear();
    void router.push(path('/profile'));
  }, [router, path]);
  const { state, take, stop } = useFiles(go);
  const takeSome = (files: File[]) => void (files.length && take(files));

  /* The outcome may lie under the bar at a phone's foot. */
  const end = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (state.kind === 'done' || state.kind === 'failed') end.current?.scrollIntoView({ block: 'nearest' });
  }, [state.kind]);

  const items = state.kind === 'none' ? [] : state.items;
  const sent = items.filter((item) => !item.problem).length;
  const good = items.filter((item) => item.measured).length;
  const working = state.kind === 'working';
  const stage = working ? (state.part < 1 ? words.sending(format.percent(state.part)) : words.measuring(sent)) : '';
  const outcome = state.kind === 'done' ? (good ? words.some(good, items.length) : words.none) : '';

  return (
    <div className="grid gap-3 pt-2">
      <p className="max-w-text text-caption text-ink-soft">
        {words.lede} {hasChoices && words.replaces}
      </p>
      {working ? (
        <Sending part={state.part} stage={stage} stop={words.stop} onStop={stop} />
      ) : (
        <label className="choice justify-self-start">
          <input
            type="file"
            multiple
            accept={ACCEPT}
            onChange={(event) => {
              takeSome(Array.from(event.target.files ?? []));
              event.target.value = '';
            }}
          />
          {words.choose}
        </label>
      )}
      {state.kind === 'failed' && (
        <Notice failure={state.failure} kept={hasChoices}>
          <button type="button" className="button button-line" onClick={() => takeSome(items.map((item) => item.file))}>
            {t.errors.retry}
          </button>
        </Notice>
      )}
      {items.length > 0 && <FileList items={items} words={words} />}
      <div ref={end} className="grid justify-items-start gap-3 empty:hidden">
        {outcome && <p className="text-caption font-medium">{outcome}</p>}
        {good > 0 && (
          <button type="button" className="button button-main" onClick={go}>
            {words.go(good)}
          </button>
        )}
      </div>
      <Live text={working && state.part === 1 ? stage : outcome} />
    </div>
  );
}
