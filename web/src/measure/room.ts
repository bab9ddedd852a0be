/* How much memory a file will take once it is decoded, and how much may be taken at once. A browser decodes a whole
 * file or nothing, into 4 bytes a sample: 21 MB for a minute of stereo. So long files are refused, and what is
 * decoded at the same time keeps within one limit: the tab stays under 500 MB. */
export const RATE_HZ = 44_100;
export const FILE_BYTES_MAX = 100 * 1024 * 1024;
/** 15 minutes of stereo. */
export const DECODED_BYTES_MAX = 15 * 60 * RATE_HZ * 2 * 4;
/** Of the files that are being decoded or measured now, with their bytes; one file may always be. */
const ROOM_BYTES = 160 * 1024 * 1024;

/* Decoded bytes for a byte of the file, for who does not say how long it is: at 128 kbit/s for what loses, at half
 * of the sound's size for what does not. */
const GROWTH: Record<string, number> = { wav: 2, wave: 2, aif: 2, aiff: 2, aifc: 2, flac: 4 };
const LOSSY = 22;

export function decodedBytes(name: string, size: number, duration_s: number | null, channels: number | null): number {
  if (duration_s) return duration_s * RATE_HZ * (channels ?? 2) * 4;
  const ending = name.slice(name.lastIndexOf('.') + 1).toLowerCase();
  return size * (GROWTH[ending] ?? LOSSY);
}

/** Why a sound is not decoded: by itself too long, or only with so many channels. */
export function tooMuch(samples: number, channels: number): 'long' | 'channels' | null {
  if (samples * channels * 4 <= DECODED_BYTES_MAX) return null;
  return samples * 2 * 4 <= DECODED_BYTES_MAX ? 'channels' : 'long';
}

/** Waits until there is room; what waits longest comes first. */
export class Room {
  private taken = 0;
  private readonly queue: { bytes: number; enter: () => void }[] = [];

  enter(bytes: number): Promise<void> {
    return new Promise((enter) => {
      this.queue.push({ bytes, enter });
      this.next();
    });
  }

  leave(bytes: number) {
    this.taken -= bytes;
    this.next();
  }

  private next() {
    for (let first = this.queue[0]; first && (!this.taken || this.taken + first.bytes <= ROOM_BYTES); first = this.queue[0]) {
      this.queue.shift();
      this.taken += first.bytes;
      first.enter();
    }
  }
}
