/* What is measured in the browser, and what the workers are asked for. */
import type { Lang, TrackFeatures } from 'listening-wasm';

/** A file that was measured, by the names that `listening analyze --json` uses. */
export interface MeasuredTrack extends TrackFeatures {
  /** Its name, with the folders that it lay in when a folder was chosen. */
  file: string;
  title: string;
  /** null: unknown */
  artist: string | null;
}

export interface Tags {
  title: string;
  artist: string;
  /** As far as the file's head says; null where it does not. */
  duration_s: number | null;
  channels: number | null;
}

/** What a worker does, one at a time. */
export type Order =
  | { kind: 'load'; module: WebAssembly.Module }
  | { kind: 'tags'; file: File }
  | { kind: 'listen'; rate_hz: number; planar: Float32Array<ArrayBuffer>[]; lang: Lang };

export interface Reply {
  tags?: Tags;
  track?: TrackFeatures;
  error?: string;
  /** Whether the error is about the sound alone; after any other one the worker is not asked again. */
  ofSound?: boolean;
}
