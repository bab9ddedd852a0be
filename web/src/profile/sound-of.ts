/* "A minor · 118 BPM": what a musician asks of a track first. */
import type { Words } from '@/text/context';
import type { Details } from '@/text/details.en';

export function soundOf(
  key: number | undefined,
  { mode, tempo }: { mode: number | null; tempo: number | null },
  words: Details['tracks'],
  format: Words['format'],
): string {
  const parts = [
    ...(key !== undefined && key >= 0 ? [words.key(key, mode)] : []),
    ...(tempo === null ? [] : [words.bpm(format.number(tempo, 0))]),
  ];
  return parts.join(' · ');
}
