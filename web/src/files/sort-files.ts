/* Which of the chosen files are sent: what the service cannot take is said here, before anything is sent. */
const READABLE = /\.(mp3|mp2|flac|og[ag]|opus|wave?|aiff?|aifc)$/i;
export const ACCEPT = '.mp3,.mp2,.flac,.ogg,.oga,.opus,.wav,.aif,.aiff';
/* The service takes 20 MB and 64 parts a request; a form is a little larger than its files. */
const BYTES_MAX = 20 * 1024 * 1024 - 64 * 1024;
const FILES_MAX = 60;

export type Problem = 'kind' | 'empty' | 'room' | 'unreadable';
export interface Item {
  file: File;
  problem: Problem | null;
  /** The service's own sentence about it, in English. */
  detail?: string;
  measured: boolean;
}

export function sortFiles(files: File[]): Item[] {
  let bytes = 0;
  let count = 0;
  return files.map((file) => {
    const item = (problem: Problem | null): Item => ({ file, problem, measured: false });
    if (!READABLE.test(file.name)) return item('kind');
    if (!file.size) return item('empty');
    if (bytes + file.size > BYTES_MAX || count === FILES_MAX) return item('room');
    bytes += file.size;
    count++;
    return item(null);
  });
}
