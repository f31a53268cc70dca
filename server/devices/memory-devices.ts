/**
 * The directory of one hub process. A device is dropped a day after its last sign of life, or earlier if there are too
 * many: then the one that has been away longest goes first.
 */

import type { Device } from '../../protocol/devices.ts';
import { CapsError } from '../../protocol/errors.ts';
import type { Clock } from '../clock.ts';
import type { Delivery, DeviceCommand, DeviceDirectory, DeviceHub, DevicePage } from './device-directory.ts';

const forgetAfterMs = 24 * 60 * 60 * 1_000;

export interface DeviceLimits {
  readonly devices: number;
  /** JSON of all devices together. One takes about 300 bytes. */
  readonly bytes: number;
}

const usualLimits: DeviceLimits = { devices: 10_000, bytes: 8 * 1024 * 1024 };

interface Entry {
  readonly device: Device;
  /** Undefined while it is away. */
  readonly connection: string | undefined;
  readonly seenMs: number;
  readonly bytes: number;
}

export class MemoryDevices implements DeviceDirectory {
  readonly #clock: Pick<Clock, 'now'>;
  readonly #limits: DeviceLimits;
  readonly #hubs = new Map<string, DeviceHub>();
  /** By id; the one seen longest ago first. */
  readonly #entries = new Map<string, Entry>();
  /** Sorted, so that a page needs no sorting. */
  readonly #ids: string[] = [];
  #bytes = 0;

  constructor(clock: Pick<Clock, 'now'>, limits: DeviceLimits = usualLimits) {
    this.#clock = clock;
    this.#limits = limits;
  }

  attach(hub: DeviceHub): () => void {
    this.#hubs.set(hub.id, hub);
    return () => {
      if (this.#hubs.get(hub.id) === hub) this.#hubs.delete(hub.id);
      for (const { device, connection } of this.#entries.values()) {
        if (device.hub === hub.id && connection !== undefined) this.#disconnect(device.id);
      }
    };
  }

  async enter(device: Device, connection: string): Promise<Device> {
    this.#forgetOld();
    const known = this.#entries.get(device.id);
    const { position, status, battery, reportedAt } = known?.device ?? {};
    const entered = {
      ...device,
      ...(position && { position }),
      ...(status && { status }),
      ...(battery === undefined ? {} : { battery }),
      ...(reportedAt === undefined ? {} : { reportedAt }),
    };
    if (!known) this.#makeRoom();
    this.#keep(entered, connection);
    if (known?.connection !== undefined && known.connection !== connection) {
      this.#hubs.get(known.device.hub)?.displaced(known.connection);
    }
    return entered;
  }

  async put(device: Device, connection: string): Promise<void> {
    if (this.#entries.get(device.id)?.connection === connection) this.#keep(device, connection);
  }

  async leave(id: string, connection: string): Promise<void> {
    if (this.#entries.get(id)?.connection === connection) this.#disconnect(id);
  }

  async list({ after, limit }: { after: string | undefined; limit: number }): Promise<DevicePage> {
    this.#forgetOld();
    const start = after === undefined ? 0 : this.#placeOf(after, true);
    const ids = this.#ids.slice(start, start + limit);
    const items = ids.flatMap((id) => this.#entries.get(id)?.device ?? []);
    return { items, next: start + limit < this.#ids.length ? (ids.at(-1) ?? null) : null };
  }

  async find(id: string): Promise<Device | undefined> {
    this.#forgetOld();
    return this.#entries.get(id)?.device;
  }

  async send(id: string, command: DeviceCommand): Promise<Delivery> {
    this.#forgetOld();
    const entry = this.#entries.get(id);
    if (!entry) return { kind: 'unknown' };
    const hub = this.#hubs.get(entry.device.hub);
    if (!hub || entry.connection === undefined) return { kind: 'not-connected' };
    return hub.deliver(entry.connection, command);
  }

  // ---- keeping ----

  #keep(device: Device, connection: string | undefined): void {
    const known = this.#entries.get(device.id);
    if (!known) this.#ids.splice(this.#placeOf(device.id), 0, device.id);
    const bytes = JSON.stringify(device).length;
    this.#bytes += bytes - (known?.bytes ?? 0);
    // It goes behind all others, which were seen earlier.
    this.#entries.delete(device.id);
    this.#entries.set(device.id, { device, connection, seenMs: this.#clock.now(), bytes });
  }

  /** Not a sign of life: the entry keeps its place. */
  #disconnect(id: string): void {
    const known = this.#entries.get(id);
    if (!known) return;
    const device = { ...known.device, connected: false };
    this.#entries.set(id, { ...known, device, connection: undefined });
  }

  #forgetOld(): void {
    const now = this.#clock.now();
    for (const [id, { seenMs }] of this.#entries) {
      if (now - seenMs < forgetAfterMs) return;
      this.#drop(id);
    }
  }

  /** @throws CapsError busy */
  #makeRoom(): void {
    const { devices, bytes } = this.#limits;
    while (this.#entries.size >= devices || this.#bytes >= bytes) {
      const away = this.#longestAway();
      if (away === undefined)
        throw new CapsError('busy', `The hub knows ${this.#entries.size} devices, and has no room for more.`);
      this.#drop(away);
    }
  }

  #longestAway(): string | undefined {
    for (const [id, { connection }] of this.#entries) if (connection === undefined) return id;
    return undefined;
  }

  #drop(id: string): void {
    this.#bytes -= this.#entries.get(id)?.bytes ?? 0;
    this.#entries.delete(id);
    this.#ids.splice(this.#placeOf(id), 1);
  }

  /** Index of the first id that is not before this one. @param isBehind of the first that is after it */
  #placeOf(id: string, isBehind = false): number {
    let [low, high] = [0, this.#ids.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      const one = this.#ids[middle] ?? '';
      if (one < id || (isBehind && one === id)) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
