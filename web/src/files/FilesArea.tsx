/* Both zones for files. What is let go anywhere on the page, or chosen, goes to the one that it is for. */
import { HistoryZone } from '@/history/HistoryZone';
import { MeasureZone } from '@/measure/MeasureZone';
import { useDrop } from './useDrop';

export function FilesArea({ hasChoices }: { hasChoices: boolean }) {
  const { over, dropped, give } = useDrop();
  return (
    <div className="grid gap-6">
      <MeasureZone hasChoices={hasChoices} over={over} dropped={dropped} give={give} />
      <HistoryZone hasChoices={hasChoices} over={over} dropped={dropped} give={give} />
    </div>
  );
}
