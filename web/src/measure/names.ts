/* Title and artist where tags do not say them: "07 - Nina Simone - Feeling Good.mp3". The same rules as
 * li_sound_name in src/pipeline/sound.c. */
import type { Tags } from './types';

const NUMBER = /^[\d.-]+$/;

function cutDash(rest: string): [before: string, after: string] | null {
  const dash = rest.indexOf(' - ');
  return dash < 0 ? null : [rest.slice(0, dash).trim(), rest.slice(dash + 3).trim()];
}

export function nameOf(file: string, tags: Tags): { title: string; artist: string | null } {
  const name = file.slice(file.lastIndexOf('/') + 1);
  const dot = name.lastIndexOf('.');
  let rest = (dot > 0 ? name.slice(0, dot) : name).trim();
  let cut = cutDash(rest);
  if (cut) {
    let part = cut[0];
    rest = cut[1];
    if (NUMBER.test(part)) {
      /* its place on the record */
      cut = cutDash(rest);
      if (cut) [part, rest] = cut;
    }
    if (cut && !tags.title) return { title: rest, artist: tags.artist || part || null };
  }
  return { title: tags.title || rest || name, artist: tags.artist || null };
}
