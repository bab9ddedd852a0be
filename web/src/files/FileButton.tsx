/* A button for files, or for all the files of a folder. The input lies over it unseen, so that pointer, keyboard and
 * screen reader meet what the browser itself knows how to open. */
interface Props {
  label: string;
  /** Endings and types, as the browser's window is to show them. */
  accept?: string;
  folder?: boolean;
  className?: string;
  /** One file at least. */
  onFiles: (files: File[]) => void;
}

export function FileButton({ label, accept, folder = false, className = '', onFiles }: Props) {
  return (
    <label className={`choice ${className}`}>
      <input
        type="file"
        multiple
        accept={accept}
        {...(folder ? { webkitdirectory: '' } : {})}
        onChange={({ target }) => {
          const files = Array.from(target.files ?? []);
          target.value = ''; /* the same files can be chosen again */
          if (files.length) onFiles(files);
        }}
      />
      {label}
    </label>
  );
}
