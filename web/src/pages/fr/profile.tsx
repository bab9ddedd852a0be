import { ProfilePage } from '@/profile/ProfilePage';
import { pageIn } from '@/text/context';
import { fr } from '@/text/fr';

export default pageIn(fr, ProfilePage);
