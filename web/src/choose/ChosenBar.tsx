/* The chosen artists and the way on: at the bottom of a phone, beside the search on a wide screen. */
import { useEffect, useRef } from 'react';

import { useWords } from '@/text/context';
import { CHOICES_GOOD, type Choice } from './choices';
import { ChipList } from './ChipList';
import { Dots } from './Dots';

interface Props {
  choices: Choice[];
  onRemove: (choice: Choice) => void;
  onRemoveAll: () => void;
  onExample: () => void;
  onGo: () => void;
}

export function ChosenBar({ choices, onRemove, onRemoveAll, onExample, onGo }: Props) {
  const { t } = useWords();
  const words = t.choose;
  const count = choices.length;
  const heading = useRef<HTMLHeadingElement>(null);
  const before = useRef(count);
  /* The button that removed the last one went with it. */
  useEffect(() => {
    if (!count && before.current && document.activeElement === document.body) heading.current?.focus({ preventScroll: true });
    before.current = count;
  }, [count]);

  return (
    <section aria-labelledby="chosen" className="chosen-bar">
      <div className="flex items-center justify-between gap-3">
        <h2 ref={heading} tabIndex={-1} id="chosen" className="sr-only font-semibold md:not-sr-only">
          {words.chosen}
        </h2>
        <Dots count={count} />
      </div>
      {count > 0 ? (
        <ChipList choices={choices} onRemove={onRemove} />
      ) : (
        <p className="hidden text-caption text-ink-soft md:block">{words.none}</p>
      )}
      <p className="text-caption text-ink-soft max-md:absolute max-md:top-3 max-md:right-4">{words.more(count)}</p>
      <div className="flex flex-wrap items-center gap-1">
        <button type="button" className="button button-main grow" disabled={count < CHOICES_GOOD} onClick={onGo}>
          {words.go}
        </button>
        {count > 0 && count < CHOICES_GOOD && (
          <button type="button" className="button button-quiet" onClick={onGo}>
            {words.goWith(count)}
          </button>
        )}
        {count === 0 && (
          <button type="button" className="button button-quiet" onClick={onExample}>
            {words.example}
          </button>
        )}
        {count >= CHOICES_GOOD && (
          <button type="button" className="button button-quiet max-md:hidden" onClick={onRemoveAll}>
            {words.removeAll}
          </button>
        )}
      </div>
    </section>
  );
}
