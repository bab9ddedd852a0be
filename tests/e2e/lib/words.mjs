/* The words of the pages, from the pages' own source, so that the tests follow them. */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';

import { WEB } from './paths.mjs';

const typescript = createRequire(path.join(WEB, 'package.json'))('typescript');

async function load(lang) {
  const source = await readFile(path.join(WEB, 'src', 'text', `${lang}.ts`), 'utf8');
  const { outputText } = typescript.transpileModule(source, { compilerOptions: { module: 'esnext', target: 'es2022' } });
  return (await import(`data:text/javascript,${encodeURIComponent(outputText)}`))[lang];
}

export const WORDS = { en: await load('en'), fr: await load('fr') };
export const LANGS = Object.keys(WORDS);

/** The address of a page in a language: address('fr', '/choose') is "/fr/choose". */
export function address(lang, page) {
  if (lang === 'en') return page;
  return page === '/' ? '/fr' : `/fr${page}`;
}
