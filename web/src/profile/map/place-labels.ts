/* Finds room for labels: each goes as near to its point as those before it allow. */
export interface Wish {
  id: string;
  x: number;
  y: number;
  text: string;
  size: number;
  /** How far beside its point it stands; with 0 it may stand on it. */
  gap: number;
}
export interface Label extends Wish {
  atX: number;
  atY: number;
  anchor: 'start' | 'middle' | 'end';
}

interface Box {
  left: number;
  right: number;
  top: number;
  bottom: number;
}

const AIR = 3;
const overlap = (a: Box, b: Box) =>
  a.left < b.right + AIR && b.left < a.right + AIR && a.top < b.bottom && b.top < a.bottom;

/** Wide letters (CJK and the like) count double. */
const widthOf = (text: string, size: number) =>
  Array.from(text).reduce((sum, c) => sum + ((c.codePointAt(0) ?? 0) > 0x2e7f ? 1 : 0.56), 0) * size;

function boxOf(label: Label): Box {
  const width = widthOf(label.text, label.size);
  const left = label.anchor === 'middle' ? label.atX - width / 2 : label.anchor === 'start' ? label.atX : label.atX - width;
  return { left, right: left + width, top: label.atY - label.size * 0.6, bottom: label.atY + label.size * 0.6 };
}

function* places(wish: Wish): Generator<Label> {
  const { gap } = wish;
  const step = wish.size * 1.25;
  for (let ring = 0; ring < 6; ring++)
    for (const dy of ring ? [-ring * step, ring * step] : [0]) {
      if (gap === 0 || Math.abs(dy) >= step) yield { ...wish, atX: wish.x, atY: wish.y + dy, anchor: 'middle' };
      yield { ...wish, atX: wish.x + gap, atY: wish.y + dy, anchor: 'start' };
      yield { ...wish, atX: wish.x - gap, atY: wish.y + dy, anchor: 'end' };
    }
}

/** Wishes come most important first; one is left out where there is no room. Obstacles are points that no label may cover. */
export function placeLabels(
  wishes: Wish[],
  width: number,
  height: number,
  obstacles: { x: number; y: number; r: number }[],
): Label[] {
  const taken: Box[] = obstacles.map(({ x, y, r }) => ({ left: x - r, right: x + r, top: y - r, bottom: y + r }));
  const placed: Label[] = [];
  for (const wish of wishes) {
    for (const label of places(wish)) {
      const box = boxOf(label);
      const inside = box.left >= 0 && box.right <= width && box.top >= 0 && box.bottom <= height;
      if (!inside || taken.some((other) => overlap(box, other))) continue;
      placed.push(label);
      taken.push(box);
      break;
    }
  }
  return placed;
}
