/* The example, as the program computed it (web/build --example), in the page's language. */
import type { Text } from '@/text/en';
import en from './example.en.json';
import fr from './example.fr.json';

export const example = (lang: Text['lang']) => (lang === 'fr' ? fr : en);
export const exampleArtists = en.artists;
