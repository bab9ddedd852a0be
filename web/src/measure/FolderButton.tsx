/* A whole folder: by the browser's own picker where there is one, by a plain input elsewhere. */
import { useState } from 'react';

import { isAbort } from '@/api/failure';
import { FileButton } from '@/files/FileButton';
import { Live } from '@/ui/Live';
import { SOUND, soundsIn } from './paths';

interface Props {
  label: string;
  looking: string;
  nothing: string;
  onFiles: (files: File[]) => void;
}
type Picker = { showDirectoryPicker?: (options: { mode: 'read' }) => Promise<FileSystemDirectoryHandle> };

export function FolderButton({ label, looking, nothing, onFiles }: Props) {
  const [news, setNews] = useState('');
  const pick = (window as Picker).showDirectoryPicker;
  const give = (files: File[]) => {
    setNews(files.length ? '' : nothing);
    if (files.length) onFiles(files);
  };
  const open = async () => {
    try {
      const folder = await pick?.call(window, { mode: 'read' });
      if (!folder) return;
      setNews(looking);
      give(await soundsIn(folder));
    } catch (error) {
      setNews(isAbort(error) ? '' : nothing);
    }
  };
  return (
    <>
      {pick ? (
        <button type="button" className="choice" onClick={() => void open()}>
          {label}
        </button>
      ) : (
        <FileButton label={label} folder onFiles={(files) => give(files.filter(({ name }) => SOUND.test(name)))} />
      )}
      <Live text={news} shown />
    </>
  );
}
