/**
 * The port: every device that any hub knows, and the way to each.
 *
 *     device ── hello ──▶ hub A ── enter ──▶ directory ◀── send ── hub B ◀── REST
 *                         hub A ◀── deliver ───┘
 *
 * Devices are live state, like presence: they are not in the log. Hubs on one log tell each other about theirs
 * (peer-devices.ts), so every value survives JSON and every call may cross the network.
 */

import type { Device, DeviceAnswer } from '../../protocol/devices.ts';

export interface DeviceDirectory {
  /**
   * Connects this hub, which is then called for its devices.
   * @returns detach: the hub's devices are no longer connected; safe to call twice
   */
  attach(hub: DeviceHub): () => void;
  /**
   * A device said hello on this connection. It keeps what it had reported. The connection that had its id before is
   * displaced, at another hub within about a second: the latest hello wins, whatever the hubs' clocks say.
   * @returns the device with what is known of it @throws CapsError busy if the directory is full
   */
  enter(device: Device, connection: string): Promise<Device>;
  /** Replaces what is known of a device. Does nothing if another connection is this device now. */
  put(device: Device, connection: string): Promise<void>;
  /** The connection has ended. The device stays known for a day. Does nothing if another connection is this device now. */
  leave(id: string, connection: string): Promise<void>;
  /** Lists devices by id. @param after the id that precedes the page */
  list(page: { readonly after: string | undefined; readonly limit: number }): Promise<DevicePage>;
  find(id: string): Promise<Device | undefined>;
  /** Sends a command to a device on whichever hub has it. Resolves with its answer, or after `waitMs` without. */
  send(id: string, command: DeviceCommand): Promise<Delivery>;
}

/** One hub, as the directory calls it. */
export interface DeviceHub {
  readonly id: string;
  /** Writes a command to the device of this connection. */
  deliver(connection: string, command: DeviceCommand): Promise<Delivery>;
  /** Another connection, here or on another hub, is this device now. */
  displaced(connection: string): void;
}

export interface DevicePage {
  readonly items: readonly Device[];
  /** `after` of the next page; null on the last. */
  readonly next: string | null;
}

export interface DeviceCommand {
  readonly message: string;
  /** How long to wait for the device's answer. */
  readonly waitMs: number;
}

export type Delivery =
  | { readonly kind: 'unknown' }
  | { readonly kind: 'not-connected' }
  /** The device's hub did not say in time whether it sent the command. */
  | { readonly kind: 'unanswered' }
  /** Too many commands wait for the device's answer. */
  | { readonly kind: 'too-many' }
  | {
      readonly kind: 'sent';
      readonly hub: string;
      readonly sentAt: string;
      /** Null if it did not answer in time, or has left. */
      readonly answer: DeviceAnswer | null;
    };
