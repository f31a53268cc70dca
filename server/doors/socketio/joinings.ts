/**
 * Tracks which connection has joined which namespace. Socket.IO lets one join again and again, each time as a new
 * client. Here a protocol client joins once, and a plain client joins a few namespaces once each.
 *
 * Version 2 clients are put into "/" before they ask for anything, and most then join another namespace. One that
 * stays, or says something there, is served there.
 */

import type { Socket } from 'socket.io';
import { CapsError } from '../../../protocol/errors.ts';
import type { Clock } from '../../clock.ts';

type Joiner = Pick<Socket, 'conn' | 'nsp' | 'connected' | 'onAny' | 'on'>;

/** A client that is being served and takes what it sent before. */
export interface JoinedClient {
  came(name: unknown, args: readonly unknown[]): void;
}

/** Namespaces per connection of a plain client. */
const joinedMax = 8;
/** Namespaces per address of plain clients: their total is limited, too. */
const namesMax = 24;
/** A client that stays in "/" this long is served there. */
const passingMs = 500;

/** Whether it is in "/" only because of its library's version. */
export function isPassing({ nsp, conn }: Pick<Joiner, 'nsp' | 'conn'>): boolean {
  return nsp.name === '/' && conn.protocol === 3;
}

/** Our own, which count against no limit. */
const ours: ReadonlySet<string> = new Set(['/', '/caps']);

/** Other namespaces per address. */
class Namespaces {
  readonly #byAddress = new Map<string, Map<string, Set<Joiner['conn']>>>();
  readonly #watched = new WeakSet<Joiner['conn']>();
  readonly #addressOf: (connection: Joiner['conn']) => string;

  constructor(addressOf: (connection: Joiner['conn']) => string) {
    this.#addressOf = addressOf;
  }

  /** @returns false when its address is in too many others */
  enter(conn: Joiner['conn'], name: string): boolean {
    if (ours.has(name)) return true;
    const address = this.#addressOf(conn);
    const names = this.#byAddress.get(address) ?? new Map<string, Set<Joiner['conn']>>();
    const inside = names.get(name) ?? new Set();
    if (inside.size === 0 && names.size >= namesMax) return false;
    this.#byAddress.set(address, names.set(name, inside.add(conn)));
    // It may be gone before it is admitted, and then would never leave.
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

  has(connection: Joiner['conn']): boolean {
    return this.#joined.has(connection);
  }

  /** @param isBound whether it speaks our protocol @returns why it may not join */
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

  /** Serves a client in "/" once it shows that it wants to stay. */
  awaitStaying(joiner: Joiner, serve: () => JoinedClient): void {
    let isServed = false;
    const stay = (): JoinedClient | undefined => {
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
