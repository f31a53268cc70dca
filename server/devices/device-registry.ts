/**
 * The devices that are connected to this hub: each has a session from its hello to the end of its connection. What is
 * known of them goes to the directory, and commands come from there.
 */

import type { Device, DeviceReport } from '../../protocol/devices.ts';
import { uuidv7 } from '../../protocol/ids.ts';
import type { Clock } from '../clock.ts';
import type { Delivery, DeviceCommand, DeviceDirectory, DeviceHub } from './device-directory.ts';
import { type DeviceReply, OpenCommands } from './open-commands.ts';

/** The device's connection. */
export interface DeviceLink {
  /** Sends a command. */
  command(message: string): void;
  /** Another connection is this device now. */
  displaced(): void;
}

export interface DeviceRegistryOptions {
  readonly serverId: string;
  readonly directory: DeviceDirectory;
  readonly clock: Clock;
  readonly onFault: (error: unknown, what: string) => void;
}

export class DeviceRegistry {
  readonly #options: DeviceRegistryOptions;
  readonly #sessions = new Map<string, DeviceSession>();
  readonly #detach: () => void;

  constructor(options: DeviceRegistryOptions) {
    this.#options = options;
    const hub: DeviceHub = {
      id: options.serverId,
      deliver: async (connection, command) =>
        (await this.#sessions.get(connection)?.deliver(command)) ?? { kind: 'not-connected' },
      displaced: (connection) => this.#sessions.get(connection)?.displaced(),
    };
    this.#detach = options.directory.attach(hub);
  }

  /** A device said hello. @param id in small letters @throws CapsError busy; then there is no session */
  async enter(id: string, link: DeviceLink): Promise<DeviceSession> {
    const { serverId, directory, clock } = this.#options;
    const connection = uuidv7(clock.now());
    const time = timeOf(clock);
    const hello: Device = { id, hub: serverId, connected: true, connectedAt: time, lastSeen: time };
    const forget = () => this.#sessions.delete(connection);
    const session = new DeviceSession(hello, { ...this.#options, connection, link, forget });
    // Known before the directory answers: another connection may displace it at once.
    this.#sessions.set(connection, session);
    try {
      session.entered(await directory.enter(hello, connection));
    } catch (error) {
      session.leave();
      throw error;
    }
    return session;
  }

  /** Safe to call twice. */
  close(): void {
    this.#detach();
  }
}

interface DeviceSessionOptions extends DeviceRegistryOptions {
  readonly connection: string;
  readonly link: DeviceLink;
  readonly forget: () => void;
}

export class DeviceSession {
  readonly #options: DeviceSessionOptions;
  readonly #commands: OpenCommands;
  #device: Device;
  #isOver = false;

  constructor(device: Device, options: DeviceSessionOptions) {
    this.#device = device;
    this.#options = options;
    this.#commands = new OpenCommands(options.clock);
  }

  get id(): string {
    return this.#device.id;
  }

  /** The latest report. */
  get report(): DeviceReport {
    const { position, status, battery } = this.#device;
    return { position, status, battery };
  }

  /** The directory knows it. @param device with what was known of it */
  entered(device: Device): void {
    this.#device = device;
  }

  /** The device gave a sign of life. Resolves when the directory knows. */
  seen(): Promise<void> {
    return this.#put({});
  }

  /** Resolves when the directory knows. */
  reported(report: DeviceReport): Promise<void> {
    return this.#put({ ...report, reportedAt: timeOf(this.#options.clock) });
  }

  /** The device answered the oldest command that this may answer, if there is one. */
  answered(reply: DeviceReply, message: string): void {
    this.#commands.answer(reply, { message, time: timeOf(this.#options.clock) });
  }

  async deliver({ message, waitMs }: DeviceCommand): Promise<Delivery> {
    if (this.#isOver) return { kind: 'not-connected' };
    if (this.#commands.isFull) return { kind: 'too-many' };
    const { link, serverId, clock } = this.#options;
    link.command(message);
    const sentAt = timeOf(clock);
    return { kind: 'sent', hub: serverId, sentAt, answer: await this.#commands.open(message, waitMs) };
  }

  displaced(): void {
    const { link } = this.#options;
    this.leave();
    link.displaced();
  }

  /** The connection has ended. Safe to call twice. */
  leave(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    const { directory, connection, forget, onFault } = this.#options;
    forget();
    this.#commands.close();
    directory
      .leave(this.id, connection)
      .catch((error: unknown) => onFault(error, 'the end of a device’s connection could not be kept'));
  }

  async #put(part: Partial<Device>): Promise<void> {
    if (this.#isOver) return;
    const { directory, connection, clock } = this.#options;
    this.#device = { ...this.#device, ...part, lastSeen: timeOf(clock) };
    await directory.put(this.#device, connection);
  }
}

function timeOf(clock: Clock): string {
  return new Date(clock.now()).toISOString();
}
