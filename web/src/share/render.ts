/* The SVG becomes a PNG in this browser; nothing is sent anywhere. */
import type { CardFacts } from '@/profile/card-facts';
import { FORMATS, type FormatId } from './formats';
import { cardSvg } from './template';

let font: Promise<string> | undefined;

function asDataUrl(blob: Blob): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result));
    reader.onerror = () => reject(reader.error ?? new Error('unreadable'));
    reader.readAsDataURL(blob);
  });
}

function loadFont(): Promise<string> {
  const address = new URL('../../node_modules/@fontsource-variable/inter/files/inter-latin-wght-normal.woff2', import.meta.url);
  font ??= fetch(address)
    .then((response) => response.blob())
    .then(asDataUrl)
    .catch((error: unknown) => {
      font = undefined;
      throw error;
    });
  return font;
}

export async function cardPng(facts: CardFacts, format: FormatId): Promise<Blob> {
  const { width, height } = FORMATS[format];
  const svg = cardSvg(facts, FORMATS[format], await loadFont());
  const url = URL.createObjectURL(new Blob([svg], { type: 'image/svg+xml' }));
  try {
    const image = new Image(width, height);
    image.src = url;
    await image.decode();
    const canvas = document.createElement('canvas');
    canvas.width = width;
    canvas.height = height;
    const context = canvas.getContext('2d');
    if (!context) throw new Error('no canvas');
    context.drawImage(image, 0, 0, width, height);
    return await new Promise((resolve, reject) =>
      canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error('no picture'))), 'image/png'),
    );
  } finally {
    URL.revokeObjectURL(url);
  }
}
