/**
 * Bounds the bytes of answers under way, in total and per address, so that a client which asks without reading takes
 * nothing from others. Long answers, whose clients decide how long they last, may hold three quarters, so a page
 * always finds room. Others wait a moment, and then are refused as `busy`.
 */

import { CapsError } from '../../protocol/errors.ts';
import type { Clock } from '../clock.ts';

export interface BudgetLimits {
  /** Bytes, in total and per address. */
  readonly total: number;
  readonly perAddress: number;
  /** Maximum wait for room. */
  readonly waitMs: number;
  /** Waiting requests, in total and per address. */
  readonly waitingMax: number;
  readonly waitingPerAddress: number;
}

const mebi = 1024 * 1024;
export const budgetLimits: BudgetLimits = {
  ...{ total: 32 * mebi, perAddress: 8 * mebi },
  ...{ waitMs: 2_000, waitingMax: 2_000, waitingPerAddress: 500 },
};

/** `long`: its client decides how long it lasts. */
export type Length = 'page' | 'long';

/** Long answers' share of every limit. */
const longShare = 3 / 4;

/** The room of one answer. */
export interface Share {
  /** Corrects the size. Never waits, so it may exceed the limits. */
  resize(bytes: number): void;
  /** Safe to call twice. */
  free(): void;
}

interface ShareRequest {
  readonly address: string;
  readonly length: Length;
  readonly bytes: number;
}

interface Waiter extends ShareRequest {
  readonly grant: (share: Share) => void;
}

const busyWords =
  'Too many answers of this hub wait to be read; read or close some, or try again in a moment.';

export class Budget {
  readonly #clock: Pick<Clock, 'after'>;
  readonly #limits: BudgetLimits;
  readonly #held: Room;
  readonly #waiters: Room;
  /** By address, in order of arrival. Pages do not wait behind long answers. */
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
   * @param bytes capped at an address's limit
   * @param gone aborted when the client is gone; then it resolves with undefined
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
        // A request behind it may want less.
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

  #hold(wanted: ShareRequest): Share {
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

  /** Grants room, to addresses that hold least first. */
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

/** A limit in total and per address, with a share for long answers. */
class Room {
  readonly #limits: Pick<BudgetLimits, 'total' | 'perAddress'>;
  readonly #taken = new Tally();
  /** The part taken by long answers. */
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

  /** Maximum per address. */
  mostOf(length: Length): number {
    return this.#limits.perAddress * (length === 'long' ? longShare : 1);
  }

  fits({ address, length }: Pick<ShareRequest, 'address' | 'length'>, amount: number): boolean {
    const { total, perAddress } = this.#limits;
    const isIn = (tally: Tally, share: number) =>
      tally.inAll + amount <= total * share && tally.by(address) + amount <= perAddress * share;
    return isIn(this.#taken, 1) && (length === 'page' || isIn(this.#takenLong, longShare));
  }

  add({ address, length }: Pick<ShareRequest, 'address' | 'length'>, amount: number): void {
    this.#taken.add(address, amount);
    if (length === 'long') this.#takenLong.add(address, amount);
  }
}

class Tally {
  /** By address, for addresses that have something. */
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
