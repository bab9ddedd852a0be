import { ChoosePage } from '@/choose/ChoosePage';
import { WordsProvider } from '@/text/context';
import { en } from '@/text/en';

export default function Page() {
  return (
    <WordsProvider text={en}>
      <ChoosePage />
    </WordsProvider>
  );
}
