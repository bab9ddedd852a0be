/* Files and folders let go anywhere on the page: beside a zone, the browser would leave the page to show one. What is
 * chosen with a button is sorted in the same way. */
import { useCallback, useEffect, useState } from 'react';

import { isHistory } from '@/history/useImport';
import { FILES_MAX as SOUNDS_MAX, placed, SOUND } from '@/measure/paths';

/* As many files of a history as the service takes in one form. */
const HISTORIES_MAX = 200;

/** A profile is made of sounds or of a history: one of the two is empty. */
export interface Dropped {
  sounds: File[];
  histories: File[];
  /** Files of the other kind that came with them. */
  aside: number;
}

/** Takes files of any kind: each goes to the zone that it is for. */
export type Give = (files: File[], asMusic?: boolean) => void;

const readAll = (folder: FileSystemDirectoryEntry) =>
  new Promise<FileSystemEntry[]>((resolve) => {
    const reader = folder.createReader();
    const found: FileSystemEntry[] = [];
    const more = () =>
      reader.readEntries(
        (some) => {
          found.push(...some);
          if (some.length) more();
          else resolve(found);
        },
        () => resolve(found),
      );
    more();
  });
const fileOf = (entry: FileSystemFileEntry) =>
  new Promise<File | null>((resolve) => entry.file(resolve, () => resolve(null)));

/** The files in a folder that are for us, and in its folders. */
async function filesIn(folder: FileSystemDirectoryEntry): Promise<File[]> {
  const files: File[] = [];
  for (const entry of await readAll(folder)) {
    if (files.length > SOUNDS_MAX) break;
    if (entry.isDirectory) files.push(...(await filesIn(entry as FileSystemDirectoryEntry)));
    else if (isHistory(entry.name) || SOUND.test(entry.name)) {
      const file = await fileOf(entry as FileSystemFileEntry);
      if (file) files.push(placed(file, entry.fullPath));
    }
  }
  return files;
}

/** Everything that a drop carries. The browser forgets it when the event is over, so it is asked for at once. */
async function filesOf(carried: DataTransfer): Promise<File[]> {
  const parts = Array.from(carried.items).map((item) => ({ entry: item.webkitGetAsEntry?.(), file: item.getAsFile() }));
  const files = await Promise.all(
    parts.map(async ({ entry, file }) =>
      entry?.isDirectory ? filesIn(entry as FileSystemDirectoryEntry) : file ? [file] : [],
    ),
  );
  return files.flat();
}

/**
 * Exports are told by their names, all else is for the zone of sounds, which says what it cannot read. A folder of music
 * often has a list or a cover's text in it: with more sounds than that, it is music, and nothing of it is sent. Where
 * music was asked for, one sound is enough.
 */
function sort(files: File[], asMusic: boolean): Dropped {
  const histories = files.filter((file) => isHistory(file.name));
  const others = files.filter((file) => !isHistory(file.name));
  const sounds = others.filter((file) => SOUND.test(file.name)).length;
  return histories.length && (asMusic ? !sounds : histories.length >= sounds)
    ? { histories: histories.slice(0, HISTORIES_MAX), sounds: [], aside: sounds }
    : { histories: [], sounds: others, aside: histories.length };
}

export function useDrop(): { over: boolean; dropped: Dropped | null; give: Give } {
  const [over, setOver] = useState(false);
  const [dropped, setDropped] = useState<Dropped | null>(null);
  const give = useCallback<Give>((files, asMusic = false) => setDropped(sort(files, asMusic)), []);
  useEffect(() => {
    const carries = (event: DragEvent) => event.dataTransfer?.types.includes('Files');
    const onOver = (event: DragEvent) => {
      if (!carries(event)) return;
      event.preventDefault();
      setOver(true);
    };
    const onLeave = (event: DragEvent) => {
      if (!event.relatedTarget) setOver(false);
    };
    const onDrop = (event: DragEvent) => {
      if (!carries(event) || !event.dataTransfer) return;
      event.preventDefault();
      setOver(false);
      void filesOf(event.dataTransfer).then((files) => give(files));
    };
    window.addEventListener('dragover', onOver);
    window.addEventListener('dragleave', onLeave);
    window.addEventListener('drop', onDrop);
    return () => {
      window.removeEventListener('dragover', onOver);
      window.removeEventListener('dragleave', onLeave);
      window.removeEventListener('drop', onDrop);
    };
  }, [give]);
  return { over, dropped, give };
}
