/**
 * Rate limits by token buckets. Each command takes a token; unused ones gather for up to ten seconds, so that a
 * driver who comes back online can send everything at once.
 */

import { CapsError } from '../../protocol/errors.ts';
import type { Clock } from '../clock.ts';

const burstSeconds = 10;
/**
 * An empty bucket stays shut for this long. Otherwise single commands of a continuous stream would slip through
 * before earlier ones. Nobody loses by it: tokens go on gathering.
 */
const shutMs = 1_000;
/** Buckets for requests; past it the rest share one. */
const keptMax = 10_000;
/** Buckets per address, so that a new name for each request gains nothing. */
const keptPerAddressMax = 1_000;

export class Bucket {
  readonly #ratePerSecond: number;
  readonly #clock: Clock;
  #tokens: number;
  #countedAt: number;
  #shutUntil = Number.NEGATIVE_INFINITY;

  /** @param ratePerSecond Infinity: no limit */
  constructor(ratePerSecond: number, clock: Clock) {
    this.#ratePerSecond = ratePerSecond;
    this.#clock = clock;
    this.#tokens = this.#tokensMax;
    this.#countedAt = clock.now();
  }

  /** Takes a token for one command. @returns `too-fast` if there is none */
  take(): CapsError | undefined {
    if (this.#ratePerSecond === Number.POSITIVE_INFINITY) return undefined;
    this.#gather();
    if (this.#countedAt >= this.#shutUntil && this.#tokens >= 1) {
      this.#tokens -= 1;
      return undefined;
    }
    if (this.#countedAt >= this.#shutUntil) {
      const untilNextMs = ((1 - this.#tokens) / this.#ratePerSecond) * 1_000;
      this.#shutUntil = this.#countedAt + Math.max(shutMs, untilNextMs);
    }
    const retryAfterMs = Math.ceil(this.#shutUntil - this.#countedAt);
    return new CapsError('too-fast', undefined, { details: { retryAfterMs } });
  }

  /** A full bucket can be dropped: a new one is the same. */
  get isFull(): boolean {
    this.#gather();
    return this.#tokens === this.#tokensMax;
  }

  get #tokensMax(): number {
    return Math.max(1, this.#ratePerSecond * burstSeconds);
  }

  #gather(): void {
    const now = this.#clock.now();
    // A clock that was set back must not keep anybody out.
    if (now < this.#countedAt) this.#shutUntil = Number.NEGATIVE_INFINITY;
    const seconds = Math.max(0, now - this.#countedAt) / 1_000;
    this.#tokens = Math.min(this.#tokensMax, this.#tokens + seconds * this.#ratePerSecond);
    this.#countedAt = now;
  }
}

/** All buckets of a hub: one per connection; for requests, one per address and name. */
export class Rates {
  readonly #ratePerSecond: number;
  readonly #clock: Clock;
  readonly #kept = new Map<string, { readonly bucket: Bucket; readonly address: string }>();
  /** Buckets per address. */
  readonly #perAddress = new Map<string, number>();
  readonly #rest: Bucket;
  #sweptAt: number;

  /** @param ratePerSecond Infinity: no limit */
  constructor(ratePerSecond: number, clock: Clock) {
    this.#ratePerSecond = ratePerSecond;
    this.#clock = clock;
    this.#rest = this.bucket();
    this.#sweptAt = clock.now();
  }

  /** For one connection. */
  bucket(): Bucket {
    return new Bucket(this.#ratePerSecond, this.#clock);
  }

  /** Counts one request. @param who the same for all requests of an actor @throws CapsError too-fast */
  admit(address: string, who: string): void {
    if (this.#ratePerSecond === Number.POSITIVE_INFINITY) return;
    const refusal = this.#bucketOf(address, `${address} ${who}`).take();
    if (refusal) throw refusal;
  }

  /** Number of buckets for requests. */
  get size(): number {
    return this.#kept.size;
  }

  #bucketOf(address: string, key: string): Bucket {
    const known = this.#kept.get(key);
    if (known) return known.bucket;
    if (this.#isCrowded(address)) this.#sweep();
    // Further names of an address share a bucket, whose key no name can have.
    if (this.#countOf(address) >= keptPerAddressMax && key !== address)
      return this.#bucketOf(address, address);
    if (this.#kept.size >= keptMax) return this.#rest;
    const bucket = this.bucket();
    this.#kept.set(key, { bucket, address });
    this.#perAddress.set(address, this.#countOf(address) + 1);
    return bucket;
  }

  #isCrowded(address: string): boolean {
    return this.#kept.size >= keptMax || this.#countOf(address) >= keptPerAddressMax;
  }

  #countOf(address: string): number {
    return this.#perAddress.get(address) ?? 0;
  }

  /** Drops full buckets, at most once a second because it visits all of them. */
  #sweep(): void {
    const now = this.#clock.now();
    if (Math.abs(now - this.#sweptAt) < 1_000) return;
    this.#sweptAt = now;
    for (const [key, { bucket, address }] of this.#kept) {
      if (!bucket.isFull) continue;
      this.#kept.delete(key);
      const left = this.#countOf(address) - 1;
      if (left > 0) this.#perAddress.set(address, left);
      else this.#perAddress.delete(address);
    }
  }
}
