import { useWords } from '@/text/context';
import { CHOICES_GOOD, CHOICES_MAX } from './choices';

/** Five dots to fill, and five smaller ones that may be. */
export function Dots({ count }: { count: number }) {
  const { t } = useWords();
  return (
    <svg width="148" height="12" viewBox="0 0 148 12" role="img" aria-label={t.choose.count(count)}>
      {Array.from({ length: CHOICES_MAX }, (_, i) => (
        <circle
          key={i}
          cx={6 + i * 15}
          cy="6"
          r={i < CHOICES_GOOD ? 5 : 3.5}
          className={i < count ? 'dot dot-full' : 'dot'}
        />
      ))}
    </svg>
  );
}
