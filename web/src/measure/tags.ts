/* Title and artist out of a file's tags, with its length where its head says it. The parser of the file's kind is
 * loaded when the first of that kind comes. */
import { parseBlob } from 'music-metadata';

import type { Tags } from './types';

export async function readTags(file: File): Promise<Tags> {
  try {
    const { common, format } = await parseBlob(file, { skipCovers: true, skipPostHeaders: true, duration: false });
    return {
      title: common.title?.trim() ?? '',
      artist: (common.artist ?? common.albumartist ?? '').trim(),
      duration_s: format.duration ?? null,
      channels: format.numberOfChannels ?? null,
    };
  } catch {
    /* Tags are a courtesy: the name says the rest, and the decoder what is wrong with the file. */
    return { title: '', artist: '', duration_s: null, channels: null };
  }
}
