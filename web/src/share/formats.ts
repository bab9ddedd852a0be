/* The three sizes of the picture, and where the card's parts stand in each. */
export type FormatId = 'story' | 'square' | 'link';

export interface Format {
  width: number;
  height: number;
  orb: { x: number; y: number; radius: number };
  /** The glass panel: its left edge, its width, its bottom edge; its height comes from its text. */
  panel: { left: number; width: number; bottom: number };
  /** A hundredth of the card's width: all type is set in it. */
  unit: number;
}

export const FORMATS: Record<FormatId, Format> = {
  story: {
    width: 1080,
    height: 1920,
    orb: { x: 540, y: 700, radius: 640 },
    panel: { left: 64, width: 952, bottom: 1740 },
    unit: 11.4,
  },
  square: {
    width: 1080,
    height: 1080,
    orb: { x: 540, y: 340, radius: 500 },
    panel: { left: 48, width: 984, bottom: 1032 },
    unit: 8.6,
  },
  link: {
    width: 1200,
    height: 630,
    orb: { x: 310, y: 315, radius: 350 },
    panel: { left: 552, width: 608, bottom: 590 },
    unit: 6.4,
  },
};
