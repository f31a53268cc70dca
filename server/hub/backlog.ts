/**
 * Queue of commands that wait for their commit, in order. It is bounded by waiting time, memory and a fair share per
 * sender. An accepted command is never dropped.
 */

import { limits } from '../../protocol/limits.ts';
import type { Clock } from '../clock.ts';
import type { Job } from './commit.ts';
import { Pace } from './pace.ts';

/**
 * Past one of these, or past `limits.waitingCommands`, the hub refuses commands as `busy`: memory of all waiting
 * commands, and the time that the last of them waits.
 */
export const waitingBytes = 32 * 1024 * 1024;
export const waitMs = 1_000;
/** The wait that the hub plans for; the rest is a reserve for slower commits than expected. */
const plannedMs = waitMs * 0.8;
/**
 * One sender may queue this many times what stays free: alone, four fifths of the queue. So there is always room for
 * others.
 */
const share = 4;

export class Backlog {
  readonly pace: Pace;
  readonly #clock: Clock;
  readonly #waiting: Job[] = [];
  /** Memory of each waiting command, in bytes. */
  readonly #sizes: number[] = [];
  /** Waiting commands per sender. */
  readonly #bySender = new Map<string, number>();
  #bytes = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.pace = new Pace(clock);
  }

  get count(): number {
    return this.#waiting.length;
  }

  /** How many more commands of this sender may wait. @param cameAt when they were received, if not now */
  roomFor(sender: string, cameAt?: number): number {
    const waitedMs = cameAt === undefined ? 0 : Math.max(0, this.#clock.now() - cameAt);
    const { count } = this;
    if (this.#bytes >= waitingBytes) return 0;
    const inTime = this.pace.roomFor(plannedMs - waitedMs);
    // However slow commits are, an idle hub tries one.
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

  /**
   * Takes the oldest commands, as many as fit into one commit.
   * @param taken those that the commit already has
   */
  take(taken = 0): Job[] {
    const room = Math.max(0, limits.batch - taken);
    const jobs = this.#waiting.splice(0, room);
    for (const bytes of this.#sizes.splice(0, room)) this.#bytes -= bytes;
    for (const { sender } of jobs) {
      const left = (this.#bySender.get(sender) ?? 1) - 1;
      if (left > 0) this.#bySender.set(sender, left);
      else this.#bySender.delete(sender);
    }
    this.pace.takes(taken + jobs.length);
    return jobs;
  }
}

/** Upper bound of a value's memory, at two bytes per character. The parser has limited its depth. */
function bytesIn(value: unknown): number {
  if (typeof value === 'string') return 2 * value.length;
  if (!isJson(value)) return 8;
  let bytes = 16;
  for (const key in value) bytes += 2 * key.length + bytesIn(value[key]);
  return bytes;
}

function isJson(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
