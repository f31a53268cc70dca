/**
 * How fast one may send: token buckets. Each command takes a token; what was not used gathers up to ten seconds'
 * worth, so that who comes back from a basement may send all that happened there at once.
 */

import { CapsError } from '../../protocol/errors.ts';
import type { Clock } from '../clock.ts';

const burstSeconds = 10;
/**
 * Once it is empty, a bucket stays shut for so long. Otherwise of what is sent on without a pause, here and there one
 * would come through, before others that were sent earlier. Nobody loses by it: tokens go on gathering.
 */
const shutMs = 1_000;
/** Buckets that are kept for those who come by requests; past it the rest share. */
const keptMax = 10_000;
/** Of one address: who calls himself another for each request gets no further than this. */
const keptPerAddressMax = 1_000;

export class Bucket {
  readonly #ratePerSecond: number;
  readonly #clock: Clock;
  #tokens: number;
  #countedAt: number;
  #shutUntil = Number.NEGATIVE_INFINITY;

  /** @param ratePerSecond Infinity: without a limit */
  constructor(ratePerSecond: number, clock: Clock) {
    this.#ratePerSecond = ratePerSecond;
    this.#clock = clock;
    this.#tokens = this.#tokensMax;
    this.#countedAt = clock.now();
  }

  /** For one command. @returns undefined where it may go on, else `too-fast` */
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

  /** Whether a new one would be the same. */
  get isFull(): boolean {
    this.#gather();
    return this.#tokens === this.#tokensMax;
  }

  get #tokensMax(): number {
    return Math.max(1, this.#ratePerSecond * burstSeconds);
  }

  #gather(): void {
    const now = this.#clock.now();
    // A clock that was set back must not shut anybody out until it is where it was.
    if (now < this.#countedAt) this.#shutUntil = Number.NEGATIVE_INFINITY;
    const seconds = Math.max(0, now - this.#countedAt) / 1_000;
    this.#tokens = Math.min(this.#tokensMax, this.#tokens + seconds * this.#ratePerSecond);
    this.#countedAt = now;
  }
}

/** The buckets of a hub. A connection has one of its own; those who come by requests are known by address and name. */
export class Rates {
  readonly #ratePerSecond: number;
  readonly #clock: Clock;
  readonly #kept = new Map<string, { readonly bucket: Bucket; readonly address: string }>();
  /** How many of an address are kept. */
  readonly #perAddress = new Map<string, number>();
  readonly #rest: Bucket;
  #sweptAt: number;

  /** @param ratePerSecond Infinity: without a limit */
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

  /** For one request. @param who is the same for all of an actor's @throws CapsError too-fast */
  admit(address: string, who: string): void {
    if (this.#ratePerSecond === Number.POSITIVE_INFINITY) return;
    const refusal = this.#bucketOf(address, `${address} ${who}`).take();
    if (refusal) throw refusal;
  }

  /** Buckets that are kept. */
  get size(): number {
    return this.#kept.size;
  }

  #bucketOf(address: string, key: string): Bucket {
    const known = this.#kept.get(key);
    if (known) return known.bucket;
    if (this.#isCrowded(address)) this.#sweep();
    // Of an address that has too many, the rest share one that is kept as well; its key is no other's.
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

  /** Forgets whose bucket is full again, at most once a second: it looks at all of them. */
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
