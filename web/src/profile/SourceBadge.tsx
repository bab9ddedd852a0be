import type { Origin, ProfileTrack } from '@/api/types';
import { useDetails } from '@/text/details';

interface Props {
  origin: Origin;
  measuredBy?: ProfileTrack['measured_by'];
}

/** Where a number comes from, in a word; the plain explanation stands under "What the numbers are worth". */
export function SourceBadge({ origin, measuredBy }: Props) {
  const { name, text } = useDetails().worth.sources[measuredBy ?? origin];
  return (
    <span className="badge" title={text}>
      {name}
    </span>
  );
}
