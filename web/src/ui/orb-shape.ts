/* The orb as wedges of a disc of radius 50: a conic gradient that any SVG renderer draws alike. */
import { mix } from './color';

export interface Colour {
  color: string;
  score: number;
}
export interface Wedge {
  d: string;
  color: string;
}

const WEDGES = 40;

/** The colour at a place (0 to 1) around the disc: each colour is pure in the middle of its own arc. */
function colourAt(place: number, colours: { color: string; middle: number }[]): string {
  const last = colours[colours.length - 1]!;
  let before = { color: last.color, middle: last.middle - 1 };
  for (const next of [...colours, { color: colours[0]!.color, middle: colours[0]!.middle + 1 }]) {
    if (place <= next.middle)
      return mix(before.color, next.color, (place - before.middle) / (next.middle - before.middle || 1));
    before = next;
  }
  return before.color;
}

const point = (turn: number) => {
  const angle = 2 * Math.PI * turn;
  return `${(50 * Math.sin(angle)).toFixed(2)} ${(-50 * Math.cos(angle)).toFixed(2)}`;
};

export function orbWedges(emotions: Colour[]): Wedge[] {
  const total = emotions.reduce((sum, e) => sum + e.score, 0) || 1;
  let start = 0;
  const colours = emotions.map(({ color, score }) => {
    const middle = (start + score / 2) / total;
    start += score;
    return { color, middle };
  });
  return Array.from({ length: WEDGES }, (_, i) => ({
    d: `M0 0L${point(i / WEDGES)}A50 50 0 0 1 ${point((i + 1.3) / WEDGES)}Z`,
    color: colourAt((i + 0.5) / WEDGES, colours),
  }));
}
