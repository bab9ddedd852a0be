/* The search field: an ARIA 1.2 combobox whose list stands open under it while there are results. */
import { useEffect, useId, useRef, useState, type KeyboardEvent } from 'react';

import type { Artist } from '@/api/types';
import { useWords } from '@/text/context';
import { CloseIcon, SearchIcon } from '@/ui/icons';
import { Live } from '@/ui/Live';
import { Notice } from '@/ui/Notice';
import { CHOICES_MAX, type Choice } from './choices';
import { ResultRow } from './ResultRow';
import { useArtistSearch } from './useArtistSearch';

interface Props {
  choices: Choice[];
  onAdd: (choice: Choice) => void;
  onRemoveLast: () => void;
  /** The sentence to say after the last change of the choices. */
  news: string;
  say: (sentence: string) => void;
  /** The id of the sentence that says how the field works. */
  describedBy?: string;
}

export function ArtistSearch({ choices, onAdd, onRemoveLast, news, say, describedBy }: Props) {
  const { t } = useWords();
  const words = t.choose;
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  const { text, setText, state, artists, retry } = useArtistSearch();
  const [active, setActive] = useState(0);
  const [closed, setClosed] = useState(false);
  const open = artists.length > 0 && !closed;
  const full = choices.length >= CHOICES_MAX;

  useEffect(() => setActive(0), [artists]);
  useEffect(() => {
    if (open) document.getElementById(`${id}-${active}`)?.scrollIntoView?.({ block: 'nearest' });
  }, [open, active, id]);

  const choose = (artist: Artist) => {
    if (choices.some((c) => c.id === artist.id)) say(words.alreadyChosen(artist.name));
    else if (full) say(words.full);
    else {
      onAdd({ id: artist.id, name: artist.name, genres: artist.genres });
      setText('');
    }
    input.current?.focus();
  };

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    const move = (to: number) => {
      event.preventDefault();
      setClosed(false);
      setActive((to + artists.length) % artists.length);
    };
    const artist = artists[active];
    if (event.key === 'ArrowDown' && artists.length) move(open ? active + 1 : 0);
    else if (event.key === 'ArrowUp' && artists.length) move(open ? active - 1 : artists.length - 1);
    else if (event.key === 'Enter' && open && artist) {
      event.preventDefault();
      choose(artist);
    } else if (event.key === 'Escape') {
      event.preventDefault(); /* a search field would clear itself */
      if (open) setClosed(true);
      else setText('');
    } else if (event.key === 'Backspace' && text === '' && choices.length) {
      event.preventDefault();
      onRemoveLast();
    }
  };

  return (
    <div>
      <label htmlFor={`${id}-field`} className="sr-only">
        {words.label}
      </label>
      <div className="relative">
        <span className="pointer-events-none absolute inset-y-0 left-4 grid place-items-center text-ink-soft">
          <SearchIcon />
        </span>
        <input
          ref={input}
          id={`${id}-field`}
          className="field px-12"
          type="search"
          role="combobox"
          aria-autocomplete="list"
          aria-expanded={open}
          aria-controls={`${id}-list`}
          aria-activedescendant={open ? `${id}-${active}` : undefined}
          aria-describedby={describedBy}
          autoComplete="off"
          autoCorrect="off"
          autoCapitalize="words"
          spellCheck={false}
          enterKeyHint="search"
          maxLength={100}
          dir="auto"
          placeholder={words.placeholder}
          value={text}
          onChange={(event) => {
            setText(event.target.value);
            setClosed(false);
          }}
          onKeyDown={onKeyDown}
        />
        {text && (
          <button
            type="button"
            className="icon-button absolute top-1.5 right-1.5"
            aria-label={words.clear}
            onClick={() => {
              setText('');
              input.current?.focus();
            }}
          >
            <CloseIcon />
          </button>
        )}
      </div>
      {full && text !== '' && (
        <p className="panel mt-2 px-4 py-3 text-caption">
          {words.full}
        </p>
      )}
      <ul id={`${id}-list`} role="listbox" aria-label={words.results} hidden={!open} className="mt-2">
        {artists.map((artist, i) => (
          <ResultRow
            key={artist.id}
            id={`${id}-${i}`}
            artist={artist}
            active={open && i === active}
            chosen={choices.some((c) => c.id === artist.id)}
            full={full}
            onPick={() => choose(artist)}
            onPoint={() => setActive(i)}
          />
        ))}
      </ul>
      {state.kind === 'searching' && !artists.length && (
        <p className="appears-late px-5 py-6 text-caption text-ink-soft">{words.searching}</p>
      )}
      {state.kind === 'found' && !state.artists.length && (
        <div className="px-5 py-6">
          <p className="font-medium">{words.nobody(state.words)}</p>
          <p className="text-ink-soft">{words.nobodyHint}</p>
        </div>
      )}
      {state.kind === 'failed' && (
        <div className="mt-4">
          <Notice failure={state.failure} kept={choices.length > 0}>
            <button type="button" className="button button-line" onClick={retry}>
              {t.errors.retry}
            </button>
          </Notice>
        </div>
      )}
      <Live text={state.kind === 'found' ? words.found(state.artists.length) : ''} />
      <Live text={news} />
    </div>
  );
}
