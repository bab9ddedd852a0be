import type { Profile, ProfileArtist, ProfileTrack } from '@/api/types';
import { useWords } from '@/text/context';
import { useDetails } from '@/text/details';
import { Monogram } from '@/ui/Monogram';
import { soundOf } from './sound-of';
import { SourceBadge } from './SourceBadge';
import { isUnsure } from './sure';

function Dot({ color }: { color: string }) {
  return (
    <svg width="10" height="10" className="map-dot shrink-0" aria-hidden="true" focusable="false">
      <circle cx="5" cy="5" r="4.5" fill={color} />
    </svg>
  );
}

/** Tracks that were measured in this browser have their key beside them. */
function Track({ track, badge }: { track: ProfileTrack & { key?: number }; badge: boolean }) {
  const { format } = useWords();
  const words = useDetails().tracks;
  const sound = track.features && track.measured_by ? soundOf(track.key, track.features, words, format) : '';
  return (
    <li className="flex items-baseline gap-2 py-1 text-caption">
      {track.emotion && <Dot color={track.emotion.color} />}
      <bdi className="min-w-0">{track.title}</bdi>
      {track.year !== null && <span className="text-ink-soft tabular-nums">{track.year}</span>}
      {sound && <span className="whitespace-nowrap text-ink-soft tabular-nums">{sound}</span>}
      <span className="ml-auto flex items-baseline gap-2 text-ink-soft">
        {track.emotion?.label}
        {badge && <SourceBadge origin={track.source} measuredBy={track.measured_by} />}
      </span>
    </li>
  );
}

/** Where all tracks of an artist come from the same place, the artist's line says so once. */
function ArtistTracks({ artist, tracks }: { artist: ProfileArtist; tracks: ProfileTrack[] }) {
  const { tracks: words, emotion } = useDetails();
  const origins = new Set(tracks.map((track) => track.source));
  const [first] = origins;
  return (
    <li className="min-w-0 break-inside-avoid pb-6">
      <div className="flex items-center gap-3">
        <Monogram id={artist.id} name={artist.name} size={40} />
        <div className="min-w-0">
          <h3 className="text-body font-medium">
            <bdi>{artist.name}</bdi>
          </h3>
          <p className="flex flex-wrap items-center gap-2 text-caption text-ink-soft">
            {emotion(artist.emotion.label, isUnsure(artist))}
            {origins.size < 2 && <SourceBadge origin={first ?? 'estimated'} measuredBy={tracks[0]?.measured_by} />}
          </p>
        </div>
      </div>
      {tracks.length ? (
        <ul className="mt-2">
          {tracks.map((track) => (
            <Track key={track.id} track={track} badge={origins.size > 1} />
          ))}
        </ul>
      ) : (
        <p className="mt-2 text-caption text-ink-soft">{words.none}</p>
      )}
    </li>
  );
}

export function TrackList({ profile, ofFiles }: { profile: Profile; ofFiles: boolean }) {
  const words = useDetails().tracks;
  return (
    <>
      <p className="mb-6 max-w-text text-ink-soft">{profile.history ? words.ledeHistory : ofFiles ? words.ledeFiles : words.lede}</p>
      <ul className="columns-1 gap-10 sm:columns-2 lg:columns-3">
        {profile.artists.map((artist) => (
          <ArtistTracks
            key={artist.id}
            artist={artist}
            tracks={profile.tracks.filter((track) => track.artist_id === artist.id)}
          />
        ))}
      </ul>
    </>
  );
}
