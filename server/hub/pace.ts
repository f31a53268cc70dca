/**
 * How long a command that comes now would wait for its answer, judged by how fast commits went lately.
 *
 * A commit costs something however small it is, its sync above all, and something for each command. Both are fitted
 * to the latest commits, because a quiet hub commits one command at a time and would else believe that a thousand
 * take a thousand times as long. A commit that already takes longer than it should is expected to take as long again:
 * so a disk that stands still is noticed before it has answered.
 */

import { limits } from '../../protocol/limits.ts';
import type { Clock } from '../clock.ts';

/** What is believed of a disk as long as nothing is known: a poor one, so that a first burst is not taken too lightly. */
const unknown = { fixedMs: 10, eachMs: 0.15 } as const;
/** What older commits count beside the next one. */
const memory = 0.9;
/** How much sizes have to differ before they say what one command costs, in commands squared. */
const spreadMin = 64 ** 2;
/** A longer commit says no more: a machine that slept must not be thought slow for long. */
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
  /** Of the latest commits, the earlier the less: how many, their sizes, their times, and products of both. */
  readonly #sums: Sums = { weight: 1, size: 0, ms: unknown.fixedMs, sizeSquared: 0, sizeByMs: 0 };
  /** Since when something is under way. */
  #since: number | undefined;
  /** Commands in the commit that is under way. */
  #taken = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** There is something to commit. */
  begins(): void {
    this.#since = this.#clock.now();
  }

  /** The commit takes so many commands. */
  takes(count: number): void {
    this.#taken = count;
  }

  get isCommitting(): boolean {
    return this.#taken > 0;
  }

  /** The commit is over, whatever came of it. What a hub does beside committing is part of its pace. */
  ends(): void {
    this.learn(this.#taken, this.#elapsedMs);
    this.#since = undefined;
    this.#taken = 0;
  }

  /** A commit, or what is like one, took so long. */
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

  /** How many commands may wait so that the last of them is answered within this time. */
  roomFor(withinMs: number): number {
    const left = withinMs - this.#restMs;
    const whole = this.#fixedMs + this.#eachMs * limits.batch;
    if (left <= 0) return 0;
    if (whole <= 0) return Number.POSITIVE_INFINITY;
    const commits = Math.floor(left / whole);
    const last = (left - commits * whole - this.#fixedMs) / this.#eachMs;
    // Where each costs nothing, what is left takes a whole batch or none.
    const more = last > 0 ? Math.min(Math.floor(last), limits.batch) : 0;
    return commits * limits.batch + more;
  }

  /** Until the commit that is under way is over. */
  get #restMs(): number {
    if (!this.isCommitting) return 0;
    const usualMs = this.#fixedMs + this.#eachMs * this.#taken;
    const elapsedMs = this.#elapsedMs;
    return elapsedMs < usualMs ? usualMs - elapsedMs : elapsedMs;
  }

  /** A clock that was set back says nothing. */
  get #elapsedMs(): number {
    return this.#since === undefined ? 0 : Math.max(0, this.#clock.now() - this.#since);
  }
}
