/* Makes the home page's example card with the real program, in both languages: src/home/example.{en,fr}.json. */
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';

const program = process.env.LISTENING ?? new URL('../../build/listening', import.meta.url).pathname;
const ARTISTS = ['Angèle', 'Daft Punk', 'Aya Nakamura', 'Fela Kuti', 'Burna Boy'];

for (const lang of ['en', 'fr']) {
  const text = execFileSync(program, ['profile', '--json', '--lang', lang, ...ARTISTS], { encoding: 'utf8' });
  const profile = JSON.parse(text);
  const example = {
    dominant_emotion: profile.dominant_emotion,
    top_emotions: profile.top_emotions,
    emotions: profile.emotions.slice(0, 3).map(({ color, score }) => ({ color, score })),
    genres: profile.genres,
    energy_avg: profile.energy_avg,
    danceability_avg: profile.danceability_avg,
    sources: profile.sources,
    created_at: profile.created_at.slice(0, 10),
    artists: profile.artists.map(({ id, name, genres }) => ({ id, name, genres })),
  };
  writeFileSync(new URL(`../src/home/example.${lang}.json`, import.meta.url), `${JSON.stringify(example, null, 2)}\n`);
}
