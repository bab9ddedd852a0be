/* Writes out/sw.js: tools/sw.js with the files of this build, and a hash of what is in them. */
import { createHash } from 'node:crypto';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const OUT = fileURLToPath(new URL('../out/', import.meta.url));
const SCRIPT = fileURLToPath(new URL('sw.js', import.meta.url));
/* Not needed to show a page that is known, or not without a network. */
const LEFT_OUT = /^\/(404|_error|sw\.js|robots\.txt)|\.map$/;

/** "/fr/choose.html" is asked for as "/fr/choose". */
const addressOf = (file) => file.replace(/\.html$/, '').replace(/(^|\/)index$/, '$1') || '/';

async function files() {
  const found = await readdir(OUT, { recursive: true, withFileTypes: true });
  return found
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath ?? entry.path, entry.name))
    .map((file) => ({ file, address: addressOf(`/${path.relative(OUT, file)}`) }))
    .filter(({ address }) => !LEFT_OUT.test(address))
    .sort((a, b) => (a.address < b.address ? -1 : 1));
}

const hash = createHash('sha256');
const list = await files();
for (const { file, address } of list) hash.update(`${address}\n`).update(await readFile(file));
const script = (await readFile(SCRIPT, 'utf8'))
  .replace('%HASH%', hash.digest('hex').slice(0, 16))
  .replace('%FILES%', JSON.stringify(list.map(({ address }) => address)));
await writeFile(path.join(OUT, 'sw.js'), script);
