/* The profile of tracks that were measured here, by the same C, in the shape that the API gives. */
import { loadListening, type Lang } from 'listening-wasm';

import type { Profile, ProfileTrack } from '@/api/types';
import { compileOnce } from './analyst';
import type { Kept } from './kept';
import type { MeasuredTrack } from './types';

export type LocalTrack = ProfileTrack & { key: number };

/* LI_MODEL of src/pipeline/pipeline_priv.h: the same files and the same model make the module. */
const MODEL = 'listening-1';
/* Who made the files that name nobody, as li_artist_label of src/pipeline says it. */
const UNKNOWN_ARTIST: Record<Lang, string> = { en: 'Unknown artist', fr: 'Artiste inconnu' };
const artistId = (name: string) => `audio:${name}`;

function meanConfidence({ confidence }: MeasuredTrack): number | null {
  const known = Object.values(confidence).filter((value): value is number => value !== null);
  return known.length ? known.reduce((sum, value) => sum + value, 0) / known.length : null;
}

export async function localProfile({ tracks, created_at, expires_at }: Kept, lang: Lang): Promise<Profile> {
  const listening = await loadListening(await compileOnce());
  const made = listening.profile(
    tracks.map((track, i) => ({ id: `audio:${i + 1}`, title: track.title, artist: track.artist ?? UNKNOWN_ARTIST[lang], features: track.features })),
    lang,
  );
  const { features, artists, tracks: read, ...rest } = made;
  return {
    ...rest,
    session_id: '',
    genres: [],
    features: features as Profile['features'],
    emotions: made.emotions.map((emotion) => ({
      ...emotion,
      because: emotion.because.map((reason) => (reason.kind === 'artist' ? { ...reason, id: artistId(reason.id) } : reason)),
    })) as Profile['emotions'],
    genre_shares: [],
    sources: { measured: tracks.length, provider: 0, dataset: 0, estimated: 0 },
    artists: artists.map(({ name, weight, emotion, mood }) => ({
      id: artistId(name),
      name,
      genres: [],
      genre_families: [],
      image: null,
      popularity: null,
      weight,
      estimated_share: 0,
      confidence: 0,
      emotion: emotion as Profile['artists'][number]['emotion'],
      mood: { valence: mood.valence, arousal: mood.arousal, spread_valence: 0, spread_arousal: 0 },
    })),
    tracks: read.map(({ id, emotion, mood }, i) => localTrack(tracks[i] as MeasuredTrack, id, UNKNOWN_ARTIST[lang], { emotion, mood })),
    unknown_genres: [],
    model: MODEL,
    run: '',
    created_at,
    expires_at,
  };
}

function localTrack(track: MeasuredTrack, id: string, unknown: string, read: { emotion: object; mood: object }): LocalTrack {
  const { key, time_signature: _, ...features } = track.features;
  const artist = track.artist ?? unknown;
  return {
    id,
    title: track.title,
    artist_id: artistId(artist),
    artist,
    year: null,
    source: 'measured',
    measured_by: 'browser',
    confidence: meanConfidence(track),
    file: track.file,
    features,
    ...(read as Pick<LocalTrack, 'emotion' | 'mood'>),
    key,
  };
}
