/* Beside a profile that was made in the browser: what that means, and the ways to take it further. */
import { useState } from 'react';

import { roomFor } from '@/api/features';
import type { Failure } from '@/api/failure';
import { readChoices, type Choice } from '@/choose/choices';
import { useWords } from '@/text/context';
import { measureText } from '@/text/measure';
import { download } from '@/ui/download';
import { Live } from '@/ui/Live';
import { Notice } from '@/ui/Notice';
import { PageLink } from '@/ui/PageLink';
import { toCsv, toJson } from './exports';
import type { MeasuredTrack } from './types';

interface Props {
  tracks: MeasuredTrack[];
  updating: boolean;
  failure: Failure | null;
  onKeep: (tracks: MeasuredTrack[], artists: Choice[]) => void;
}

export function LocalPanel({ tracks, updating, failure, onKeep }: Props) {
  const { t, format, path } = useWords();
  const words = measureText[t.lang].local;
  const [choices] = useState(readChoices);
  const [together, setTogether] = useState(false);
  const [news, setNews] = useState('');
  const artists = together ? choices : [];
  const save = (name: string, type: string, text: string) => {
    download(name, new Blob([text], { type }));
    setNews(words.exported(name));
  };
  return (
    <section aria-labelledby="local" className="no-print panel grid min-w-0 gap-4 p-6">
      <div>
        <h2 id="local" className="text-title">
          {words.heading}
        </h2>
        <p className="mt-1 text-caption text-ink-soft">{words.text(tracks.length)}</p>
      </div>
      {choices.length > 0 && (
        <label className="flex min-h-11 items-center gap-3 text-caption">
          <input type="checkbox" className="size-5 shrink-0" checked={together} onChange={(event) => setTogether(event.target.checked)} />
          {words.mix(format.list(choices.map(({ name }) => name)))}
        </label>
      )}
      <div>
        <button type="button" className="button button-main" disabled={updating} onClick={() => onKeep(tracks, artists)}>
          {updating ? words.keeping : words.keep}
        </button>
        <p className="mt-2 max-w-text text-caption text-ink-soft">
          {words.keepText} {tracks.length > roomFor(artists.length) && words.some(roomFor(artists.length))}
        </p>
      </div>
      {failure && <Notice failure={failure} />}
      <div className="flex flex-wrap items-center gap-2">
        <button type="button" className="button button-line" onClick={() => save('listening.csv', 'text/csv', toCsv(tracks))}>
          {words.csv}
        </button>
        <button type="button" className="button button-line" onClick={() => save('listening.json', 'application/json', toJson(tracks))}>
          {words.json}
        </button>
        <PageLink href={path('/choose')} className="button button-quiet">
          {words.other}
        </PageLink>
      </div>
      <Live text={news} shown />
    </section>
  );
}
