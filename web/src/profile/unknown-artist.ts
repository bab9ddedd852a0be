/* Who made the files that name nobody. */
import type { Profile } from '@/api/types';
import type { Lang } from '@/text/en';

export const UNKNOWN_ARTIST: Record<Lang, string> = { en: 'Unknown artist', fr: 'Artiste inconnu' };
/* The service keeps one name for them, in English, under this id. */
const ID = 'audio:unknown artist';

/** The same profile with that artist's name in the page's language. */
export function nameUnknown(profile: Profile, lang: Lang): Profile {
  const name = UNKNOWN_ARTIST[lang];
  return {
    ...profile,
    artists: profile.artists.map((artist) => (artist.id === ID ? { ...artist, name } : artist)),
    tracks: profile.tracks.map((track) => (track.artist_id === ID ? { ...track, artist: name } : track)),
    emotions: profile.emotions.map((emotion) => ({
      ...emotion,
      because: emotion.because.map((reason) => (reason.id === ID ? { ...reason, label: name } : reason)),
    })),
  };
}
