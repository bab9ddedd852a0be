/* "Or drop your music": audio files are measured here, in the browser, and lead to a profile that is made here too. */
import { useEffect, useRef } from 'react';

import { FileButton } from '@/files/FileButton';
import { SendFiles } from '@/files/SendFiles';
import type { Dropped, Give } from '@/files/useDrop';
import { useOutcomeInSight } from '@/files/useOutcomeInSight';
import { useToProfile } from '@/files/useToProfile';
import { Zone } from '@/files/Zone';
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
  /** What was let go on the page, or chosen. */
  dropped: Dropped | null;
  give: Give;
}

export function MeasureZone({ hasChoices, over, dropped, give }: Props) {
  const { t } = useWords();
  const words = measureText[t.lang];
  const files = t.choose.files;
  useOffline();
  const go = useToProfile();
  const { state, take, setPaused, stop } = useMeasure(go);
  const end = useOutcomeInSight(state.kind);
  const taken = useRef<Dropped | null>(null);
  useEffect(() => {
    if (!dropped || dropped === taken.current) return;
    taken.current = dropped;
    if (dropped.sounds.length) void take(dropped.sounds);
  }, [dropped, take]);

  const able = canMeasure();
  const items = state.kind === 'none' ? [] : state.items;
  const tracks = measured(items);
  const outcome =
    state.kind === 'failed' ? words.failed : state.kind === 'done' ? (tracks.length ? words.some(tracks.length, items.length) : words.none) : '';
  const aside = dropped?.sounds.length ? dropped.aside : 0;
  const goOn = () => {
    keepMeasured(tracks);
    go();
  };

  return (
    <Zone heading={over ? words.drop : files.heading} over={over}>
      <p className="max-w-text">{files.lede}</p>
      <p className="max-w-text text-caption text-ink-soft">
        {able ? words.kinds : words.unable} {hasChoices && words.replaces}
      </p>
      {state.kind === 'working' ? (
        <Progress state={state} words={words} onPause={setPaused} onStop={stop} />
      ) : (
        able && (
          <div className="flex flex-wrap gap-3">
            <FileButton label={files.choose} accept={ACCEPT_SOUND} onFiles={(some) => give(some, true)} />
            <FolderButton label={words.folder} looking={words.looking} nothing={words.nothing} onFiles={(some) => void take(some)} />
          </div>
        )
      )}
      {aside > 0 && <p className="text-caption">{words.aside(aside)}</p>}
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
          <SendFiles hasChoices={hasChoices} />
        </details>
      )}
      <Live text={outcome} />
    </Zone>
  );
}
