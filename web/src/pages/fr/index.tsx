import { HomePage } from '@/home/HomePage';
import { WordsProvider } from '@/text/context';
import { fr } from '@/text/fr';

export default function Page() {
  return (
    <WordsProvider text={fr}>
      <HomePage />
    </WordsProvider>
  );
}
