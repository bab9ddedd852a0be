/* "Or drop your music": audio files are measured here, in the browser, and lead to a profile that is made here too. */
import { useRouter } from 'next/router';
import { useCallback, useEffect, useId, useRef } from 'react';

import { pending } from '@/choose/choices';
import { DropZone } from '@/files/DropZone';
import type { Dropped } from '@/files/useDrop';
import { useOffline } from '@/offline/useOffline';
import { useWords } from '@/text/context';
import { fileText } from '@/text/files';
import { measureText } from '@/text/measure';
import { Live } from '@/ui/Live';
import { FolderButton } from './FolderButton';
import { keepMeasured } from './kept';
import { canMeasure } from './measuring';
import { MeasureList } from './MeasureList';
import { ACCEPT_SOUND } from './paths';
import { Progress } from './Progress';
import { measured, useMeasure } from './useMeasure';

interface Props {
  hasChoices: boolean;
  over: boolean;
  /** What was let go on the page and is for this zone. */
  dropped: Dropped | null;
}

export function MeasureZone({ hasChoices, over, dropped }: Props) {
  const { t, path } = useWords();
  const words = measureText[t.lang];
  const files = t.choose.files;
  const router = useRouter();
  const id = useId();
  useOffline();
  const go = useCallback(() => {
    pending.clear();
    void router.push(path('/profile'));
  }, [router, path]);
  const { state, take, setPaused, stop } = useMeasure(go);
  const takeSome = useCallback((some: File[]) => void (some.length && take(some)), [take]);
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

  const able = canMeasure();
  const items = state.kind === 'none' ? [] : state.items;
  const tracks = measured(items);
  const outcome =
    state.kind === 'failed' ? words.failed : state.kind === 'done' ? (tracks.length ? words.some(tracks.length, items.length) : words.none) : '';
  const goOn = () => {
    keepMeasured(tracks);
    go();
  };

  return (
    <section aria-labelledby={id} className={`drop-zone ${over ? 'drop-zone-over' : ''}`}>
      <h2 id={id} className="font-semibold">
        {over ? words.drop : files.heading}
      </h2>
      <p className="max-w-text">{files.lede}</p>
      <p className="max-w-text text-caption text-ink-soft">
        {able ? words.kinds : words.unable} {hasChoices && words.replaces}
      </p>
      {state.kind === 'working' ? (
        <Progress state={state} words={words} onPause={setPaused} onStop={stop} />
      ) : (
        able && (
          <div className="flex flex-wrap gap-3">
            <label className="choice">
              <input
                type="file"
                multiple
                accept={ACCEPT_SOUND}
                onChange={(event) => {
                  takeSome(Array.from(event.target.files ?? []));
                  event.target.value = '';
                }}
              />
              {files.choose}
            </label>
            <FolderButton label={words.folder} looking={words.looking} nothing={words.nothing} onFiles={takeSome} />
          </div>
        )
      )}
      {items.length > 0 && <MeasureList items={items} words={words} />}
      <div ref={end} className="grid justify-items-start gap-3 empty:hidden">
        {outcome && <p className="text-caption font-medium">{outcome}</p>}
        {state.kind !== 'working' && tracks.length > 0 && (
          <button type="button" className="button button-main" onClick={goOn}>
            {words.go(tracks.length)}
          </button>
        )}
      </div>
      {state.kind !== 'working' && (
        <details className="fold" open={!able || state.kind === 'failed' || undefined}>
          <summary>{fileText[t.lang].service}</summary>
          <DropZone hasChoices={hasChoices} />
        </details>
      )}
      <Live text={outcome} />
    </section>
  );
}
