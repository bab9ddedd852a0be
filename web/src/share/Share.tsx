import { useEffect, useMemo, useState } from 'react';

import { isAbort } from '@/api/failure';
import type { Profile } from '@/api/types';
import { cardFacts } from '@/profile/card-facts';
import { useWords } from '@/text/context';
import { useDetails } from '@/text/details';
import { copyText } from '@/ui/copy';
import { download } from '@/ui/download';
import { FORMATS, type FormatId } from './formats';
import { usePicture } from './usePicture';

const IDS = Object.keys(FORMATS) as FormatId[];

/** The numbers without the key to them. */
function publicJson(profile: Profile): string {
  const { session_id: _, ...rest } = profile;
  return `${JSON.stringify(rest, null, 2)}\n`;
}

function Formats({ chosen, onChoose }: { chosen: FormatId; onChoose: (id: FormatId) => void }) {
  const words = useDetails().share;
  return (
    <fieldset>
      <legend className="mb-2 text-caption text-ink-soft">{words.format}</legend>
      <div className="flex flex-wrap gap-2">
        {IDS.map((id) => (
          <label key={id} className="choice">
            <input type="radio" name="format" value={id} checked={id === chosen} onChange={() => onChoose(id)} />
            <span>
              {words.formats[id].name}
              <span className="block text-caption font-normal opacity-75 tabular-nums">{words.formats[id].size}</span>
            </span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}

export function Share({ profile }: { profile: Profile }) {
  const all = useWords();
  const words = useDetails().share;
  const [id, setId] = useState<FormatId>('story');
  const [news, setNews] = useState('');
  const [canShare, setCanShare] = useState(false);
  const facts = useMemo(() => cardFacts(profile, all), [profile, all]);
  const { ref, picture, failed } = usePicture(facts, id);
  const { width, height } = FORMATS[id];
  const alt = words.alt(
    facts.emotion,
    facts.then,
    facts.genres.join(', '),
    facts.figures[0]?.text ?? '',
    facts.figures[1]?.text ?? '',
  );
  const fileName = `listening-${id}.png`;
  const file = useMemo(() => picture && new File([picture.blob], fileName, { type: 'image/png' }), [picture, fileName]);
  useEffect(() => setCanShare(Boolean(file && navigator.canShare?.({ files: [file] }))), [file]);

  const copy = async (text: string, done: string) => setNews((await copyText(text)) ? done : words.failed);
  const share = () => {
    if (!file) return;
    navigator.share({ files: [file], title: all.t.site, text: alt }).catch((error: unknown) => {
      if (!isAbort(error)) setNews(words.failed);
    });
  };

  return (
    <div ref={ref} className="grid gap-6 md:grid-cols-[minmax(0,24rem)_1fr] md:gap-16">
      <div className="share-stage">
        {picture ? (
          <img src={picture.url} alt={alt} width={width} height={height} className="share-picture" />
        ) : (
          <p role="status" className="text-caption text-ink-soft">
            {failed ? words.failed : words.drawing}
          </p>
        )}
      </div>
      <div className="grid content-start justify-items-start gap-6">
        <p className="max-w-text text-ink-soft">{words.lede}</p>
        <Formats chosen={id} onChoose={setId} />
        <div className="flex flex-wrap gap-3">
          {canShare && (
            <button type="button" className="button button-main" onClick={share}>
              {words.share}
            </button>
          )}
          <button
            type="button"
            className={`button ${canShare ? 'button-line' : 'button-main'}`}
            disabled={!picture}
            onClick={() => {
              if (!picture) return;
              download(fileName, picture.blob);
              setNews(words.downloaded);
            }}
          >
            {words.download}
          </button>
          <button type="button" className="button button-line" onClick={() => void copy(publicJson(profile), words.copied)}>
            {words.copy}
          </button>
          <button type="button" className="button button-quiet" onClick={() => void copy(alt, words.altCopied)}>
            {words.copyAlt}
          </button>
        </div>
        <p role="status" className="min-h-6 text-caption">
          {news}
        </p>
      </div>
    </div>
  );
}
