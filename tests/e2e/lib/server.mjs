/* The real binary with the pages packed in, on a port and in a data folder of its own. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';

import { BINARY } from './paths.mjs';

/** Starts a server; resolves when it has said where it listens. */
export async function startServer(...options) {
  const folder = await mkdtemp(path.join(tmpdir(), 'listening-e2e-'));
  const child = spawn(BINARY, ['serve', '--listen', '127.0.0.1:0', '--data', folder, ...options]);
  const log = [];
  const ended = new Promise((resolve) => child.on('close', (code, signal) => resolve({ code, signal })));
  createInterface({ input: child.stderr }).on('line', (line) => log.push(line));

  const origin = await new Promise((resolve, reject) => {
    child.on('error', reject);
    ended.then(({ code }) => reject(new Error(`the server ended at once with ${code}:\n${log.join('\n')}`)));
    createInterface({ input: child.stdout }).once('line', (line) => {
      const found = /^listening on (http:\/\/\S+)$/.exec(line);
      if (found) resolve(found[1]);
      else reject(new Error(`the first line is no address: ${line}`));
    });
  });

  return {
    origin,
    log,
    /** Sends SIGTERM; the server must end by itself, and well. */
    async stop() {
      child.kill('SIGTERM');
      const end = await ended;
      await rm(folder, { recursive: true, force: true });
      assert.deepEqual(end, { code: 0, signal: null }, log.slice(-40).join('\n'));
    },
  };
}
