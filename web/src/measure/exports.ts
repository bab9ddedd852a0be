/* What was measured, as files: the columns of `listening analyze --csv` (Exportify's names), and its JSON. */
import type { Features } from 'listening-wasm';

import type { MeasuredTrack } from './types';

const COLUMNS: [column: string, feature: keyof Features][] = [
  ['Danceability', 'danceability'],
  ['Energy', 'energy'],
  ['Key', 'key'],
  ['Loudness', 'loudness'],
  ['Mode', 'mode'],
  ['Speechiness', 'speechiness'],
  ['Acousticness', 'acousticness'],
  ['Instrumentalness', 'instrumentalness'],
  ['Liveness', 'liveness'],
  ['Valence', 'valence'],
  ['Tempo', 'tempo'],
  ['Time Signature', 'time_signature'],
];
const HEAD = ['File', 'Track Name', 'Artist Name(s)', 'Duration (ms)', ...COLUMNS.map(([column]) => column)];
const TAIL = ['Loudness Unit', 'Tempo Alternative', 'Calibrated', 'Emotion', 'Warning', 'Error'];

/** A cell of RFC 4180. */
function cell(value: string | number | boolean | null | undefined): string {
  const text = String(value ?? '');
  return /[",\r\n]/.test(text) ? `"${text.replace(/"/g, '""')}"` : text;
}

export function toCsv(tracks: MeasuredTrack[]): string {
  const rows = tracks.map((track) => [
    track.file,
    track.title,
    track.artist,
    Math.round(track.duration_ms),
    ...COLUMNS.map(([, feature]) => track.features[feature]),
    'LUFS',
    track.tempo_alternative,
    track.calibrated,
    track.emotions[0]?.id,
    '',
    '',
  ]);
  return [[...HEAD, ...TAIL], ...rows].map((row) => `${row.map(cell).join(',')}\n`).join('');
}

export function toJson(tracks: MeasuredTrack[]): string {
  const units = { loudness: 'LUFS', tempo: 'BPM', duration_ms: 'ms' };
  return `${JSON.stringify({ units, tracks }, null, 1)}\n`;
}
