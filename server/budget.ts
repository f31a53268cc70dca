/**
 * How many bytes the answers under way may hold, all together and of one address: whoever asks and does not read takes
 * nothing from the others. What does not fit waits for a moment, and is then refused as `busy`.
 */

import { CapsError } from '../protocol/errors.ts';
import type { Clock } from './clock.ts';

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

/** What one answer may hold. */
export interface Share {
  /** It turned out to be this much. Never waits, and so may go past the limits. */
  resize(bytes: number): void;
  /** Safe to call twice. */
  free(): void;
}

interface Waiter {
  readonly address: string;
  readonly bytes: number;
  readonly grant: (share: Share) => void;
}

const busyWords =
  'Too many answers of this hub wait to be read; read or close some, or try again in a moment.';

export class Budget {
  readonly #clock: Pick<Clock, 'after'>;
  readonly #limits: BudgetLimits;
  /** By address; as many entries as have answers under way. */
  readonly #held = new Map<string, number>();
  #heldInAll = 0;
  /** By address, in the order of their coming. */
  readonly #waiting = new Map<string, Waiter[]>();
  #waitingInAll = 0;

  constructor(clock: Pick<Clock, 'after'>, limits: BudgetLimits = budgetLimits) {
    this.#clock = clock;
    this.#limits = limits;
  }

  /** In bytes. */
  get held(): number {
    return this.#heldInAll;
  }

  /**
   * @param bytes more than an address may have counts as all that it may have
   * @param gone aborted where nobody waits for it any more: then it resolves with undefined
   * @throws CapsError busy
   */
  take(address: string, bytes: number, gone: AbortSignal): Promise<Share | undefined> {
    if (gone.aborted) return Promise.resolve(undefined);
    const wanted = { address, bytes: Math.min(bytes, this.#limits.perAddress) };
    const before = this.#waiting.get(address) ?? [];
    if (before.length === 0 && this.#fits(wanted)) return Promise.resolve(this.#hold(wanted));
    const { waitMs, waitingMax, waitingPerAddress } = this.#limits;
    if (this.#waitingInAll >= waitingMax || before.length >= waitingPerAddress) {
      return Promise.reject(new CapsError('busy', busyWords));
    }
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
      const cancel = this.#clock.after(waitMs, () => {
        end();
        this.#forget(waiter);
        this.#grant();
        reject(new CapsError('busy', busyWords));
      });
      gone.addEventListener('abort', leave);
      this.#waiting.set(address, [...before, waiter]);
      this.#waitingInAll += 1;
    });
  }

  #fits({ address, bytes }: Pick<Waiter, 'address' | 'bytes'>): boolean {
    const { total, perAddress } = this.#limits;
    return this.#heldInAll + bytes <= total && this.#heldBy(address) + bytes <= perAddress;
  }

  #heldBy(address: string): number {
    return this.#held.get(address) ?? 0;
  }

  #hold({ address, bytes }: Pick<Waiter, 'address' | 'bytes'>): Share {
    let mine: number | undefined = bytes;
    this.#add(address, bytes);
    const resize = (size: number) => {
      if (mine === undefined) return;
      this.#add(address, size - mine);
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

  #add(address: string, bytes: number): void {
    this.#heldInAll += bytes;
    const held = this.#heldBy(address) + bytes;
    if (held > 0) this.#held.set(address, held);
    else this.#held.delete(address);
  }

  /** Whoever has the least comes first. */
  #grant(): void {
    for (;;) {
      let next: Waiter | undefined;
      for (const [first] of this.#waiting.values()) {
        if (!first || !this.#fits(first)) continue;
        if (!next || this.#heldBy(first.address) < this.#heldBy(next.address)) next = first;
      }
      if (!next) return;
      this.#forget(next);
      next.grant(this.#hold(next));
    }
  }

  #forget(waiter: Waiter): void {
    const left = (this.#waiting.get(waiter.address) ?? []).filter((one) => one !== waiter);
    this.#waitingInAll -= 1;
    if (left.length > 0) this.#waiting.set(waiter.address, left);
    else this.#waiting.delete(waiter.address);
  }
}
