/* Two letters on a colour that the artist's id decides. No picture is ever fetched from anybody. */
import { inkOn } from './color';

/** FNV-1a: the same id gives the same colour on every machine. */
function hash(text: string): number {
  let h = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  return h >>> 0;
}

/* Stone, not emotion: greys with a breath of warmth or cold, so that they say nothing about a mood. */
const STONES = ['#d9d5cf', '#c3c8cc', '#b5b2ab', '#9aa19f', '#868a90', '#6f6c68', '#55585e', '#3f3d3b'];

function initials(name: string): string {
  const words = name.split(/[\s&+/.,_-]+/u).filter((word) => /[\p{L}\p{N}]/u.test(word));
  const letters = words.map((word) => Array.from(word.replace(/^[^\p{L}\p{N}]+/u, ''))[0] ?? '');
  const text = letters.length > 1 ? `${letters[0]}${letters[letters.length - 1]}` : (letters[0] ?? '♪');
  return text.toLocaleUpperCase();
}

export function Monogram({ id, name, size = 48 }: { id: string; name: string; size?: number }) {
  const color = STONES[hash(id) % STONES.length]!;
  const text = initials(name);
  return (
    <svg width={size} height={size} viewBox="0 0 48 48" className="shrink-0" aria-hidden="true" focusable="false">
      <rect width="48" height="48" rx="24" fill={color} />
      <text
        x="24"
        y="24"
        dy="0.36em"
        textAnchor="middle"
        fontSize={Array.from(text).length > 1 ? 17 : 20}
        fontWeight="600"
        fill={inkOn(color)}
      >
        {text}
      </text>
    </svg>
  );
}
