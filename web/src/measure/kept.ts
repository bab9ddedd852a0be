/* The tracks that were measured here, kept in this browser for a day as everything else is. */
import { read, remove, write } from '@/ui/storage';
import type { MeasuredTrack } from './types';
import type { Item } from './useMeasure';

const KEY = 'listening.measured';
const DAY_MS = 24 * 60 * 60 * 1000;

export interface Kept {
  created_at: string;
  expires_at: string;
  tracks: MeasuredTrack[];
}
/** Measured, and not gone on with: in this tab alone, for the page of choosing in the other language. */
export const waiting: { items: Item[] } = { items: [] };

const fold = (text: string) =>
  text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
const keyOf = ({ title, artist, duration_ms }: MeasuredTrack) => `${fold(title)}\n${fold(artist ?? '')}\n${Math.round(duration_ms)}`;

/** Copies of a recording, lying in two folders, count once. */
function withoutCopies(tracks: MeasuredTrack[]): MeasuredTrack[] {
  const seen = new Set<string>();
  return tracks.filter((track) => !seen.has(keyOf(track)) && seen.add(keyOf(track)));
}

export function keepMeasured(tracks: MeasuredTrack[], now = Date.now()): void {
  const kept: Kept = {
    created_at: new Date(now).toISOString(),
    expires_at: new Date(now + DAY_MS).toISOString(),
    tracks: withoutCopies(tracks),
  };
  waiting.items = [];
  write(KEY, kept);
}

export function forgetMeasured(): void {
  waiting.items = [];
  remove(KEY);
}

export function keptMeasured(now = Date.now()): Kept | null {
  const kept = read<Kept>(KEY);
  if (!kept || !Array.isArray(kept.tracks) || !kept.tracks.length) return null;
  if (Date.parse(kept.expires_at) > now) return kept;
  forgetMeasured();
  return null;
}
