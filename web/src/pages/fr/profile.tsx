import { ProfilePage } from '@/profile/ProfilePage';
import { WordsProvider } from '@/text/context';
import { fr } from '@/text/fr';

export default function Page() {
  return (
    <WordsProvider text={fr}>
      <ProfilePage />
    </WordsProvider>
  );
}
