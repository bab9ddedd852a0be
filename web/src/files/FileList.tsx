import type { fileText } from '@/text/files';
import { CheckIcon } from '@/ui/icons';
import type { Item } from './sort-files';

/** The files with what became of each, in a sentence where something is wrong. */
export function FileList({ items, words }: { items: Item[]; words: (typeof fileText)['en'] }) {
  return (
    <ul aria-label={words.list} className="grid gap-2 text-caption">
      {items.map((item, i) => (
        <li key={i} className="grid grid-cols-[1fr_auto] gap-x-3">
          <bdi className="truncate">{item.file.name}</bdi>
          {item.measured && (
            <span className="flex items-center gap-1 text-ink-soft">
              <CheckIcon />
              {words.measured}
            </span>
          )}
          {item.problem && (
            <span className="col-span-2 text-ink-soft">
              {words.sentences[item.problem]}{' '}
              {item.detail && <span lang="en">({item.detail})</span>}
            </span>
          )}
        </li>
      ))}
    </ul>
  );
}
