/**
 * Which connection has joined which namespace. Socket.IO would let one join again and again, each time to be served as
 * another: who is bound joins once, and a plain client joins each namespace once, a few of them.
 *
 * Version 2 clients are put into "/" before they ask for anything, and most go on to where they want to be. Who does
 * not, or says something there, is served there.
 */

import type { Socket } from 'socket.io';
import type { Clock } from '../clock.ts';

type Joiner = Pick<Socket, 'conn' | 'nsp' | 'connected' | 'onAny' | 'on'>;

/** Somebody who is being served, and takes what came before that. */
export interface Served {
  came(name: unknown, args: readonly unknown[]): void;
}

/** Namespaces that one connection may be in as a plain client. */
const joinedMax = 8;
/** Who was put into "/" and goes nowhere else is there to stay. */
const passingMs = 500;

/** Whether it is in "/" only because of its version of the library. */
export function isPassing({ nsp, conn }: Pick<Joiner, 'nsp' | 'conn'>): boolean {
  return nsp.name === '/' && conn.protocol === 3;
}

export class Joinings {
  readonly #clock: Clock;
  readonly #joined = new WeakMap<
    Joiner['conn'],
    { readonly isBound: boolean; readonly names: Set<string> }
  >();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Whether this connection has joined anywhere. */
  has(connection: Joiner['conn']): boolean {
    return this.#joined.has(connection);
  }

  /** @param isBound it says who it is @returns false where it may not join */
  joins(joiner: Pick<Joiner, 'conn' | 'nsp'>, isBound: boolean): boolean {
    return isPassing(joiner) || this.#join(joiner, isBound);
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
