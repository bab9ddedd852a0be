import type { Profile } from '@/api/types';
import { useWords } from '@/text/context';
import { useDetails } from '@/text/details';
import { Bar } from '@/ui/Bar';

const SHOWN = 8;

function Rows({ genres, longest }: { genres: Profile['genre_shares']; longest: number }) {
  const { format } = useWords();
  return (
    <ul className="grid gap-3">
      {genres.map(({ id, label, share }) => (
        <li key={id} className="grid grid-cols-[1fr_auto] gap-x-3">
          <span>{label}</span>
          <span className="text-ink-soft tabular-nums">{format.percent(share)}</span>
          <span className="col-span-2">
            <Bar value={share / longest} />
          </span>
        </li>
      ))}
    </ul>
  );
}

export function GenreBars({ profile }: { profile: Profile }) {
  const { format } = useWords();
  const words = useDetails().genres;
  const { genre_shares: genres, unknown_genres: unknown } = profile;
  const longest = genres[0]?.share ?? 1;
  const rest = genres.slice(SHOWN);
  if (!genres.length && !unknown.length) return <p className="max-w-text text-ink-soft">{words.none}</p>;
  return (
    <>
      <Rows genres={genres.slice(0, SHOWN)} longest={longest} />
      {rest.length > 0 && (
        <details className="fold mt-2">
          <summary>{words.more(rest.length)}</summary>
          <Rows genres={rest} longest={longest} />
        </details>
      )}
      {unknown.length > 0 && (
        <p className="mt-3 text-caption text-ink-soft">{words.unknown(format.list(unknown))}</p>
      )}
    </>
  );
}
