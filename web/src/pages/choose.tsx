import { ChoosePage } from '@/choose/ChoosePage';
import { pageIn } from '@/text/context';
import { en } from '@/text/en';

export default pageIn(en, ChoosePage);
