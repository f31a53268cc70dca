/** Exchanges with other hubs on the same log who is connected, which drivers gave a sign of life, and notices. */

import type { Connection, Notice } from '../../protocol/messages.ts';
import type { Peers } from '../store/peers.ts';
import type { DriverLiveness } from './driver-liveness.ts';

/** Own notices that stay for other hubs to read. */
const noticesKept = 100;
/** Notices of others that are told apart: a hub that was taken for dead puts its own again. */
const heardMax = 1_000;
/** Drivers whose latest sign is kept for other hubs; the oldest go first. */
const driversMax = 1_000;

export interface PeerPresenceListener {
  joined(connection: Connection): void;
  left(id: string): void;
  noticed(notice: Notice): void;
}

/** A connection, with the driver that it keeps alive. */
interface SharedConnection {
  readonly connection: Connection;
  readonly driver?: string | undefined;
}

interface PeerConnection {
  readonly connection: Connection;
  readonly leave: (() => void) | undefined;
}

export class PeerPresence {
  readonly #peers: Peers;
  readonly #liveness: DriverLiveness | undefined;
  readonly #listener: PeerPresenceListener;
  readonly #elsewhere = new Map<string, PeerConnection>();
  /** Drivers heard of since the last flush, and those that are shared. */
  readonly #heard = new Set<string>();
  readonly #shared = new Set<string>();
  /** Ids of notices of others. */
  readonly #noticesHeard = new Set<string>();
  #signs = 0;
  #notices = 0;

  constructor(peers: Peers, liveness: DriverLiveness | undefined, listener: PeerPresenceListener) {
    this.#peers = peers;
    this.#liveness = liveness;
    this.#listener = listener;
    peers.listen('connection', {
      put: (id, text) => this.#enter(id, JSON.parse(text) as SharedConnection),
      removed: (id) => this.#leave(id),
    });
    peers.listen('notice', { put: (id, text) => this.#hear(id, JSON.parse(text) as Notice), removed() {} });
    peers.listen('driver', { put: (driver) => liveness?.seen(driver), removed() {} });
  }

  /** Connections to other hubs. */
  get connections(): Connection[] {
    return Array.from(this.#elsewhere.values(), ({ connection }) => connection);
  }

  #enter(id: string, { connection, driver }: SharedConnection): void {
    const known = this.#elsewhere.get(id);
    const leave = known ? known.leave : driver === undefined ? undefined : this.#liveness?.enter(driver);
    this.#elsewhere.set(id, { connection, leave });
    this.#listener.joined(connection);
  }

  #leave(id: string): void {
    const known = this.#elsewhere.get(id);
    if (!known) return;
    this.#elsewhere.delete(id);
    known.leave?.();
    this.#listener.left(id);
  }

  #hear(id: string, notice: Notice): void {
    if (this.#noticesHeard.has(id)) return;
    this.#noticesHeard.add(id);
    for (const oldest of this.#noticesHeard) {
      if (this.#noticesHeard.size <= heardMax) break;
      this.#noticesHeard.delete(oldest);
    }
    this.#listener.noticed(notice);
  }

  // ---- what others are told ----

  share(connection: Connection, driver: string | undefined): void {
    this.#peers.put('connection', connection.id, JSON.stringify({ connection, driver }));
  }

  left(id: string): void {
    this.#peers.remove('connection', id);
  }

  /** A driver without a connection gave a sign of life. */
  heard(driver: string): void {
    this.#heard.add(driver);
  }

  notice(notice: Notice): void {
    this.#notices += 1;
    const idOf = (count: number) => `${this.#peers.hub}/${count}`;
    this.#peers.put('notice', idOf(this.#notices), JSON.stringify(notice));
    this.#peers.remove('notice', idOf(this.#notices - noticesKept));
  }

  flush(): void {
    for (const driver of this.#heard) {
      this.#signs += 1;
      this.#shared.delete(driver);
      this.#shared.add(driver);
      this.#peers.put('driver', driver, String(this.#signs));
    }
    this.#heard.clear();
    for (const oldest of this.#shared) {
      if (this.#shared.size <= driversMax) break;
      this.#shared.delete(oldest);
      this.#peers.remove('driver', oldest);
    }
  }
}
