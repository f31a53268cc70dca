/** A certificate for a public name: ordered, kept, and renewed while a third of its life is left. */

import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { createSecureContext, type SecureContext } from 'node:tls';
import type { Clock } from '../clock.ts';
import type { OrderOptions } from './acme-order.ts';
import { AuthorityAwayError, Challenges } from './challenges.ts';
import { leafOf, lifeLeft, type Pair, readPair, type Validity, validityOf, writePair } from './pairs.ts';

export interface PublicCertificateOptions {
  readonly name: string;
  readonly directory: string;
  readonly folder: string;
  readonly clock: Clock;
  /** From 0 to 1. */
  readonly chance: () => number;
  /** Orders one; the default asks the authority. */
  readonly order?: (options: OrderOptions) => Promise<Pair>;
  readonly tell: (words: string) => void;
}

const minuteMs = 60_000;
const lookMs = { least: 500, most: minuteMs };
/** Authorities count what could not be proven, and take five of those an hour. */
const refusedAgainMs = { first: 30 * minuteMs, most: 6 * 60 * minuteMs };
const awayAgainMs = { first: minuteMs, most: 30 * minuteMs };

export class PublicCertificate {
  readonly challenges = new Challenges();
  readonly #options: PublicCertificateOptions;
  readonly #file: string;
  readonly #accountFile: string;
  #pair: Pair | undefined;
  #context: SecureContext | undefined;
  /** When the next order is due. */
  #dueAt: number;
  #failures = 0;
  /** Why the last order came to nothing. */
  #why: string | undefined;
  #cancel = () => {};
  #isClosed = false;

  constructor(options: PublicCertificateOptions) {
    const { folder, directory, name, clock } = options;
    this.#options = options;
    // Another authority's certificate, as of a test, is not taken for this one's.
    const mark = createHash('sha256').update(directory).digest('hex').slice(0, 8);
    this.#file = join(folder, `${name}-${mark}.pem`);
    this.#accountFile = join(folder, `account-${mark}.json`);
    this.#dueAt = clock.now();
    this.#take(keptPair(this.#file, name));
  }

  /** Undefined until there is one that is valid. */
  get context(): SecureContext | undefined {
    return this.#validity && lifeLeft(this.#validity, this.#now()) > 0 ? this.#context : undefined;
  }

  /** What a person has to know; undefined if nothing. */
  get fault(): string | undefined {
    const { name } = this.#options;
    const validity = this.#validity;
    const why = this.#why ?? 'it was not renewed, as when the hub does not run';
    if (!validity) {
      return this.#why === undefined
        ? undefined
        : `There is no certificate for ${name} yet: ${why}. ${this.#again()} Until then the hub’s own stands in.`;
    }
    const day = new Date(validity.until).toISOString().slice(0, 10);
    if (this.isExpired) return `The certificate for ${name} has expired on ${day}: ${why}. ${this.#again()}`;
    if (this.#now() < validity.from)
      return `The machine’s clock is behind, so the certificate for ${name} is not valid yet.`;
    return this.#why === undefined
      ? undefined
      : `The certificate for ${name}, which expires on ${day}, was not renewed: ${why}. ${this.#again()}`;
  }

  get isExpired(): boolean {
    return this.#validity !== undefined && lifeLeft(this.#validity, this.#now()) <= 0;
  }

  /** Begins to order and to renew. Call it when the hub listens: the authority looks at it. */
  start(): void {
    this.#look();
  }

  close(): void {
    this.#isClosed = true;
    this.#cancel();
  }

  get #validity(): Validity | undefined {
    return this.#pair && validityOf(this.#pair);
  }

  #now(): number {
    return this.#options.clock.now();
  }

  #again(): string {
    const at = new Date(this.#dueAt).toISOString().slice(11, 16);
    return `The hub tries again at ${at} UTC, or when it is started again.`;
  }

  #look(): void {
    if (this.#isClosed) return;
    const done = this.#now() >= this.#dueAt ? this.#order() : Promise.resolve();
    void done.finally(() => {
      const { from, until } = this.#validity ?? { from: 0, until: Number.POSITIVE_INFINITY };
      const waitMs = Math.min(lookMs.most, Math.max(lookMs.least, (until - from) / 60));
      if (!this.#isClosed) this.#cancel = this.#options.clock.after(waitMs, () => this.#look());
    });
  }

  async #order(): Promise<void> {
    const { name, directory, tell } = this.#options;
    const order = this.#options.order ?? (await import('./acme-order.ts')).orderCertificate;
    const isFirst = !this.#pair;
    try {
      const { challenges } = this;
      const pair = await order({ name, directory, accountFile: this.#accountFile, challenges });
      if (this.#isClosed) return;
      writePair(this.#file, pair);
      this.#take(pair);
      const until = new Date(validityOf(pair).until).toISOString().slice(0, 10);
      if (isFirst || this.#why !== undefined) tell(`There is a certificate for ${name}, until ${until}.`);
      this.#why = undefined;
      this.#failures = 0;
    } catch (error) {
      this.#fail(error);
    }
  }

  #fail(error: unknown): void {
    const { name, chance } = this.#options;
    const words = (error instanceof Error ? error.message : String(error)).replace(/[.\s]+$/, '');
    const isAway = error instanceof AuthorityAwayError;
    const { first, most } = isAway ? awayAgainMs : refusedAgainMs;
    const waitMs = Math.min(most, first * 2 ** this.#failures) * (0.8 + 0.4 * chance());
    this.#failures += 1;
    this.#dueAt = this.#now() + waitMs;
    const reason = words.slice(0, 300);
    if (isAway) this.#why = `the certificate authority does not answer (${reason})`;
    else if (/connect|timeout|refused|unreachable|during secondary|dns|nxdomain|no valid/i.test(words)) {
      this.#why = `the certificate authority does not get through to this hub (${reason}). Port 443 or port 80 of ${name} has to lead to this hub’s port, through the router and the firewall`;
    } else this.#why = `the certificate authority refused (${reason})`;
  }

  #take(pair: Pair | undefined): void {
    if (!pair) return;
    this.#pair = pair;
    this.#context = createSecureContext({ ...pair, minVersion: 'TLSv1.2' });
    const { from, until } = validityOf(pair);
    const life = until - from;
    // Not all hubs of the world at the same second.
    this.#dueAt = until - life / 3 - (life / 30) * this.#options.chance();
  }
}

/** The one of before; what is wrong with it does not matter, because it can be ordered again. */
function keptPair(file: string, name: string): Pair | undefined {
  try {
    const pair = readPair(file);
    return pair && leafOf(pair).checkHost(name) !== undefined ? pair : undefined;
  } catch {
    return undefined;
  }
}
