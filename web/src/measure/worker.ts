/* An analyser in a thread of its own: takes a sound in blocks and says its features; reads tags. One order at a
 * time, each with its reply. */
import { ListeningError, loadListening, rounded, type Analyzer, type Listening } from 'listening-wasm';

import { readTags } from './tags';
import type { Order, Reply } from './types';

let listening: Listening | null = null;
let analyzer: Analyzer | null = null;

function analyzerFor(rate_hz: number, channels: number): Analyzer {
  if (analyzer?.rateHz === rate_hz && analyzer.channels === channels) return analyzer;
  analyzer?.free();
  analyzer = null;
  if (!listening) throw new Error('nothing is loaded yet');
  analyzer = listening.analyzer(rate_hz, channels);
  return analyzer;
}

async function obey(order: Order): Promise<Reply> {
  switch (order.kind) {
    case 'load':
      listening = await loadListening(order.module);
      return {};
    case 'tags':
      return { tags: await readTags(order.file) };
    case 'listen': {
      const using = analyzerFor(order.rate_hz, order.planar.length);
      using.push(order.planar);
      return { track: rounded(using.finish(order.lang)) };
    }
  }
}

self.onmessage = async ({ data }: MessageEvent<Order>) => {
  const reply: Reply = await obey(data).catch((error: unknown) => ({
    error: error instanceof Error ? error.message : String(error),
    ofSound: error instanceof ListeningError && error.status === 'invalid',
  }));
  self.postMessage(reply);
};
