/**
 * A plain client that speaks as a device of the vehicle gateway. Each message is answered in the form in which it came:
 *
 *     text    PING.                                               PONG.
 *     JSON    { "type": "message", "message": "PING.", … }        { "type": "message", "message": "PONG.", … }
 *
 * Once it has said hello it is a device: the hub knows where it is, and sends it commands, always as JSON. Its lines go
 * before the records that wait.
 */

import { CapsError } from '../../../protocol/errors.ts';
import type { DeviceRegistry, DeviceSession } from '../../devices/device-registry.ts';
import type { Attendance } from '../../hub/presence.ts';
import { type GatewayWord, gatewayAnswers, gatewayWordIn } from '../../legacy/gateway.ts';
import { errorLine, goodbye } from './messages.ts';
import type { PacedLines } from './paced-lines.ts';

export interface TcpVehicleOptions {
  readonly lines: PacedLines;
  readonly devices: DeviceRegistry;
  readonly attendance: Pick<Attendance, 'reported'>;
  /** Identifies this hub among several. */
  readonly serverId: string;
  /** Tells dispatch. @returns what may be told to the sender */
  readonly noticed: (error: unknown) => CapsError;
  /** The client is this device. */
  readonly named: (device: string) => void;
  readonly end: () => void;
}

/** How a message came, and its answer goes: as text, or as JSON that names the client. */
export type GatewayForm = { readonly kind: 'text' } | { readonly kind: 'json'; readonly clientId: unknown };

export class TcpVehicle {
  readonly #options: TcpVehicleOptions;
  #session: DeviceSession | undefined;
  /** How it said hello. */
  #form: GatewayForm = { kind: 'text' };
  #isClosed = false;

  constructor(options: TcpVehicleOptions) {
    this.#options = options;
  }

  /** Whether it has said hello. */
  get isDevice(): boolean {
    return this.#session !== undefined;
  }

  /** @param said the text, or the JSON's `message` */
  async take(said: unknown, form: GatewayForm): Promise<void> {
    try {
      const word = typeof said === 'string' ? gatewayWordIn(said) : undefined;
      if (!word) throw new CapsError('bad-message', 'This message is not understood.');
      await this.#handle(word, String(said), form);
    } catch (error) {
      this.#refuse(error, form);
    }
  }

  /** The connection has ended. Safe to call twice. */
  close(): void {
    this.#isClosed = true;
    this.#session?.leave();
  }

  async #handle(word: GatewayWord, said: string, form: GatewayForm): Promise<void> {
    if (word.kind === 'hello') return this.#hello(word.device, form);
    const session = this.#session;
    if (word.kind === 'ping') {
      await session?.seen();
      return this.#answer(gatewayAnswers.ping, form);
    }
    if (word.kind === 'farewell') {
      this.#answer(session ? gatewayAnswers.farewell : goodbye, form);
      return this.#options.end();
    }
    if (!session) throw new CapsError('bad-message', "Say hello first: HELLO, I'M <uuid>!");
    switch (word.kind) {
      case 'left':
        return this.#options.end();
      case 'report':
        await this.#reported(session, word);
        return this.#answer(gatewayAnswers.report, form);
      case 'fine':
        await this.#reported(session, word);
        return session.answered(word.kind, said);
      default:
        await session.seen();
        return session.answered(word.kind, said);
    }
  }

  async #hello(device: string, form: GatewayForm): Promise<void> {
    const { devices, named, attendance, lines, serverId } = this.#options;
    const known = this.#session;
    if (known && known.id !== device)
      throw new CapsError(
        'bad-message',
        `This connection is the device ${known.id}; another one needs its own.`,
      );
    this.#form = form;
    named(device);
    if (known) await known.seen();
    else {
      const command = (message: string) =>
        lines.writeFirst(JSON.stringify({ type: 'command', message, serverId }));
      const session = await devices.enter(device, { command, displaced: () => this.#displaced() });
      if (this.#isClosed) return session.leave();
      this.#session = session;
      attendance.reported(session.report);
    }
    this.#answer(gatewayAnswers.hello, form);
  }

  async #reported(
    session: DeviceSession,
    { report }: GatewayWord & { kind: 'report' | 'fine' },
  ): Promise<void> {
    this.#options.attendance.reported(report);
    await session.reported(report);
  }

  #displaced(): void {
    if (this.#isClosed) return;
    this.#refuse(
      new CapsError('bad-message', 'Another connection has said that it is this device.'),
      this.#form,
    );
    this.#options.end();
  }

  #answer(message: string, form: GatewayForm): void {
    const { lines, serverId } = this.#options;
    if (form.kind === 'text') lines.writeFirst(message);
    else lines.writeFirst(JSON.stringify({ type: 'message', message, clientId: form.clientId, serverId }));
  }

  /** Tells the client and dispatch. */
  #refuse(error: unknown, form: GatewayForm): void {
    const known = this.#options.noticed(error);
    if (form.kind === 'text') this.#options.lines.writeFirst(errorLine(known));
    else this.#answer(`ERROR: ${known.message}`, form);
  }
}
