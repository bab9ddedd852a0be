/* Where the browser cannot read a file: it is sent, measured by the service, and leads to the same profile page. */
import { useWords } from '@/text/context';
import { fileText } from '@/text/files';
import { Live } from '@/ui/Live';
import { Notice } from '@/ui/Notice';
import { FileButton } from './FileButton';
import { FileList } from './FileList';
import { Sending } from './Sending';
import { ACCEPT, sortFiles } from './sort-files';
import { useOutcomeInSight } from './useOutcomeInSight';
import { useSendFiles } from './useSendFiles';
import { useToProfile } from './useToProfile';

export function SendFiles({ hasChoices }: { hasChoices: boolean }) {
  const { t, format } = useWords();
  const words = fileText[t.lang];
  const go = useToProfile();
  const { state, take, stop } = useSendFiles(go);
  const end = useOutcomeInSight(state.kind);

  const items = state.kind === 'none' ? [] : state.kind === 'done' ? state.result : state.given;
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
        <FileButton label={words.choose} accept={ACCEPT} className="justify-self-start" onFiles={(files) => void take(sortFiles(files))} />
      )}
      {state.kind === 'failed' && (
        <Notice failure={state.failure} kept={hasChoices}>
          <button type="button" className="button button-line" onClick={() => void take(items)}>
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
