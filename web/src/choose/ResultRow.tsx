import type { Artist } from '@/api/types';
import { useWords } from '@/text/context';
import { CheckIcon } from '@/ui/icons';
import { Monogram } from '@/ui/Monogram';

interface Props {
  id: string;
  artist: Artist;
  active: boolean;
  chosen: boolean;
  /** No room for another: the row can be read, not taken. */
  full: boolean;
  onPick: () => void;
  onPoint: () => void;
}

export function ResultRow({ id, artist, active, chosen, full, onPick, onPoint }: Props) {
  const { t } = useWords();
  const { popularity } = artist;
  return (
    <li
      id={id}
      role="option"
      aria-selected={active}
      aria-disabled={chosen || full || undefined}
      className={`flex min-h-16 items-center gap-4 rounded-control px-3 py-2 ${active ? 'bg-wash' : ''} ${chosen || full ? '' : 'cursor-pointer'}`}
      onPointerMove={active ? undefined : onPoint}
      onPointerDown={(event) => event.preventDefault()}
      onClick={onPick}
    >
      <Monogram id={artist.id} name={artist.name} />
      <span className="min-w-0 grow">
        <span className="block font-medium">
          <bdi>{artist.name}</bdi>
        </span>
        <span className="block truncate text-caption text-ink-soft">{artist.genres.slice(0, 4).join(', ')}</span>
      </span>
      {chosen ? (
        <span className="flex items-center gap-1 text-caption text-ink-soft">
          <CheckIcon />
          {t.choose.already}
        </span>
      ) : (
        popularity !== null && (
          <span className="shrink-0 text-caption text-ink-soft">
            <svg width="40" height="4" role="img" aria-label={t.choose.popularity(popularity)} className="rounded-full">
              <rect width="40" height="4" className="bar-ground" />
              <rect width={(popularity / 100) * 40} height="4" rx="2" fill="currentColor" />
            </svg>
          </span>
        )
      )}
    </li>
  );
}
