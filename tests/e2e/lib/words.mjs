/* The words of the pages, from the pages' own source, so that the tests follow them. */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';

import { WEB } from './paths.mjs';

const typescript = createRequire(path.join(WEB, 'package.json'))('typescript');

async function load(file) {
  const source = await readFile(path.join(WEB, 'src', 'text', file), 'utf8');
  const { outputText } = typescript.transpileModule(source, { compilerOptions: { module: 'esnext', target: 'es2022' } });
  return import(`data:text/javascript,${encodeURIComponent(outputText)}`);
}

/** The words of all files together: those that come later with a part of a page stand beside the first ones. */
async function all(lang) {
  const { [lang]: first } = await load(`${lang}.ts`);
  const { [lang]: details } = await load(`details.${lang}.ts`);
  const { fileText } = await load('files.ts');
  const { measureText } = await load('measure.ts');
  const { historyText } = await load('history.ts');
  const { overTimeText } = await load('overtime.ts');
  return { ...first, profile: { ...first.profile, ...details }, files: { ...first.choose.files, ...fileText[lang] }, measure: measureText[lang], history: historyText[lang], overTime: overTimeText[lang] };
}

export const WORDS = { en: await all('en'), fr: await all('fr') };
export const LANGS = Object.keys(WORDS);

/** The address of a page in a language: address('fr', '/choose') is "/fr/choose". */
export function address(lang, page) {
  if (lang === 'en') return page;
  return page === '/' ? '/fr' : `/fr${page}`;
}
