/* What the numbers are worth: how sure, how much was heard, from where, and for whom. */
import type { Origin, Profile, ProfileArtist } from '@/api/types';
import { useWords } from '@/text/context';
import { useDetails } from '@/text/details';
import { total } from './card-facts';

const ORIGINS: Origin[] = ['measured', 'provider', 'dataset', 'estimated'];
const OTHERS = ['provider', 'dataset', 'estimated'] as const;
/* The same bounds as the sentence of the profile has. */
const CLEARLY = 0.8;
const PLAINLY = 0.6;
const RATHER = 0.3;

/** Confidence is that of the estimate: where everything was heard or told, there is none. */
function ArtistTable({ profile }: { profile: Profile }) {
  const { format } = useWords();
  const words = useDetails().worth;
  const family = new Map(profile.genre_shares.map(({ id, label }) => [id, label]));
  const readFrom = ({ estimated_share: guessed, genre_families: families }: ProfileArtist) => [
    ...(guessed < 1 ? [words.ownNumbers] : []),
    ...(guessed > 0 ? families.map((id) => family.get(id) ?? id) : []),
  ];
  return (
    <table className="data-table">
      <caption className="pb-2 text-start text-caption text-ink-soft">{words.artistsTable}</caption>
      <thead>
        <tr>
          <th scope="col">{words.artistColumns.artist}</th>
          <th scope="col">{words.artistColumns.genres}</th>
          <th scope="col" className="number">
            {words.artistColumns.confidence}
          </th>
        </tr>
      </thead>
      <tbody>
        {profile.artists.map((artist) => (
          <tr key={artist.id}>
            <th scope="row">
              <bdi>{artist.name}</bdi>
            </th>
            <td className="text-ink-soft">{readFrom(artist).join(', ') || '–'}</td>
            <td className="number">{artist.estimated_share > 0 ? format.percent(artist.confidence) : '–'}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

export function Worth({ profile }: { profile: Profile }) {
  const { format } = useWords();
  const words = useDetails().worth;
  const { confidence, sources, top_emotions: top } = profile;
  const all = total(sources);
  const others = OTHERS.flatMap((origin) => (sources[origin] ? [words.others[origin](sources[origin])] : []));
  const [a = '', b = '', c = ''] = top;
  const explained = (origin: Origin) => (origin === 'measured' && profile.tracks.some((track) => track.measured_by) ? 'browser' : origin);
  const sure = () => {
    if (confidence >= CLEARLY) return words.clearly(a);
    if (confidence >= PLAINLY) return words.plainly(a);
    return confidence >= RATHER ? words.rather(a, b) : words.perhaps(a, b, c);
  };
  return (
    <div className="grid gap-10 md:grid-cols-2 md:gap-16">
      <dl className="grid content-start gap-6">
        <div>
          <dt className="text-caption text-ink-soft">{words.confidenceLabel}</dt>
          <dd>
            {sure()} <span className="text-ink-soft">{words.confidenceValue(format.percent(confidence))}</span>
          </dd>
        </div>
        <div>
          <dt className="text-caption text-ink-soft">{words.coverageLabel}</dt>
          <dd>
            {all ? words.coverage(sources.measured, all) : words.noTracks}
            {others.length > 0 && ` ${format.list(others)}.`}
          </dd>
        </div>
        {all > 0 && (
          <div>
            <dt className="text-caption text-ink-soft">{words.sourcesLabel}</dt>
            <dd>
              <ul className="mt-2 grid gap-3">
                {ORIGINS.filter((origin) => sources[origin]).map((origin) => (
                  <li key={origin} className="grid grid-cols-[6.5rem_1fr] items-baseline gap-x-3 text-caption">
                    <span>
                      <span className="badge">{words.sources[origin].name}</span>
                    </span>
                    <span>
                      <span className="tabular-nums">{words.tracks(sources[origin])}.</span>{' '}
                      <span className="text-ink-soft">{words.sources[explained(origin)].text}</span>
                    </span>
                  </li>
                ))}
              </ul>
            </dd>
          </div>
        )}
      </dl>
      <div className="min-w-0">
        <ArtistTable profile={profile} />
        <p className="mt-4 text-caption text-ink-soft">{words.model(profile.model)}</p>
      </div>
    </div>
  );
}
