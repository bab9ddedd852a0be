import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../../..');
export const WEB = path.join(ROOT, 'web');
/* The program with the pages packed in. */
export const BINARY = path.resolve(ROOT, process.env.LISTENING ?? 'build-e2e/listening');
export const PICTURES = path.join(ROOT, 'build', 'e2e-pictures');
