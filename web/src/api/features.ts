/* Keeps as a session what was measured here: the numbers and names alone are sent. */
import type { Choice } from '@/choose/choices';
import type { MeasuredTrack } from '@/measure/types';
import { ask, openSession } from './client';
import { keepSession } from './session';
import type { FeaturesRequest, TopTracks } from './types';

/* What a session holds; an artist that is named takes the room of its five best-known tracks. */
const TRACKS_MAX = 500;
const ROOM_OF_AN_ARTIST = 5;
const NAME_CHARACTERS = 120;

export const roomFor = (artists: number): number => TRACKS_MAX - artists * ROOM_OF_AN_ARTIST;

/** As many as fit, evenly out of all of them. */
function someOf<T>(all: T[], room: number): T[] {
  if (all.length <= room) return all;
  return Array.from({ length: room }, (_, i) => all[Math.floor((i * all.length) / room)] as T);
}

/* Signs that no text may hold, and no more than a session takes. */
const clean = (text: string) => text.replace(/[\0\p{Cs}]/gu, '').trim().slice(0, NAME_CHARACTERS).replace(/\p{Cs}$/u, '');

function requestOf(session_id: string, tracks: MeasuredTrack[], artists: Choice[]): FeaturesRequest {
  return {
    session_id,
    tracks: someOf(tracks, roomFor(artists.length)).map(({ title, artist, duration_ms, features, confidence }) => ({
      title: clean(title) || '?',
      artist: artist && clean(artist),
      duration_ms: Math.round(duration_ms),
      features: features as FeaturesRequest['tracks'][number]['features'],
      confidence: confidence as Record<string, number | null>,
    })),
    artists,
  };
}

/** The id of the session that holds them now. */
export async function keepAsSession(tracks: MeasuredTrack[], artists: Choice[], signal: AbortSignal): Promise<string> {
  const session = await openSession(signal);
  const body = requestOf(session.session_id, tracks, artists);
  const kept = (await ask('/features', { method: 'POST', session: session.session_id, body, signal, timeoutMs: 60_000 })).document as TopTracks;
  keepSession(kept, 'files');
  return kept.session_id;
}
