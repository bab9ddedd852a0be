import { Section } from '@/profile/Section';
import { useWords } from '@/text/context';
import { overTimeText } from '@/text/overtime';
import { Compare } from './Compare';

/** A section of its own, so that its words come with it. */
export function CompareSection({ session, run }: { session: string; run: string }) {
  const { t } = useWords();
  return (
    <Section title={overTimeText[t.lang].compare.heading} id="compare" className="no-print md:col-span-2">
      <Compare session={session} run={run} />
    </Section>
  );
}
