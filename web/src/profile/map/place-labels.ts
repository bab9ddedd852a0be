/* Finds room for labels: each goes as near to its point as those before it allow. */
export interface Wish {
  id: string;
  x: number;
  y: number;
  text: string;
  /** Must be shown, even where it overlaps; others are left out when there is no room. */
  must: boolean;
  size: number;
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

function* places(wish: Wish, gap: number): Generator<Label> {
  const step = wish.size * 1.25;
  for (let ring = 0; ring < 6; ring++)
    for (const dy of ring ? [-ring * step, ring * step] : [0]) {
      if (gap === 0 || Math.abs(dy) >= step) yield { ...wish, atX: wish.x, atY: wish.y + dy, anchor: 'middle' };
      yield { ...wish, atX: wish.x + gap, atY: wish.y + dy, anchor: 'start' };
      yield { ...wish, atX: wish.x - gap, atY: wish.y + dy, anchor: 'end' };
    }
}

/** Wishes come most important first. Obstacles are points that no label may cover. */
export function placeLabels(
  wishes: (Wish & { gap: number })[],
  width: number,
  height: number,
  obstacles: { x: number; y: number; r: number }[],
): Label[] {
  const taken: Box[] = obstacles.map(({ x, y, r }) => ({ left: x - r, right: x + r, top: y - r, bottom: y + r }));
  const placed: Label[] = [];
  for (const wish of wishes) {
    let chosen: Label | undefined;
    for (const label of places(wish, wish.gap)) {
      const box = boxOf(label);
      const inside = box.left >= 0 && box.right <= width && box.top >= 0 && box.bottom <= height;
      if (inside && !taken.some((other) => overlap(box, other))) {
        chosen = label;
        break;
      }
    }
    if (!chosen && wish.must) chosen = { ...wish, atX: wish.x, atY: wish.y - wish.size, anchor: 'middle' };
    if (chosen) {
      placed.push(chosen);
      taken.push(boxOf(chosen));
    }
  }
  return placed;
}
