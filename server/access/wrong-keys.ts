/**
 * Slows the guessing of keys. An address may send 20 wrong keys at once, then four a second; further ones wait for
 * their turn, and too many are refused unread. Issued keys cannot be guessed, so their holders never wait, even
 * behind a guesser's address. The key from the settings was chosen by a person, and could be.
 */

import { CapsError } from '../../protocol/errors.ts';
import type { CapsRecord } from '../../protocol/messages.ts';
import type { Clock } from '../clock.ts';

const atOnce = 20;
const everyMs = 250;
/** Maximum wait, shorter than the deadline of a hello. */
const waitMaxMs = 4_000;
/** Waiting requests of all addresses. */
const waitingMax = 1_000;
/** Addresses told apart; all others count as one. */
const placesMax = 10_000;
const theRest = 'the rest';
/** Dispatch hears of one address at most this often. */
const toldEveryMs = 60_000;

/** Where a key was sent from. */
export interface KeySource {
  readonly address: string;
  readonly door: CapsRecord['via'];
}

/** The error for the guesser. */
export const slowedWords = 'Too many wrong keys have come from this address; wait a moment.';
/** The notice for dispatch. */
export const triedWords =
  'Wrong keys come from this address again and again, and are slowed. All are counted in the metrics.';

interface AddressDebt {
  /** When the wrong keys so far are paid off. Milliseconds since 1970. */
  paidAt: number;
  toldAt: number;
}

export class WrongKeys {
  readonly #clock: Clock;
  readonly #places = new Map<string, AddressDebt>();
  #sweptAt = Number.NEGATIVE_INFINITY;
  #waiting = 0;
  #tell: (from: KeySource) => void = () => {};

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Number of remembered addresses. */
  get size(): number {
    return this.#places.size;
  }

  /** @param tell called when an address is first slowed, and once a minute while that goes on */
  listen(tell: (from: KeySource) => void): void {
    this.#tell = tell;
  }

  /** Call it before checking a key. Resolves at the key's turn. @throws CapsError too-fast */
  async turn(from: KeySource | undefined): Promise<void> {
    if (!from) return;
    const now = this.#clock.now();
    const place = this.#placeOf(from.address, now);
    const waitMs = this.#owed(place, now) + everyMs - atOnce * everyMs;
    if (waitMs > 0) this.#tellOf(from, place, now);
    if (waitMs > waitMaxMs || (waitMs > 0 && this.#waiting >= waitingMax)) {
      throw new CapsError('too-fast', slowedWords, { details: { retryAfterMs: waitMaxMs } });
    }
    place.paidAt = now + this.#owed(place, now) + everyMs;
    if (waitMs <= 0) return;
    this.#waiting += 1;
    await new Promise<void>((resolve) => this.#clock.after(waitMs, resolve));
    this.#waiting -= 1;
  }

  /** The key was right: refunds its turn. */
  wasRight(from: KeySource | undefined): void {
    const place = from && this.#places.get(networkOf(from.address));
    if (place) place.paidAt -= everyMs;
  }

  /** Nobody waits for a clock that was set back. */
  #owed({ paidAt }: AddressDebt, now: number): number {
    return Math.max(0, Math.min(paidAt - now, atOnce * everyMs + waitMaxMs));
  }

  #placeOf(address: string, now: number): AddressDebt {
    const name = networkOf(address);
    const known = this.#places.get(name);
    if (known) return known;
    if (this.#places.size >= placesMax) this.#sweep(now);
    if (this.#places.size >= placesMax && name !== theRest) return this.#placeOf(theRest, now);
    const place = { paidAt: now, toldAt: Number.NEGATIVE_INFINITY };
    this.#places.set(name, place);
    return place;
  }

  /** Forgets addresses without debts, at most once a second because it visits all of them. */
  #sweep(now: number): void {
    if (Math.abs(now - this.#sweptAt) < 1_000) return;
    this.#sweptAt = now;
    for (const [name, place] of this.#places) if (this.#owed(place, now) === 0) this.#places.delete(name);
  }

  #tellOf(from: KeySource, place: AddressDebt, now: number): void {
    if (Math.abs(now - place.toldAt) < toldEveryMs) return;
    place.toldAt = now;
    this.#tell(from);
  }
}

/** The first half of an IPv6 address: whoever has one address has the whole network. */
function networkOf(address: string): string {
  if (!address.includes(':')) return address;
  const [start = '', ...rest] = address.split('::');
  const zeros = rest.length > 0 ? Array.from({ length: 4 }, () => '0') : [];
  return [...start.split(':'), ...zeros].slice(0, 4).join(':');
}
