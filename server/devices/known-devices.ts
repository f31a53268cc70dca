/**
 * The devices that this hub knows of, here and at other hubs. A device is dropped a day after its last sign of life, or
 * earlier if there are too many: then the one that has been away longest goes first.
 */

import type { Device } from '../../protocol/devices.ts';
import { CapsError } from '../../protocol/errors.ts';
import type { Clock } from '../clock.ts';
import type { DevicePage } from './device-directory.ts';

const forgetAfterMs = 24 * 60 * 60 * 1_000;

export interface DeviceLimits {
  readonly devices: number;
  /** JSON of all devices together. One takes about 300 bytes. */
  readonly bytes: number;
}

const usualLimits: DeviceLimits = { devices: 10_000, bytes: 8 * 1024 * 1024 };

export interface KnownDevice {
  readonly device: Device;
  /** Counts the hellos of the device: a later one wins. */
  readonly turn: number;
  /** Of this hub; undefined for a device that is away or elsewhere. */
  readonly connection?: string | undefined;
}

interface Entry extends KnownDevice {
  readonly seenMs: number;
  readonly bytes: number;
}

export class KnownDevices {
  readonly #clock: Pick<Clock, 'now'>;
  readonly #limits: DeviceLimits;
  readonly #onDropped: (device: Device) => void;
  /** By id; the one seen longest ago first. */
  readonly #entries = new Map<string, Entry>();
  /** Sorted, so that a page needs no sorting. */
  readonly #ids: string[] = [];
  #bytes = 0;

  constructor(
    clock: Pick<Clock, 'now'>,
    onDropped: (device: Device) => void,
    limits: DeviceLimits = usualLimits,
  ) {
    this.#clock = clock;
    this.#limits = limits;
    this.#onDropped = onDropped;
  }

  all(): IterableIterator<KnownDevice> {
    return this.#entries.values();
  }

  find(id: string): KnownDevice | undefined {
    this.#forgetOld();
    return this.#entries.get(id);
  }

  page(after: string | undefined, limit: number): DevicePage {
    this.#forgetOld();
    const start = after === undefined ? 0 : this.#placeOf(after, true);
    const ids = this.#ids.slice(start, start + limit);
    const items = ids.flatMap((id) => this.#entries.get(id)?.device ?? []);
    return { items, next: start + limit < this.#ids.length ? (ids.at(-1) ?? null) : null };
  }

  /** A sign of life of a device. @throws CapsError busy if it is new and all others are connected */
  keep(one: KnownDevice): void {
    const { id } = one.device;
    if (!this.#entries.has(id)) {
      this.#makeRoom();
      this.#ids.splice(this.#placeOf(id), 0, id);
    }
    const bytes = JSON.stringify(one.device).length;
    this.#bytes += bytes - (this.#entries.get(id)?.bytes ?? 0);
    // It goes behind all others, which were seen earlier.
    this.#entries.delete(id);
    this.#entries.set(id, { ...one, seenMs: this.#clock.now(), bytes });
  }

  /** The device has left; that is no sign of life. @returns it as it is now; undefined if it is unknown */
  leave(id: string): KnownDevice | undefined {
    const known = this.#entries.get(id);
    if (!known) return undefined;
    const away = { ...known, device: { ...known.device, connected: false }, connection: undefined };
    this.#entries.set(id, away);
    return away;
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
    for (const [id, { device }] of this.#entries) if (!device.connected) return id;
    return undefined;
  }

  #drop(id: string): void {
    const known = this.#entries.get(id);
    if (!known) return;
    this.#bytes -= known.bytes;
    this.#entries.delete(id);
    this.#ids.splice(this.#placeOf(id), 1);
    this.#onDropped(known.device);
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
