import { HomePage } from '@/home/HomePage';
import { pageIn } from '@/text/context';
import { fr } from '@/text/fr';

export default pageIn(fr, HomePage);
