/* Both zones for files. What is let go anywhere on the page goes to the one that it is for. */
import { HistoryZone } from '@/history/HistoryZone';
import { MeasureZone } from '@/measure/MeasureZone';
import { useDrop } from './useDrop';

export function FilesArea({ hasChoices }: { hasChoices: boolean }) {
  const { over, dropped } = useDrop();
  return (
    <div className="grid gap-6">
      <MeasureZone hasChoices={hasChoices} over={over} dropped={dropped} />
      <HistoryZone hasChoices={hasChoices} over={over} dropped={dropped} />
    </div>
  );
}
