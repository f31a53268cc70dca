/**
 * The directory of one hub, which tells the others on its log about its devices and learns of theirs. Without others it
 * knows its own alone. What a hub tells ends with that hub: its devices are then away.
 *
 *     hello ─▶ turn + 1 ─▶ told to all ─▶ a hub with an earlier turn ends its connection
 */

import type { Device } from '../../protocol/devices.ts';
import type { Clock } from '../clock.ts';
import type { Peers } from '../store/peers.ts';
import type { Delivery, DeviceCommand, DeviceDirectory, DeviceHub, DevicePage } from './device-directory.ts';
import { type DeviceLimits, type KnownDevice, KnownDevices } from './known-devices.ts';
import { PeerCommands } from './peer-commands.ts';

export interface PeerDevicesOptions {
  readonly clock: Clock;
  /** Other hubs on the same log. */
  readonly peers?: Peers | undefined;
  readonly limits?: DeviceLimits;
}

/** What hubs tell each other of a device. */
type SharedDevice = Pick<KnownDevice, 'device' | 'turn'>;

export class PeerDevices implements DeviceDirectory {
  readonly #peers: Peers | undefined;
  readonly #known: KnownDevices;
  readonly #commands: PeerCommands | undefined;
  #hub: DeviceHub | undefined;

  constructor({ clock, peers, limits }: PeerDevicesOptions) {
    this.#peers = peers;
    this.#known = new KnownDevices(clock, (device) => this.#unshare(device), limits);
    peers?.listen('device', {
      put: (_, text) => this.#hear(JSON.parse(text) as SharedDevice),
      removed: (key) => this.#lose(key),
    });
    this.#commands =
      peers && new PeerCommands({ peers, clock, deliver: (id, command) => this.#deliver(id, command) });
  }

  attach(hub: DeviceHub): () => void {
    this.#hub = hub;
    return () => {
      this.#hub = undefined;
      for (const { device, connection } of [...this.#known.all()]) if (connection) this.#left(device.id);
    };
  }

  async enter(device: Device, connection: string): Promise<Device> {
    const before = this.#known.find(device.id);
    const { position, status, battery, reportedAt } = before?.device ?? {};
    const reported = Object.entries({ position, status, battery, reportedAt });
    const entered = { ...device, ...Object.fromEntries(reported.filter(([, value]) => value !== undefined)) };
    this.#keep({ device: entered, turn: (before?.turn ?? 0) + 1, connection });
    if (before?.connection !== undefined) this.#hub?.displaced(before.connection);
    return entered;
  }

  async put(device: Device, connection: string): Promise<void> {
    const known = this.#known.find(device.id);
    if (known?.connection === connection) this.#keep({ ...known, device });
  }

  async leave(id: string, connection: string): Promise<void> {
    if (this.#known.find(id)?.connection === connection) this.#left(id);
  }

  async list({ after, limit }: { after: string | undefined; limit: number }): Promise<DevicePage> {
    return this.#known.page(after, limit);
  }

  async find(id: string): Promise<Device | undefined> {
    return this.#known.find(id)?.device;
  }

  async send(id: string, command: DeviceCommand): Promise<Delivery> {
    const device = this.#known.find(id)?.device;
    if (!device) return { kind: 'unknown' };
    const isHere = device.hub === this.#hub?.id || !this.#commands;
    if (isHere || !device.connected) return this.#deliver(id, command);
    return this.#commands.send(device.hub, id, command);
  }

  async #deliver(id: string, command: DeviceCommand): Promise<Delivery> {
    const connection = this.#known.find(id)?.connection;
    if (!this.#hub || connection === undefined) return { kind: 'not-connected' };
    return this.#hub.deliver(connection, command);
  }

  // ---- own devices ----

  /** @throws CapsError busy */
  #keep(one: KnownDevice): void {
    this.#known.keep(one);
    this.#share(one);
  }

  #left(id: string): void {
    const away = this.#known.leave(id);
    if (away) this.#share(away);
  }

  #share({ device, turn }: SharedDevice): void {
    this.#peers?.put('device', keyOf(device), JSON.stringify({ device, turn }));
  }

  /** Does nothing for a device of another hub. */
  #unshare(device: Device): void {
    this.#peers?.remove('device', keyOf(device));
  }

  // ---- devices of other hubs ----

  #hear(told: SharedDevice): void {
    const known = this.#known.find(told.device.id);
    const isSame = known?.device.hub === told.device.hub;
    if (known && !isSame && !isLater(told, known)) {
      // It was away before it came here: from now on its turn is the latest.
      if (known.connection !== undefined && told.turn >= known.turn)
        this.#keep({ ...known, turn: told.turn + 1 });
      return;
    }
    try {
      this.#known.keep({ device: told.device, turn: told.turn });
    } catch {
      // There is no room for it: this hub alone does not know it.
      return;
    }
    if (known && !isSame) this.#unshare(known.device);
    if (known?.connection !== undefined) this.#hub?.displaced(known.connection);
  }

  #lose(key: string): void {
    const [hub, id = ''] = key.split('/');
    if (this.#known.find(id)?.device.hub === hub) this.#known.leave(id);
  }
}

/** Whoever is here is later than whoever is away; then the later hello counts, whatever the hubs' clocks say. */
function isLater(one: SharedDevice, other: SharedDevice): boolean {
  if (one.device.connected !== other.device.connected) return one.device.connected;
  return one.turn === other.turn ? one.device.hub > other.device.hub : one.turn > other.turn;
}

/** Two hubs may tell of the same device. */
function keyOf({ hub, id }: Device): string {
  return `${hub}/${id}`;
}
