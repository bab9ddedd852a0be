import { ChoosePage } from '@/choose/ChoosePage';
import { WordsProvider } from '@/text/context';
import { fr } from '@/text/fr';

export default function Page() {
  return (
    <WordsProvider text={fr}>
      <ChoosePage />
    </WordsProvider>
  );
}
