/* The workers: as many as there are cores but one, each at one order at a time. */
import { compileListening } from 'listening-wasm';

import type { Order, Reply } from './types';

/** What is wrong with a sound, and not with us. */
export class SoundError extends Error {}

export class Analyst {
  private readonly worker = new Worker(new URL('./worker.ts', import.meta.url));
  private settle: ((reply: Reply) => void) | null = null;
  private broken: string | null = null;

  constructor() {
    this.worker.onmessage = ({ data }: MessageEvent<Reply>) => this.reply(data);
    this.worker.onerror = (event) => {
      event.preventDefault();
      this.fail(event.message || 'the worker did not start');
    };
  }

  private reply(reply: Reply) {
    const settle = this.settle;
    this.settle = null;
    settle?.(reply);
  }

  private fail(why: string) {
    this.broken ??= why;
    this.reply({ error: why });
  }

  get usable(): boolean {
    return this.broken === null;
  }

  async ask(order: Order): Promise<Reply> {
    if (this.broken !== null) throw new Error(this.broken);
    const reply = await new Promise<Reply>((settle) => {
      this.settle = settle;
      this.worker.postMessage(order, order.kind === 'listen' ? order.planar.map((row) => row.buffer) : []);
    });
    if (reply.error === undefined) return reply;
    if (reply.ofSound) throw new SoundError(reply.error);
    this.broken ??= reply.error;
    throw new Error(reply.error);
  }

  end() {
    this.worker.terminate();
    this.fail('ended');
  }
}

/** The library is fetched and compiled once; every worker gets the compiled module. */
let compiled: Promise<WebAssembly.Module> | null = null;
export function compileOnce(): Promise<WebAssembly.Module> {
  compiled ??= compileListening();
  compiled.catch(() => (compiled = null));
  return compiled;
}

export async function hireAnalyst(): Promise<Analyst> {
  const module = await compileOnce();
  const analyst = new Analyst();
  try {
    await analyst.ask({ kind: 'load', module });
  } catch (error) {
    analyst.end();
    throw error;
  }
  return analyst;
}

export const coresToUse = (): number => Math.max(1, (navigator.hardwareConcurrency || 2) - 1);
