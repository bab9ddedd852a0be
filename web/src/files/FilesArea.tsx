/* Both zones for files. What is let go anywhere on the page goes to the one that it is for. */
import { HistoryZone } from '@/history/HistoryZone';
import { DropZone } from './DropZone';
import { useDrop } from './useDrop';

export function FilesArea({ hasChoices }: { hasChoices: boolean }) {
  const { over, dropped } = useDrop();
  return (
    <div className="grid gap-6">
      <DropZone hasChoices={hasChoices} over={over} dropped={dropped} />
      <HistoryZone hasChoices={hasChoices} over={over} dropped={dropped} />
    </div>
  );
}
