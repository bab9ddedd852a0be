/* Files one after the other, each through tags, the browser's decoder and an analyst: what is on its way at once is
 * bound by the number of analysts and by memory (room.ts). */
import type { Lang } from 'listening-wasm';

import { coresToUse, hireAnalyst, SoundError, type Analyst } from './analyst';
import { nameOf } from './names';
import { decodedBytes, DECODED_BYTES_MAX, FILE_BYTES_MAX, RATE_HZ, Room, tooMuch } from './room';
import type { MeasuredTrack, Tags } from './types';

const GARBAGE_MAX = 128 * 1024 * 1024;
const SHORTEST_S = 3; /* as LI_SHORTEST_S of the analyser */

export type Problem = 'kind' | 'empty' | 'many' | 'long' | 'channels' | 'short' | 'silent' | 'loud' | 'unreadable';
export type Outcome = { track: MeasuredTrack } | { problem: Problem };
export interface Job {
  file: File;
  /** With its folders, where they are known. */
  path: string;
}

class Refused extends Error {
  constructor(readonly problem: Problem) {
    super(problem);
  }
}

export class Measuring {
  private readonly room = new Room();
  private next = 0;
  private stopped = false;
  private resumed: Promise<void> | null = null;
  private resume_: () => void = () => {};
  private readonly analysts = new Set<Analyst>();

  constructor(
    private readonly jobs: Job[],
    private readonly lang: Lang,
    private readonly tell: (index: number, outcome: Outcome) => void,
  ) {}

  /** Resolves when every file has its outcome, or after stop. Fails when no analyst can be had at all. */
  async run(): Promise<void> {
    const wanted = Math.min(coresToUse(), this.jobs.length);
    await Promise.all(Array.from({ length: wanted }, () => this.work()));
  }

  pause() {
    this.resumed ??= new Promise((resolve) => (this.resume_ = resolve));
  }

  resume() {
    this.resumed = null;
    this.resume_();
  }

  stop() {
    this.stopped = true;
    this.resume();
    for (const analyst of this.analysts) analyst.end();
  }

  private async hire(): Promise<Analyst> {
    const analyst = await hireAnalyst();
    this.analysts.add(analyst);
    if (this.stopped) analyst.end();
    return analyst;
  }

  /** What one analyst does until there is no file left. */
  private async work(): Promise<void> {
    let analyst = await this.hire();
    /* A context of its own: a context decodes one file at a time. */
    const decoder = new OfflineAudioContext(1, 1, RATE_HZ);
    for (;;) {
      await this.resumed;
      const index = this.next++;
      const job = this.jobs[index];
      if (!job || this.stopped) break;
      let outcome: Outcome;
      try {
        outcome = { track: await this.measure(job, analyst, decoder) };
      } catch (error) {
        outcome = { problem: error instanceof Refused ? error.problem : 'unreadable' };
      }
      if (this.stopped) break;
      this.tell(index, outcome);
      if (!analyst.usable) {
        analyst.end();
        this.analysts.delete(analyst);
        analyst = await this.hire();
      }
    }
    analyst.end();
  }

  private async measure({ file, path }: Job, analyst: Analyst, decoder: OfflineAudioContext): Promise<MeasuredTrack> {
    if (file.size > FILE_BYTES_MAX) throw new Refused('long');
    const { tags } = await analyst.ask({ kind: 'tags', file });
    if (!tags) throw new Error('no tags');
    const bytes = decodedBytes(file.name, file.size, tags.duration_s, tags.channels);
    const told = tags.duration_s ? tooMuch(tags.duration_s * RATE_HZ, tags.channels ?? 2) : null;
    if (told) throw new Refused(told);
    const taken = Math.min(bytes, DECODED_BYTES_MAX) + file.size;
    await this.room.enter(taken);
    try {
      return await this.listen(file, path, tags, analyst, decoder);
    } finally {
      this.room.leave(taken);
    }
  }

  private async listen(file: File, path: string, tags: Tags, analyst: Analyst, decoder: OfflineAudioContext): Promise<MeasuredTrack> {
    const sound = await decoder.decodeAudioData(await file.arrayBuffer()).catch(() => {
      throw new Refused('unreadable');
    });
    countAsGarbage(file.size);
    const problem = tooMuch(sound.length, sound.numberOfChannels);
    if (problem) throw new Refused(problem);
    if (sound.numberOfChannels > 8) throw new Refused('unreadable');
    /* Handed over whole and not copied: the analyst reads it in blocks and forgets it. What stays here is empty. */
    const planar = Array.from({ length: sound.numberOfChannels }, (_, channel) => sound.getChannelData(channel));
    const { duration } = sound;
    const { track } = await analyst.ask({ kind: 'listen', rate_hz: sound.sampleRate, planar, lang: this.lang }).catch((error: unknown) => {
      throw error instanceof SoundError ? new Refused(duration < SHORTEST_S ? 'short' : 'loud') : error;
    });
    if (!track) throw new Refused('unreadable');
    if (track.features.loudness === null) throw new Refused('silent');
    return { file: path, ...nameOf(path, tags), ...track };
  }
}

/**
 * A decoder keeps the bytes of a file until the garbage collector runs, which does not know how many these are and sees
 * no reason to. So it is shown some: never touched, they take no memory, but count. Four times as many, since Chromium
 * lets 400 MB come together first.
 */
function countAsGarbage(bytes: number) {
  void new ArrayBuffer(Math.min(4 * bytes, GARBAGE_MAX));
}

/** Whether this browser can do all of it. */
export const canMeasure = (): boolean =>
  typeof WebAssembly === 'object' && typeof Worker === 'function' && typeof OfflineAudioContext === 'function';
