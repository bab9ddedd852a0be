import { useEffect, useRef } from 'react';

import { useWords } from '@/text/context';
import { CloseIcon } from '@/ui/icons';
import { Monogram } from '@/ui/Monogram';
import type { Choice } from './choices';

interface Props {
  choices: Choice[];
  onRemove: (choice: Choice) => void;
  disabled?: boolean;
}

/** Chosen artists; a whole chip removes its artist, so that the target is large. */
export function ChipList({ choices, onRemove, disabled }: Props) {
  const { t } = useWords();
  const list = useRef<HTMLUListElement>(null);
  const removed = useRef<number | null>(null);
  const before = useRef(choices.length);

  /* The newest chip comes into view; after a removal the focus goes to the neighbour. */
  useEffect(() => {
    const count = choices.length;
    if (count > before.current) list.current?.scrollTo({ left: list.current.scrollWidth, top: list.current.scrollHeight });
    if (count < before.current && removed.current !== null) {
      const chips = list.current?.querySelectorAll('button');
      chips?.[Math.min(removed.current, count - 1)]?.focus({ preventScroll: true });
    }
    before.current = count;
    removed.current = null;
  }, [choices.length]);

  return (
    <ul ref={list} className="chip-row" aria-label={t.choose.chosen}>
      {choices.map((choice, i) => (
        <li key={choice.id} className="max-w-full shrink-0">
          <button
            type="button"
            className="chip"
            disabled={disabled}
            onClick={() => {
              removed.current = i;
              onRemove(choice);
            }}
          >
            <Monogram id={choice.id} name={choice.name} size={28} />
            <span className="sr-only">{t.choose.remove} </span>
            <bdi className="max-w-[12rem] truncate">{choice.name}</bdi>
            <CloseIcon size={16} />
          </button>
        </li>
      ))}
    </ul>
  );
}
