/* The profile's later words, in the page's language. */
import { useWords } from './context';
import { en, type Details } from './details.en';
import { fr } from './details.fr';

export function useDetails(): Details {
  return useWords().t.lang === 'fr' ? fr : en;
}
