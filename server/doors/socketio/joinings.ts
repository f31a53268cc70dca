/**
 * Which connection has joined which namespace. Socket.IO would let one join again and again, each time to be served as
 * another: who is bound joins once, and a plain client joins each namespace once, a few of them.
 *
 * Version 2 clients are put into "/" before they ask for anything, and most go on to where they want to be. Who does
 * not, or says something there, is served there.
 */

import type { Socket } from 'socket.io';
import { CapsError } from '../../../protocol/errors.ts';
import type { Clock } from '../../clock.ts';

type Joiner = Pick<Socket, 'conn' | 'nsp' | 'connected' | 'onAny' | 'on'>;

/** Somebody who is being served, and takes what came before that. */
export interface Served {
  came(name: unknown, args: readonly unknown[]): void;
}

/** Namespaces that one connection may be in as a plain client. */
const joinedMax = 8;
/** Namespaces that the plain clients of one address may be in: there are only so many for all. */
const namesMax = 24;
/** Who was put into "/" and goes nowhere else is there to stay. */
const passingMs = 500;

/** Whether it is in "/" only because of its version of the library. */
export function isPassing({ nsp, conn }: Pick<Joiner, 'nsp' | 'conn'>): boolean {
  return nsp.name === '/' && conn.protocol === 3;
}

/** Ours, which cost nobody any room. */
const ours: ReadonlySet<string> = new Set(['/', '/caps']);

/** Which other namespaces each address's connections are in. */
class Namespaces {
  readonly #byAddress = new Map<string, Map<string, Set<Joiner['conn']>>>();
  readonly #watched = new WeakSet<Joiner['conn']>();
  readonly #addressOf: (connection: Joiner['conn']) => string;

  constructor(addressOf: (connection: Joiner['conn']) => string) {
    this.#addressOf = addressOf;
  }

  /** @returns false where it may not: its address has others enough */
  enter(conn: Joiner['conn'], name: string): boolean {
    if (ours.has(name)) return true;
    const address = this.#addressOf(conn);
    const names = this.#byAddress.get(address) ?? new Map<string, Set<Joiner['conn']>>();
    const inside = names.get(name) ?? new Set();
    if (inside.size === 0 && names.size >= namesMax) return false;
    this.#byAddress.set(address, names.set(name, inside.add(conn)));
    // It may be gone before it is let in, and then never leaves.
    if (!this.#watched.has(conn)) conn.once('close', () => this.#gone(conn, address));
    this.#watched.add(conn);
    return true;
  }

  leave(conn: Joiner['conn'], name: string): void {
    this.#forget(this.#addressOf(conn), name, conn);
  }

  #gone(conn: Joiner['conn'], address: string): void {
    for (const name of [...(this.#byAddress.get(address)?.keys() ?? [])]) this.#forget(address, name, conn);
  }

  #forget(address: string, name: string, conn: Joiner['conn']): void {
    const names = this.#byAddress.get(address);
    const inside = names?.get(name);
    inside?.delete(conn);
    if (inside?.size === 0) names?.delete(name);
    if (names?.size === 0) this.#byAddress.delete(address);
  }
}

export class Joinings {
  readonly #clock: Clock;
  readonly #joined = new WeakMap<
    Joiner['conn'],
    { readonly isBound: boolean; readonly names: Set<string> }
  >();

  readonly #namespaces: Namespaces;

  constructor(clock: Clock, addressOf: (connection: Joiner['conn']) => string) {
    this.#clock = clock;
    this.#namespaces = new Namespaces(addressOf);
  }

  /** Whether this connection has joined anywhere. */
  has(connection: Joiner['conn']): boolean {
    return this.#joined.has(connection);
  }

  /** @param isBound it says who it is @returns why it may not join */
  joins(joiner: Pick<Joiner, 'conn' | 'nsp'>, isBound: boolean): CapsError | undefined {
    const { conn, nsp } = joiner;
    if (isPassing(joiner)) return undefined;
    if (!this.#join(joiner, isBound)) {
      return new CapsError('bad-message', 'This connection has already joined.');
    }
    if (this.#namespaces.enter(conn, nsp.name)) return undefined;
    this.leaves(joiner);
    return new CapsError('busy', `The clients of one address are in at most ${namesMax} namespaces.`);
  }

  #join({ conn, nsp }: Pick<Joiner, 'conn' | 'nsp'>, isBound: boolean): boolean {
    const joined = this.#joined.get(conn);
    if (!joined) {
      this.#joined.set(conn, { isBound, names: new Set([nsp.name]) });
      return true;
    }
    if (isBound || joined.isBound || joined.names.has(nsp.name) || joined.names.size >= joinedMax)
      return false;
    joined.names.add(nsp.name);
    return true;
  }

  leaves({ conn, nsp }: Pick<Joiner, 'conn' | 'nsp'>): void {
    this.#namespaces.leave(conn, nsp.name);
    const joined = this.#joined.get(conn);
    if (joined?.names.delete(nsp.name) && joined.names.size === 0) this.#joined.delete(conn);
  }

  /** Serves who is passing once it shows that it wants to be where it is. */
  awaitStaying(joiner: Joiner, serve: () => Served): void {
    let isServed = false;
    const stay = (): Served | undefined => {
      cancel();
      if (isServed || !joiner.connected || !this.#join(joiner, false)) return undefined;
      isServed = true;
      return serve();
    };
    const cancel = this.#clock.after(passingMs, () => {
      if (!this.has(joiner.conn)) stay();
    });
    joiner.onAny((name: unknown, ...args: unknown[]) => stay()?.came(name, args));
    joiner.on('disconnect', cancel);
  }
}
