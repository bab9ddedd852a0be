/* Where a file lay in the folder that was chosen or dropped: a File itself does not say it in every case. */
const PATHS = new WeakMap<File, string>();

export const SOUND = /\.(mp3|mp2|m4a|mp4|aac|flac|og[ag]|opus|webm|weba|wave?|aiff?|aifc)$/i;
export const ACCEPT_SOUND = 'audio/*,.mp3,.m4a,.aac,.flac,.ogg,.oga,.opus,.weba,.wav,.aif,.aiff';
/** As many files as are measured at a time. */
export const FILES_MAX = 2000;

export function placed(file: File, path: string): File {
  PATHS.set(file, path.replace(/^\/+/, ''));
  return file;
}

export const pathOf = (file: File): string => PATHS.get(file) ?? (file.webkitRelativePath || file.name);

/** Every sound in a folder that was picked, and in its folders; one more than are taken, so that it can be said. */
export async function soundsIn(folder: FileSystemDirectoryHandle, path = folder.name): Promise<File[]> {
  const files: File[] = [];
  for await (const entry of (folder as unknown as { values(): AsyncIterable<FileSystemHandle> }).values()) {
    if (files.length > FILES_MAX) break;
    const place = `${path}/${entry.name}`;
    if (entry.kind === 'directory') files.push(...(await soundsIn(entry as FileSystemDirectoryHandle, place)));
    else if (SOUND.test(entry.name)) files.push(placed(await (entry as FileSystemFileHandle).getFile(), place));
  }
  return files;
}
