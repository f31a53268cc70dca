/**
 * How many bytes the answers under way may hold, all together and of one address: whoever asks and does not read takes
 * nothing from the others. Those that are as long as they like, and so under way for long, may hold three quarters of
 * that, so that a page always has room beside them. What does not fit waits for a moment, and is then refused as `busy`.
 */

import { CapsError } from '../../protocol/errors.ts';
import type { Clock } from '../clock.ts';

export interface BudgetLimits {
  /** In bytes, of all addresses together and of one. */
  readonly total: number;
  readonly perAddress: number;
  /** For room to come. */
  readonly waitMs: number;
  /** Who waits, of all addresses together and of one. */
  readonly waitingMax: number;
  readonly waitingPerAddress: number;
}

const mebi = 1024 * 1024;
export const budgetLimits: BudgetLimits = {
  ...{ total: 32 * mebi, perAddress: 8 * mebi },
  ...{ waitMs: 2_000, waitingMax: 2_000, waitingPerAddress: 500 },
};

/** `long`: as long as it likes, and so under way for as long as its reader likes. */
export type Length = 'page' | 'long';

/** Of every limit, what long answers may have. */
const longShare = 3 / 4;

/** What one answer may hold. */
export interface Share {
  /** It turned out to be this much. Never waits, and so may go past the limits. */
  resize(bytes: number): void;
  /** Safe to call twice. */
  free(): void;
}

interface Wanted {
  readonly address: string;
  readonly length: Length;
  readonly bytes: number;
}

interface Waiter extends Wanted {
  readonly grant: (share: Share) => void;
}

const busyWords =
  'Too many answers of this hub wait to be read; read or close some, or try again in a moment.';

export class Budget {
  readonly #clock: Pick<Clock, 'after'>;
  readonly #limits: BudgetLimits;
  readonly #held: Room;
  /** How many wait. */
  readonly #waiters: Room;
  /** By address, in the order of their coming. No page waits for a long answer to find room. */
  readonly #waiting: Readonly<Record<Length, Map<string, Waiter[]>>> = { page: new Map(), long: new Map() };

  constructor(clock: Pick<Clock, 'after'>, limits: BudgetLimits = budgetLimits) {
    this.#clock = clock;
    this.#limits = limits;
    this.#held = new Room(limits);
    this.#waiters = new Room({ total: limits.waitingMax, perAddress: limits.waitingPerAddress });
  }

  /** In bytes. */
  get held(): number {
    return this.#held.inAll;
  }

  /**
   * @param bytes more than an address may have counts as all that it may have
   * @param gone aborted where nobody waits for it any more: then it resolves with undefined
   * @throws CapsError busy
   */
  take(
    address: string,
    bytes: number,
    gone: AbortSignal,
    length: Length = 'page',
  ): Promise<Share | undefined> {
    if (gone.aborted) return Promise.resolve(undefined);
    const wanted = { address, length, bytes: Math.min(bytes, this.#held.mostOf(length)) };
    const before = this.#waiting[length].get(address) ?? [];
    if (before.length === 0 && this.#held.fits(wanted, wanted.bytes))
      return Promise.resolve(this.#hold(wanted));
    if (!this.#waiters.fits(wanted, 1)) return Promise.reject(new CapsError('busy', busyWords));
    return new Promise((resolve, reject) => {
      const end = () => {
        cancel();
        gone.removeEventListener('abort', leave);
      };
      const waiter: Waiter = {
        ...wanted,
        grant(share) {
          end();
          resolve(share);
        },
      };
      const leave = () => {
        end();
        this.#forget(waiter);
        // Who waited behind it may want less.
        this.#grant();
        resolve(undefined);
      };
      const cancel = this.#clock.after(this.#limits.waitMs, () => {
        end();
        this.#forget(waiter);
        this.#grant();
        reject(new CapsError('busy', busyWords));
      });
      gone.addEventListener('abort', leave);
      this.#waiting[length].set(address, [...before, waiter]);
      this.#waiters.add(waiter, 1);
    });
  }

  #hold(wanted: Wanted): Share {
    let mine: number | undefined = wanted.bytes;
    this.#held.add(wanted, mine);
    const resize = (size: number) => {
      if (mine === undefined) return;
      this.#held.add(wanted, size - mine);
      mine = size;
      this.#grant();
    };
    return {
      resize,
      free() {
        resize(0);
        mine = undefined;
      },
    };
  }

  /** Whoever has the least comes first. */
  #grant(): void {
    for (;;) {
      let next: Waiter | undefined;
      for (const [first] of [...this.#waiting.page.values(), ...this.#waiting.long.values()]) {
        if (!first || !this.#held.fits(first, first.bytes)) continue;
        if (!next || this.#held.by(first.address) < this.#held.by(next.address)) next = first;
      }
      if (!next) return;
      this.#forget(next);
      next.grant(this.#hold(next));
    }
  }

  #forget(waiter: Waiter): void {
    const { address, length } = waiter;
    const waiting = this.#waiting[length];
    const left = (waiting.get(address) ?? []).filter((one) => one !== waiter);
    this.#waiters.add(waiter, -1);
    if (left.length > 0) waiting.set(address, left);
    else waiting.delete(address);
  }
}

/** What is limited in all and of one address, and of which long answers may have a share. */
class Room {
  readonly #limits: Pick<BudgetLimits, 'total' | 'perAddress'>;
  readonly #taken = new Tally();
  /** Of what is taken, by long answers. */
  readonly #takenLong = new Tally();

  constructor(limits: Pick<BudgetLimits, 'total' | 'perAddress'>) {
    this.#limits = limits;
  }

  get inAll(): number {
    return this.#taken.inAll;
  }

  by(address: string): number {
    return this.#taken.by(address);
  }

  /** Of one address. */
  mostOf(length: Length): number {
    return this.#limits.perAddress * (length === 'long' ? longShare : 1);
  }

  fits({ address, length }: Pick<Wanted, 'address' | 'length'>, amount: number): boolean {
    const { total, perAddress } = this.#limits;
    const isIn = (tally: Tally, share: number) =>
      tally.inAll + amount <= total * share && tally.by(address) + amount <= perAddress * share;
    return isIn(this.#taken, 1) && (length === 'page' || isIn(this.#takenLong, longShare));
  }

  add({ address, length }: Pick<Wanted, 'address' | 'length'>, amount: number): void {
    this.#taken.add(address, amount);
    if (length === 'long') this.#takenLong.add(address, amount);
  }
}

class Tally {
  /** By address; as many entries as have something. */
  readonly #by = new Map<string, number>();
  #inAll = 0;

  get inAll(): number {
    return this.#inAll;
  }

  by(address: string): number {
    return this.#by.get(address) ?? 0;
  }

  add(address: string, amount: number): void {
    this.#inAll += amount;
    const now = this.by(address) + amount;
    if (now > 0) this.#by.set(address, now);
    else this.#by.delete(address);
  }
}
