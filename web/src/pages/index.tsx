import { HomePage } from '@/home/HomePage';
import { WordsProvider } from '@/text/context';
import { en } from '@/text/en';

export default function Page() {
  return (
    <WordsProvider text={en}>
      <HomePage />
    </WordsProvider>
  );
}
