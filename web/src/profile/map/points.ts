/* What stands on the map: artists known by genre alone, and tracks with numbers of their own. */
import type { EmotionRef, Profile } from '@/api/types';
import { isUnsure } from '../sure';

export interface MapPoint {
  id: string;
  kind: 'artist' | 'track';
  name: string;
  /** The artist of a track. */
  by?: string;
  emotion: EmotionRef;
  /** Of an artist: its emotion is no more than likely. */
  unsure: boolean;
  valence: number;
  arousal: number;
  spreadValence: number;
  spreadArousal: number;
}

/** An ellipse shows half the spread each way: whole ones would cover each other and the map. */
export const SPREAD_SHOWN = 0.5;

export function mapPoints(profile: Profile): MapPoint[] {
  const artists: MapPoint[] = profile.artists
    .filter((artist) => artist.estimated_share > 0)
    .map((artist) => ({
      id: `artist/${artist.id}`,
      kind: 'artist',
      name: artist.name,
      emotion: artist.emotion,
      unsure: isUnsure(artist),
      valence: artist.mood.valence,
      arousal: artist.mood.arousal,
      spreadValence: artist.mood.spread_valence,
      spreadArousal: artist.mood.spread_arousal,
    }));
  const tracks: MapPoint[] = profile.tracks.flatMap(({ id, title, artist, emotion, mood }) =>
    emotion && mood
      ? [
          {
            id: `track/${id}`,
            kind: 'track' as const,
            name: title,
            by: artist,
            emotion,
            unsure: false,
            valence: mood.valence,
            arousal: mood.arousal,
            spreadValence: 0,
            spreadArousal: 0,
          },
        ]
      : [],
  );
  return [...artists, ...tracks];
}

/** Half the width of the map: 1.1 shows all the emotions, 1.5 nearly all music; what lies further out has a little air around it. */
export function reach(profile: Profile, points: MapPoint[]): number {
  const far = Math.max(
    Math.abs(profile.mood.valence),
    Math.abs(profile.mood.arousal),
    ...points.flatMap((p) => [
      Math.abs(p.valence) + SPREAD_SHOWN * p.spreadValence,
      Math.abs(p.arousal) + SPREAD_SHOWN * p.spreadArousal,
    ]),
  );
  return far <= 1.1 ? 1.1 : Math.max(1.5, far * 1.04);
}
