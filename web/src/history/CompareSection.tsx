import { Section } from '@/profile/Section';
import { useWords } from '@/text/context';
import { overTimeText } from '@/text/overtime';
import { Compare } from './Compare';

/** A section of its own, so that its words come with it. */
export function CompareSection({ session }: { session: string }) {
  const { t } = useWords();
  return (
    <Section title={overTimeText[t.lang].compare.heading} id="compare" className="no-print md:col-span-2">
      <Compare session={session} />
    </Section>
  );
}
