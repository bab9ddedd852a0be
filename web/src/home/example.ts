/* The example, as the program computed it (web/build --example), in the page's language. */
import type { Lang } from '@/text/en';
import en from './example.en.json';
import fr from './example.fr.json';

export const example = (lang: Lang) => (lang === 'fr' ? fr : en);
export const exampleArtists = en.artists;
