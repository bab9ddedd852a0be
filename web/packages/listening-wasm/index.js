/* The package's face: loading, and what a loaded library can do. Types and words about each: index.d.ts. */
import { Analyzer } from './src/analyzer.js';
import { emotionsOf, profileOf } from './src/emotions.js';
import { ListeningError, Memory } from './src/memory.js';

export { ListeningError } from './src/memory.js';
export { rounded } from './src/rounded.js';

export const wasmUrl = new URL('./listening.wasm', import.meta.url);

const isResponse = (source) => typeof Response !== 'undefined' && source instanceof Response;

/** The bytes behind a file: address in Node, whose fetch does not read them. */
function readFile(url) {
  const fs = globalThis.process?.getBuiltinModule?.('node:fs');
  if (!fs) throw new ListeningError('files cannot be read here; give the bytes of listening.wasm', 'unsupported');
  return fs.promises.readFile(url);
}

async function compileResponse(response) {
  if (!response.ok) throw new ListeningError(`listening.wasm could not be fetched: the answer was ${response.status}`, 'io');
  /* Streaming needs the type application/wasm, which not every server sends. */
  if (response.headers.get('Content-Type')?.startsWith('application/wasm')) return WebAssembly.compileStreaming(response);
  return WebAssembly.compile(await response.arrayBuffer());
}

export async function compileListening(source = wasmUrl) {
  if (isResponse(source)) return compileResponse(source);
  if (typeof source !== 'string' && !(source instanceof URL)) return WebAssembly.compile(source);
  if (String(source).startsWith('file:')) return WebAssembly.compile(await readFile(new URL(source)));
  return compileResponse(await fetch(source));
}

export async function loadListening(source) {
  const module = source instanceof WebAssembly.Module ? source : await compileListening(source);
  const memory = new Memory((await WebAssembly.instantiate(module, {})).exports);
  return {
    analyzer: (rateHz, channels) => new Analyzer(memory, rateHz, channels),
    emotions: (features, lang = 'en') => emotionsOf(memory, features, lang),
    profile: (tracks, lang = 'en') => profileOf(memory, tracks, lang),
    get memoryBytes() {
      return memory.bytes;
    },
  };
}
