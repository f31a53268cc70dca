/**
 * Who tries keys. Of one address 20 may be wrong at once, and then four a second: the others wait for their turn, and
 * where too many wait they are not looked at. What the hub has issued cannot be guessed, so that whoever shows such a key
 * does not wait, also behind the address of one who tries; what somebody thought of, the key of the settings, could be.
 */

import { CapsError } from '../../protocol/errors.ts';
import type { CapsRecord } from '../../protocol/messages.ts';
import type { Clock } from '../clock.ts';

const atOnce = 20;
const everyMs = 250;
/** Longer nobody waits: less than there is for a hello. */
const waitMaxMs = 4_000;
/** Those who wait, of all addresses. */
const waitingMax = 1_000;
/** Addresses that are told apart; past it the rest are one. */
const placesMax = 10_000;
const theRest = 'the rest';
/** Of one address dispatch is told so often, however long it goes on. */
const toldEveryMs = 60_000;

/** Where somebody comes from who shows a key. */
export interface From {
  readonly address: string;
  readonly door: CapsRecord['via'];
}

/** What whoever tries is told. */
export const slowedWords = 'Too many wrong keys have come from this address; wait a moment.';
/** What dispatch is told of it. */
export const triedWords =
  'Wrong keys come from this address again and again, and are slowed. All are counted in the metrics.';

interface Place {
  /** When all that was wrong has been made up for. Milliseconds since 1970. */
  paidAt: number;
  toldAt: number;
}

export class WrongKeys {
  readonly #clock: Clock;
  readonly #places = new Map<string, Place>();
  #sweptAt = Number.NEGATIVE_INFINITY;
  #waiting = 0;
  #tell: (from: From) => void = () => {};

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Addresses that are kept in mind. */
  get size(): number {
    return this.#places.size;
  }

  /** @param tell is told of an address when it begins to be slowed, and once a minute while that goes on */
  listen(tell: (from: From) => void): void {
    this.#tell = tell;
  }

  /** For a key that may be wrong, before it is looked at: resolves when it is its turn. @throws CapsError too-fast */
  async turn(from: From | undefined): Promise<void> {
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

  /** It was right: nothing to be made up for. */
  wasRight(from: From | undefined): void {
    const place = from && this.#places.get(networkOf(from.address));
    if (place) place.paidAt -= everyMs;
  }

  /** A clock that was set back must not have anybody wait until it is where it was. */
  #owed({ paidAt }: Place, now: number): number {
    return Math.max(0, Math.min(paidAt - now, atOnce * everyMs + waitMaxMs));
  }

  #placeOf(address: string, now: number): Place {
    const name = networkOf(address);
    const known = this.#places.get(name);
    if (known) return known;
    if (this.#places.size >= placesMax) this.#sweep(now);
    if (this.#places.size >= placesMax && name !== theRest) return this.#placeOf(theRest, now);
    const place = { paidAt: now, toldAt: Number.NEGATIVE_INFINITY };
    this.#places.set(name, place);
    return place;
  }

  /** Forgets who has nothing to make up for, at most once a second: it looks at all of them. */
  #sweep(now: number): void {
    if (Math.abs(now - this.#sweptAt) < 1_000) return;
    this.#sweptAt = now;
    for (const [name, place] of this.#places) if (this.#owed(place, now) === 0) this.#places.delete(name);
  }

  #tellOf(from: From, place: Place, now: number): void {
    if (Math.abs(now - place.toldAt) < toldEveryMs) return;
    place.toldAt = now;
    this.#tell(from);
  }
}

/** Of an address of version 6 the first half: whoever has one has all of its network. */
function networkOf(address: string): string {
  if (!address.includes(':')) return address;
  const [start = '', ...rest] = address.split('::');
  const zeros = rest.length > 0 ? Array.from({ length: 4 }, () => '0') : [];
  return [...start.split(':'), ...zeros].slice(0, 4).join(':');
}
