/* The card as one SVG text. The same facts give the same text, byte for byte: no time, no chance, no session. */
import type { CardFacts } from '@/profile/card-facts';
import { orbWedges } from '@/ui/orb-shape';
import type { Format } from './formats';

const INK = '#111113';
const SOFT = '#55555a';
const PAPER = '#fafaf8';

const escape = (text: string) =>
  text.replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);
const round = (x: number) => Math.round(x * 10) / 10;
const capital = (text: string) => `${text.charAt(0).toLocaleUpperCase()}${text.slice(1)}`;

/** Inter's mean advance, near enough to decide where a line ends. */
const widthOf = (text: string, size: number, bold: boolean) => text.length * size * (bold ? 0.545 : 0.52);

/** Fills lines with pieces, breaking only between them. */
function lines(pieces: string[], between: string, size: number, width: number, bold: boolean): string[] {
  const out: string[] = [];
  for (const piece of pieces) {
    const longer = out.length ? `${out[out.length - 1]}${between}${piece}` : piece;
    if (out.length && widthOf(longer, size, bold) <= width) out[out.length - 1] = longer;
    else out.push(piece);
  }
  return out;
}

interface Block {
  height: number;
  draw: (x: number, y: number) => string;
}

function text(content: string[], size: number, options: { weight?: number; fill?: string; leading?: number; tight?: boolean } = {}): Block {
  const { weight = 400, fill = INK, leading = 1.35, tight = false } = options;
  const step = size * leading;
  return {
    height: step * content.length,
    draw: (x, y) =>
      content
        .map(
          (line, i) =>
            `<text x="${round(x)}" y="${round(y + step * i + size * 0.8 + (step - size) / 2)}" font-size="${round(size)}" font-weight="${weight}" fill="${fill}"${tight ? ` letter-spacing="${round(size * -0.035)}"` : ''}>${escape(line)}</text>`,
        )
        .join(''),
  };
}

const space = (height: number): Block => ({ height, draw: () => '' });

function figures(facts: CardFacts, unit: number, width: number): Block {
  const column = (width - 5 * unit) / 2;
  const big = 10 * unit;
  const small = 3.7 * unit;
  return {
    height: big * 1.15 + 2.2 * unit + small * 1.35,
    draw: (x, y) =>
      facts.figures
        .map(({ label, text: figure, value }, i) => {
          const left = x + i * (column + 5 * unit);
          const bar = y + big * 1.15;
          return (
            text([figure], big, { weight: 600, leading: 1.1, tight: true }).draw(left, y) +
            `<rect x="${round(left)}" y="${round(bar)}" width="${round(column)}" height="${round(unit)}" rx="${round(unit / 2)}" fill="${INK}" opacity="0.12"/>` +
            `<rect x="${round(left)}" y="${round(bar)}" width="${round(column * value)}" height="${round(unit)}" rx="${round(unit / 2)}" fill="${INK}"/>` +
            text([label], small, { fill: SOFT }).draw(left, bar + 2.2 * unit)
          );
        })
        .join(''),
  };
}

function blocks(facts: CardFacts, unit: number, width: number): Block[] {
  const display = 12 * unit;
  const small = 3.7 * unit;
  return [
    text(lines(capital(facts.emotion).split(' '), ' ', display, width, true), display, { weight: 650, leading: 1.02, tight: true }),
    space(1.6 * unit),
    text(lines(facts.then.split(' '), ' ', small, width, false), small, { fill: SOFT }),
    space(3.5 * unit),
    figures(facts, unit, width),
    space(3.5 * unit),
    text(lines(facts.genres, ' · ', small, width, false), small, { weight: 550 }),
    space(0.8 * unit),
    text(lines([facts.day, facts.origin], ' · ', small, width, false), small, { fill: SOFT }),
    space(3.5 * unit),
    text(['Listening Intelligence'], small, { weight: 600 }),
  ];
}

/** fontUrl is a data: address, so that the picture needs nothing from outside. */
export function cardSvg(facts: CardFacts, format: Format, fontUrl: string): string {
  const { width, height, orb, panel, unit } = format;
  const padding = 5.5 * unit;
  const stack = blocks(facts, unit, panel.width - 2 * padding);
  const inner = stack.reduce((sum, block) => sum + block.height, 0);
  const top = panel.bottom - inner - 2 * padding;
  let y = top + padding;
  const content = stack
    .map((block) => {
      const drawn = block.draw(panel.left + padding, y);
      y += block.height;
      return drawn;
    })
    .join('');
  const wedges = orbWedges(facts.colours)
    .map(({ d, color }) => `<path d="${d}" fill="${color}"/>`)
    .join('');
  const scale = round((orb.radius / 50) * 100) / 100;
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">` +
    `<style>@font-face{font-family:Inter;font-weight:100 900;src:url(${fontUrl}) format("woff2")}text{font-family:Inter,sans-serif}</style>` +
    `<filter id="blur" x="-60%" y="-60%" width="220%" height="220%" color-interpolation-filters="sRGB"><feGaussianBlur stdDeviation="9"/></filter>` +
    `<rect width="${width}" height="${height}" fill="${PAPER}"/>` +
    `<g transform="translate(${orb.x} ${orb.y}) scale(${scale})"><g filter="url(#blur)">${wedges}</g></g>` +
    `<rect x="${panel.left}" y="${round(top)}" width="${panel.width}" height="${round(panel.bottom - top)}" rx="${round(4.2 * unit)}" fill="#ffffff" fill-opacity="0.82"/>` +
    content +
    `</svg>`
  );
}
