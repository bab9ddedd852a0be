import { ProfilePage } from '@/profile/ProfilePage';
import { pageIn } from '@/text/context';
import { en } from '@/text/en';

export default pageIn(en, ProfilePage);
