/* Remove or add an artist, and the page is worked out again around you. */
import { useEffect, useRef, useState } from 'react';

import type { Failure } from '@/api/failure';
import { ArtistSearch } from '@/choose/ArtistSearch';
import { ChipList } from '@/choose/ChipList';
import type { Choice } from '@/choose/choices';
import { useWords } from '@/text/context';
import { Notice } from '@/ui/Notice';

interface Props {
  artists: Choice[];
  updating: boolean;
  failure: Failure | null;
  onArtists: (artists: Choice[]) => void;
}

export function WhatIf({ artists, updating, failure, onArtists }: Props) {
  const { t } = useWords();
  const words = t.profile.artists;
  const [news, setNews] = useState('');
  const shown = useRef<HTMLParagraphElement>(null);
  useEffect(() => {
    if (failure) shown.current?.scrollIntoView({ block: 'nearest' });
  }, [failure]);

  const remove = (artist: Choice) => {
    if (artists.length === 1) {
      setNews(words.last);
      return;
    }
    setNews(t.choose.removed(artist.name, artists.length - 1));
    onArtists(artists.filter((a) => a.id !== artist.id));
  };
  return (
    <section aria-labelledby="what-if" className="no-print panel min-w-0 p-6">
      <h2 id="what-if" className="text-title">
        {words.heading}
      </h2>
      <p className="mt-1 mb-4 text-caption text-ink-soft">{words.lede}</p>
      <ChipList choices={artists} onRemove={remove} />
      {artists.length === 1 && <p className="mt-2 text-caption text-ink-soft">{words.last}</p>}
      <div className="mt-4">
        <ArtistSearch
          choices={artists}
          onAdd={(artist) => {
            setNews(t.choose.added(artist.name, artists.length + 1));
            onArtists([...artists, artist]);
          }}
          onRemoveLast={() => {
            const last = artists[artists.length - 1];
            if (last) remove(last);
          }}
          news={news}
          say={setNews}
        />
      </div>
      <p role="status" className="mt-2 min-h-6 text-caption text-ink-soft" ref={shown}>
        {updating ? t.profile.updating : ''}
      </p>
      {failure && (
        <Notice failure={failure} kept>
          <button type="button" className="button button-line" onClick={() => onArtists(artists)}>
            {t.errors.retry}
          </button>
        </Notice>
      )}
    </section>
  );
}
