/**
 * Commands for devices of other hubs, carried by what hubs tell each other.
 *
 *     this hub    device-command ──────────▶   the device's hub
 *                 ◀────────── device-answer
 *                 command removed ─────────▶   removes its answer
 */

import type { Clock } from '../clock.ts';
import type { Peers } from '../store/peers.ts';
import type { Delivery, DeviceCommand } from './device-directory.ts';

/** Time for a command and its answer on their ways. A hub that has died is known to be dead after ten seconds. */
const carriedMs = 10_000;
const openMax = 1_000;
const takenMax = 10_000;

interface CarriedCommand {
  readonly to: string;
  readonly id: string;
  readonly command: DeviceCommand;
}

export interface PeerCommandsOptions {
  readonly peers: Peers;
  readonly clock: Pick<Clock, 'after'>;
  /** Delivers to a device of this hub. */
  readonly deliver: (id: string, command: DeviceCommand) => Promise<Delivery>;
}

export class PeerCommands {
  readonly #options: PeerCommandsOptions;
  readonly #open = new Map<string, (delivery: Delivery) => void>();
  /** Commands of other hubs that they wait for. */
  readonly #standing = new Set<string>();
  /** The latest commands of other hubs: one that comes again, after its hub was taken for dead, is not sent again. */
  readonly #taken = new Set<string>();
  #count = 0;

  constructor(options: PeerCommandsOptions) {
    this.#options = options;
    const { peers } = options;
    peers.listen('device-command', {
      put: (key, text) => void this.#take(key, JSON.parse(text) as CarriedCommand),
      removed: (key) => {
        if (this.#standing.delete(key)) peers.remove('device-answer', key);
      },
    });
    peers.listen('device-answer', {
      put: (key, text) => this.#open.get(key)?.(JSON.parse(text) as Delivery),
      removed() {},
    });
  }

  async send(to: string, id: string, command: DeviceCommand): Promise<Delivery> {
    if (this.#open.size >= openMax) return { kind: 'too-many' };
    const { peers, clock } = this.#options;
    this.#count += 1;
    const key = `${peers.hub}/${this.#count}`;
    const delivered = Promise.withResolvers<Delivery>();
    this.#open.set(key, delivered.resolve);
    const cancel = clock.after(command.waitMs + carriedMs, () => delivered.resolve({ kind: 'unanswered' }));
    const carried: CarriedCommand = { to, id, command };
    peers.put('device-command', key, JSON.stringify(carried));
    const delivery = await delivered.promise;
    cancel();
    this.#open.delete(key);
    peers.remove('device-command', key);
    return delivery;
  }

  async #take(key: string, { to, id, command }: CarriedCommand): Promise<void> {
    const { peers, deliver } = this.#options;
    if (to !== peers.hub || this.#taken.has(key)) return;
    this.#taken.add(key);
    for (const oldest of this.#taken) {
      if (this.#taken.size <= takenMax) break;
      this.#taken.delete(oldest);
    }
    this.#standing.add(key);
    const delivery = await deliver(id, command);
    // The other hub may have given up meanwhile.
    if (this.#standing.has(key)) peers.put('device-answer', key, JSON.stringify(delivery));
  }
}
