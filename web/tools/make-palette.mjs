/* The emotions' colours in the order of the map of moods, from the table that the program itself is built with:
   src/ui/palette.json. Neutral has no direction on the map and is left out. */
import { readFileSync, writeFileSync } from 'node:fs';

const table = readFileSync(new URL('../../data/emotions.tsv', import.meta.url), 'utf8');
const [head, ...rows] = table.split('\n').filter((line) => line && !line.startsWith('#')).map((line) => line.split('\t'));
const column = (row, name) => row[head.indexOf(name)];
const palette = rows
  .filter((row) => column(row, 'id') !== 'neutral')
  .map((row) => ({ color: column(row, 'color'), angle: Math.atan2(column(row, 'activation'), column(row, 'pleasantness')) }))
  .sort((a, b) => a.angle - b.angle)
  .map(({ color }) => color);
writeFileSync(new URL('../src/ui/palette.json', import.meta.url), `${JSON.stringify(palette)}\n`);
