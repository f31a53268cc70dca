/**
 * The commands that wait for their commit: in their order, and no more than are answered in time, fit into memory and
 * leave room for others. What was let in is never dropped.
 */

import { limits } from '../../protocol/limits.ts';
import type { Clock } from '../clock.ts';
import type { Job } from './commit.ts';
import { Pace } from './pace.ts';

/** Past one of these, or of `limits.waitingCommands`, commands are refused as `busy`: what they take in memory, and how long the last of them waits. */
export const waitingBytes = 32 * 1024 * 1024;
export const waitMs = 1_000;
/** What the wait is planned for: a part of it is kept for what cannot be foreseen. */
const plannedMs = waitMs * 0.8;
/** Of what is free, a sender may have so many times as much waiting: alone four fifths of all, and others always get in. */
const share = 4;

export class Backlog {
  readonly pace: Pace;
  readonly #clock: Clock;
  readonly #waiting: Job[] = [];
  /** What each of them takes in memory. */
  readonly #sizes: number[] = [];
  /** How many of a sender's wait. */
  readonly #bySender = new Map<string, number>();
  #bytes = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.pace = new Pace(clock);
  }

  get count(): number {
    return this.#waiting.length;
  }

  /**
   * How many more of this sender's commands may wait.
   * @param cameAt when they were received, if that is not now
   */
  roomFor(sender: string, cameAt?: number): number {
    const waitedMs = cameAt === undefined ? 0 : Math.max(0, this.#clock.now() - cameAt);
    const { count } = this;
    if (this.#bytes >= waitingBytes) return 0;
    const inTime = this.pace.roomFor(plannedMs - waitedMs);
    // However slow commits are, one is tried when nothing else is under way.
    const least = count === 0 && !this.pace.isCommitting && waitedMs < plannedMs ? limits.batch : 0;
    const free = Math.min(Math.max(inTime, least), limits.waitingCommands) - count;
    const own = this.#bySender.get(sender) ?? 0;
    const fair = Math.max((share * free - own) / (1 + share), limits.batch - own);
    return Math.max(0, Math.floor(Math.min(free, fair)));
  }

  push(job: Job): void {
    this.#waiting.push(job);
    const bytes = bytesIn(job.command);
    this.#sizes.push(bytes);
    this.#bytes += bytes;
    this.#bySender.set(job.sender, (this.#bySender.get(job.sender) ?? 0) + 1);
  }

  /** The oldest, as many as go into one commit. */
  take(): Job[] {
    const jobs = this.#waiting.splice(0, limits.batch);
    for (const bytes of this.#sizes.splice(0, limits.batch)) this.#bytes -= bytes;
    for (const { sender } of jobs) {
      const left = (this.#bySender.get(sender) ?? 1) - 1;
      if (left > 0) this.#bySender.set(sender, left);
      else this.#bySender.delete(sender);
    }
    this.pace.takes(jobs.length);
    return jobs;
  }
}

/** What a part of a command takes in memory, at most: two bytes a character. Its depth has been limited. */
function bytesIn(value: unknown): number {
  if (typeof value === 'string') return 2 * value.length;
  if (typeof value !== 'object' || value === null) return 8;
  let bytes = 16;
  for (const [key, inner] of Object.entries(value)) bytes += 2 * key.length + bytesIn(inner);
  return bytes;
}
