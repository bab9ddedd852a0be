import type { Origin } from '@/api/types';
import { useDetails } from '@/text/details';

/** Where a number comes from, in a word; the plain explanation stands under "What the numbers are worth". */
export function SourceBadge({ origin }: { origin: Origin }) {
  const { name, text } = useDetails().worth.sources[origin];
  return (
    <span className="badge" title={text}>
      {name}
    </span>
  );
}
