import type { Origin } from '@/api/types';
import { useWords } from '@/text/context';

/** Where a number comes from, in a word; the plain explanation stands under "What the numbers are worth". */
export function SourceBadge({ origin }: { origin: Origin }) {
  const { t } = useWords();
  const { name, text } = t.profile.worth.sources[origin];
  return (
    <span className="badge" title={text}>
      {name}
    </span>
  );
}
