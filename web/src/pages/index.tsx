import { HomePage } from '@/home/HomePage';
import { pageIn } from '@/text/context';
import { en } from '@/text/en';

export default pageIn(en, HomePage);
