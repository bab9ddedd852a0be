/* The search field: an ARIA 1.2 combobox whose list stands open under it while there are results. */
import { useEffect, useId, useRef, useState, type ComponentProps, type KeyboardEvent, type RefObject } from 'react';

import type { Artist } from '@/api/types';
import { useWords } from '@/text/context';
import { CloseIcon, SearchIcon } from '@/ui/icons';
import { Live } from '@/ui/Live';
import { Notice } from '@/ui/Notice';
import { CHOICES_MAX, type Choice } from './choices';
import { ResultRow } from './ResultRow';
import { useArtistSearch, type SearchState } from './useArtistSearch';

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

interface FieldProps extends Omit<ComponentProps<'input'>, 'ref'> {
  ref: RefObject<HTMLInputElement | null>;
  onText: (text: string) => void;
}

/** The field with its sign, and a button that clears it while there is something in it. */
function SearchField({ ref, onText, ...field }: FieldProps) {
  const words = useWords().t.choose;
  return (
    <div className="relative">
      <span className="pointer-events-none absolute inset-y-0 left-4 grid place-items-center text-ink-soft">
        <SearchIcon />
      </span>
      <input
        ref={ref}
        className="field px-12"
        type="search"
        role="combobox"
        aria-autocomplete="list"
        autoComplete="off"
        autoCorrect="off"
        autoCapitalize="words"
        spellCheck={false}
        enterKeyHint="search"
        maxLength={100}
        dir="auto"
        placeholder={words.placeholder}
        onChange={(event) => onText(event.target.value)}
        {...field}
      />
      {field.value && (
        <button
          type="button"
          className="icon-button absolute top-1.5 right-1.5"
          aria-label={words.clear}
          onClick={() => {
            onText('');
            ref.current?.focus();
          }}
        >
          <CloseIcon />
        </button>
      )}
    </div>
  );
}

/** In place of results: that they are on their way, that there are none, or that the search failed. */
function Outcome({ state, kept, onRetry }: { state: SearchState; kept: boolean; onRetry: () => void }) {
  const { t } = useWords();
  const words = t.choose;
  if (state.kind === 'searching' && !state.before.length)
    return <p className="appears-late px-5 py-6 text-caption text-ink-soft">{words.searching}</p>;
  if (state.kind === 'found' && !state.artists.length)
    return (
      <div className="px-5 py-6">
        <p className="font-medium">{words.nobody(state.words)}</p>
        <p className="text-ink-soft">{words.nobodyHint}</p>
      </div>
    );
  if (state.kind === 'failed')
    return (
      <div className="mt-4">
        <Notice failure={state.failure} kept={kept}>
          <button type="button" className="button button-line" onClick={onRetry}>
            {t.errors.retry}
          </button>
        </Notice>
      </div>
    );
  return null;
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

  const isChosen = ({ id: wanted }: Artist) => choices.some((choice) => choice.id === wanted);
  const choose = (artist: Artist) => {
    if (isChosen(artist)) say(words.alreadyChosen(artist.name));
    else if (full) say(words.full);
    else {
      onAdd({ id: artist.id, name: artist.name, genres: artist.genres });
      setText('');
    }
    input.current?.focus();
  };

  const move = (to: number) => {
    setClosed(false);
    setActive((to + artists.length) % artists.length);
  };
  const pointed = artists[active];
  const actions: Record<string, (() => void) | false> = {
    ArrowDown: artists.length > 0 && (() => move(open ? active + 1 : 0)),
    ArrowUp: artists.length > 0 && (() => move(open ? active - 1 : artists.length - 1)),
    Enter: open && pointed !== undefined && (() => choose(pointed)),
    /* a search field would clear itself at once */
    Escape: () => (open ? setClosed(true) : setText('')),
    Backspace: text === '' && choices.length > 0 && onRemoveLast,
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const act = !event.nativeEvent.isComposing && actions[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  };

  return (
    <div>
      <label htmlFor={`${id}-field`} className="sr-only">
        {words.label}
      </label>
      <SearchField
        ref={input}
        id={`${id}-field`}
        aria-expanded={open}
        aria-controls={`${id}-list`}
        aria-activedescendant={open ? `${id}-${active}` : undefined}
        aria-describedby={describedBy}
        value={text}
        onText={(typed) => {
          setText(typed);
          setClosed(false);
        }}
        onKeyDown={onKeyDown}
      />
      {full && text !== '' && <p className="panel mt-2 px-4 py-3 text-caption">{words.full}</p>}
      <ul id={`${id}-list`} role="listbox" aria-label={words.results} hidden={!open} className="mt-2">
        {artists.map((artist, i) => (
          <ResultRow
            key={artist.id}
            id={`${id}-${i}`}
            artist={artist}
            active={open && i === active}
            chosen={isChosen(artist)}
            full={full}
            onPick={() => choose(artist)}
            onPoint={() => setActive(i)}
          />
        ))}
      </ul>
      <Outcome state={state} kept={choices.length > 0} onRetry={retry} />
      <Live text={state.kind === 'found' ? words.found(state.artists.length) : ''} />
      <Live text={news} />
    </div>
  );
}
