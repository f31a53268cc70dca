/**
 * Estimates how long a new command waits for its answer, from the latest commits.
 *
 * A commit has a fixed cost, mostly its sync, and a cost per command. Both are fitted to the latest commits: a quiet
 * hub commits one command at a time, and a mean would make a thousand look a thousand times as slow. A commit that
 * already takes too long is expected to take as long again, so that a hanging disk is noticed before it answers.
 */

import { limits } from '../../protocol/limits.ts';
import type { Clock } from '../clock.ts';

/** Assumed at the start: a poor disk, so that a first burst is not accepted too lightly. */
const unknown = { fixedMs: 10, eachMs: 0.15 } as const;
/** Weight of older commits against the next one. */
const memory = 0.9;
/** Minimum variance of the sizes before they tell the cost per command, in commands squared. */
const spreadMin = 64 ** 2;
/** Longer commits count as this long: a machine that slept must not look slow for long. */
const sampleMaxMs = 2_000;

interface Sums {
  weight: number;
  size: number;
  ms: number;
  sizeSquared: number;
  sizeByMs: number;
}

export class Pace {
  readonly #clock: Clock;
  #fixedMs: number = unknown.fixedMs;
  #eachMs: number = unknown.eachMs;
  /** Sums over the latest commits with decaying weights, for the fit. */
  readonly #sums: Sums = { weight: 1, size: 0, ms: unknown.fixedMs, sizeSquared: 0, sizeByMs: 0 };
  /** When the work under way began. */
  #since: number | undefined;
  /** Commands in the commit under way. */
  #taken = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** There is something to commit. */
  begins(): void {
    this.#since = this.#clock.now();
  }

  /** The commit takes this many commands. */
  takes(count: number): void {
    this.#taken = count;
  }

  get isCommitting(): boolean {
    return this.#taken > 0;
  }

  /** The commit has ended, well or not. The hub's work around it counts as part of it. */
  ends(): void {
    this.learn(this.#taken, this.#elapsedMs);
    this.#since = undefined;
    this.#taken = 0;
  }

  /** Adds a sample. */
  learn(count: number, tookMs: number): void {
    const ms = Math.min(tookMs, sampleMaxMs);
    const sums = this.#sums;
    sums.weight = sums.weight * memory + 1;
    sums.size = sums.size * memory + count;
    sums.ms = sums.ms * memory + ms;
    sums.sizeSquared = sums.sizeSquared * memory + count * count;
    sums.sizeByMs = sums.sizeByMs * memory + count * ms;
    const size = sums.size / sums.weight;
    const meanMs = sums.ms / sums.weight;
    const spread = sums.sizeSquared / sums.weight - size * size;
    const together = sums.sizeByMs / sums.weight - size * meanMs;
    const each = (together + spreadMin * unknown.eachMs) / (spread + spreadMin);
    this.#eachMs = Math.min(Math.max(each, 0), size > 0 ? meanMs / size : each);
    this.#fixedMs = meanMs - this.#eachMs * size;
  }

  /** How many commands may wait so that the last is answered within this time. */
  roomFor(withinMs: number): number {
    const left = withinMs - this.#restMs;
    const whole = this.#fixedMs + this.#eachMs * limits.batch;
    if (left <= 0) return 0;
    if (whole <= 0) return Number.POSITIVE_INFINITY;
    const commits = Math.floor(left / whole);
    const last = (left - commits * whole - this.#fixedMs) / this.#eachMs;
    // If commands cost nothing, the rest of the time takes a whole batch or none.
    const more = last > 0 ? Math.min(Math.floor(last), limits.batch) : 0;
    return commits * limits.batch + more;
  }

  /** Expected rest of the commit under way. */
  get #restMs(): number {
    if (!this.isCommitting) return 0;
    const usualMs = this.#fixedMs + this.#eachMs * this.#taken;
    const elapsedMs = this.#elapsedMs;
    return elapsedMs < usualMs ? usualMs - elapsedMs : elapsedMs;
  }

  /** A clock set back counts as no time. */
  get #elapsedMs(): number {
    return this.#since === undefined ? 0 : Math.max(0, this.#clock.now() - this.#since);
  }
}
