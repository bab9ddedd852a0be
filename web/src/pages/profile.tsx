import { ProfilePage } from '@/profile/ProfilePage';
import { WordsProvider } from '@/text/context';
import { en } from '@/text/en';

export default function Page() {
  return (
    <WordsProvider text={en}>
      <ProfilePage />
    </WordsProvider>
  );
}
