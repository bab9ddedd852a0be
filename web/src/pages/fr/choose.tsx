import { ChoosePage } from '@/choose/ChoosePage';
import { pageIn } from '@/text/context';
import { fr } from '@/text/fr';

export default pageIn(fr, ChoosePage);
