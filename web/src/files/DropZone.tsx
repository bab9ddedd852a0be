/* "Or drop your music": audio files are sent, measured, and lead to the same profile page. */
import { useRouter } from 'next/router';
import { useCallback, useEffect, useId, useRef } from 'react';

import { pending } from '@/choose/choices';
import { useWords } from '@/text/context';
import { fileText } from '@/text/files';
import { Live } from '@/ui/Live';
import { Notice } from '@/ui/Notice';
import { FileList } from './FileList';
import { Sending } from './Sending';
import { ACCEPT } from './sort-files';
import type { Dropped } from './useDrop';
import { useFiles } from './useFiles';

interface Props {
  hasChoices: boolean;
  over: boolean;
  /** What was let go on the page and is for this zone. */
  dropped: Dropped | null;
}

export function DropZone({ hasChoices, over, dropped }: Props) {
  const { t, format, path } = useWords();
  const words = { ...t.choose.files, ...fileText[t.lang] };
  const router = useRouter();
  const id = useId();
  const go = useCallback(() => {
    pending.clear();
    void router.push(path('/profile'));
  }, [router, path]);
  const { state, take, stop } = useFiles(go);
  const takeSome = useCallback((files: File[]) => void (files.length && take(files)), [take]);
  const taken = useRef<Dropped | null>(null);
  useEffect(() => {
    if (!dropped || dropped === taken.current) return;
    taken.current = dropped;
    takeSome(dropped.sounds);
  }, [dropped, takeSome]);

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
      <div ref={end} className="grid justify-items-start gap-3">
        {outcome && <p className="text-caption font-medium">{outcome}</p>}
        {good > 0 && (
          <button type="button" className="button button-main" onClick={go}>
            {words.go(good)}
          </button>
        )}
      </div>
      <Live text={working && state.part === 1 ? stage : outcome} />
    </section>
  );
}
