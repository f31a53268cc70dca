/**
 * One connection of the TCP door: bytes, limits, and which of two clients talks.
 *
 *     accepted ──first bytes are HTTP or TLS──▶ closed
 *        │
 *        ├── "hello" ──▶ session (session.ts)
 *        └── anything else, or nothing for a moment ──▶ plain client (plain.ts);
 *                                                       where access is keyed: refused and ended
 *
 * Messages are handled in their order, one batch at a time.
 */

import type { Socket } from 'node:net';
import { CapsError } from '../../../protocol/errors.ts';
import { limits } from '../../../protocol/limits.ts';
import { unavailableReasons } from '../../../protocol/unavailable.ts';
import type { Access } from '../../access/access.ts';
import { readHandshake } from '../../access/handshakes.ts';
import type { Clock } from '../../clock.ts';
import type { DeviceRegistry } from '../../devices/device-registry.ts';
import type { LongConnection } from '../../edge/drain.ts';
import type { Bucket, Rates } from '../../edge/rate.ts';
import type { Hub } from '../../hub/hub.ts';
import type { Presence } from '../../hub/presence.ts';
import { gatewayWords, isGatewayText } from '../../legacy/gateway.ts';
import type { PlainClients } from '../../legacy/plain-clients.ts';
import { type MessageBatch, TcpInput } from './input.ts';
import type { ScannedPart } from './json-scanner.ts';
import {
  answerLine,
  asMessage,
  errorLine,
  farewell,
  goodbye,
  handshakeIn,
  idIn,
  isFree,
  isOwn,
  type Message,
  type MessageId,
  ping,
  pong,
} from './messages.ts';
import { TcpNotices } from './notices.ts';
import { PacedLines, plainPauseMs } from './paced-lines.ts';
import { TcpPlain } from './plain.ts';
import { TcpSession } from './session.ts';
import { Silence } from './silence.ts';
import type { TcpSinkOptions } from './sink.ts';

export interface TcpConnectionOptions {
  readonly hub: Hub;
  readonly access: Access;
  readonly plain: PlainClients;
  readonly presence: Presence;
  readonly devices: DeviceRegistry;
  readonly rates: Rates;
  readonly clock: Clock;
  readonly onFault: (error: unknown, what: string) => void;
  readonly encodedOf: TcpSinkOptions['encodedOf'];
  /** Identifies this hub among several. */
  readonly serverId: string;
  /** The client's IP address. */
  readonly address: string;
}

/** Time for the client to close its side after the hub ended its own. */
const lingerMs = 3_000;
/** Time to write the lines that still wait at the end, with shorter pauses if necessary. */
const hurryMs = 5_000;
/** The same where the hub is gone soon after. */
export const awayMs = 400;
/** Unsent bytes past which the hub stops reading from the connection. */
const unreadMax = 1024 * 1024;

export class TcpConnection implements LongConnection {
  readonly #socket: Socket;
  readonly #options: TcpConnectionOptions;
  readonly #lines: PacedLines;
  readonly #bucket: Bucket;
  readonly #notices: TcpNotices;
  readonly #silence: Silence;
  readonly #input: TcpInput;
  readonly #plain: TcpPlain;
  /** Whoever talks; undefined until that is known. */
  #client: TcpSession | TcpPlain | undefined;
  #isHandling = false;
  /** A command has come: it is too late for a hello. */
  #hasSpoken = false;
  #theyEnded = false;
  #isEnding = false;

  constructor(socket: Socket, options: TcpConnectionOptions) {
    const { hub, access, clock, rates } = options;
    this.#socket = socket;
    this.#options = options;
    this.#lines = new PacedLines(socket, clock);
    this.#lines.pauseMs = plainPauseMs;
    this.#notices = new TcpNotices(options);
    this.#plain = new TcpPlain({
      ...options,
      lines: this.#lines,
      from: hub.head,
      noticed: (error) => this.#notices.noticed(error),
      end: () => this.end(),
      fail: () => this.destroy(),
      named: (device) => this.#name(device),
    });
    this.#bucket = rates.bucket();
    this.#silence = new Silence({
      clock,
      isKeyed: access.isKeyed,
      onNoHello: () => this.#becomePlain(),
      onNothingSaid: () => {
        if (this.#client === this.#plain) this.#plain.greet();
      },
      onDeviceSilent: (afterMs) => {
        this.#notices.fault(`A device was silent for ${afterMs / 1_000} s and is taken for offline.`);
        this.end();
      },
    });
    this.#input = new TcpInput({
      socket,
      clock,
      words: gatewayWords,
      isBehind: () => this.#lines.queuedSize > unreadMax,
      onData: () => this.#came(),
      onStranger: () => {
        this.#notices.fault('An HTTP request or a TLS handshake came to the TCP port.');
        this.destroy();
      },
      onGiveUp: (error) => this.#giveUp(error),
    });
    socket.on('end', () => {
      this.#theyEnded = true;
      void this.#handleAll();
    });
    // A connection that breaks ends in 'close' as well.
    socket.on('error', (error: NodeJS.ErrnoException) => {
      this.#notices.fault(`A connection broke off (${error.code ?? error.message}).`);
    });
    socket.on('close', () => this.#forget());
  }

  get isBusy(): boolean {
    return this.#isHandling || !this.#input.isEmpty;
  }

  get isEnding(): boolean {
    return this.#isEnding;
  }

  /** Says when to come back, and ends the connection. */
  sendAway(retryAfterMs: number): void {
    if (this.#isEnding) return;
    const details = { retryAfterMs };
    this.#lines.write(errorLine(new CapsError('unavailable', unavailableReasons.stopping, { details })));
    this.end(awayMs);
  }

  /**
   * Sends the lines that wait, then ends the connection. Safe to call twice.
   * @param withinMs time for these lines
   */
  end(withinMs = hurryMs): void {
    if (this.#isEnding) return;
    this.#isEnding = true;
    this.#leave();
    const { clock } = this.#options;
    const { queued, pauseMs } = this.#lines;
    if (queued * pauseMs > withinMs) this.#lines.pauseMs = withinMs / queued;
    this.#lines.end();
    const writtenMs = Math.min(queued * pauseMs, withinMs);
    clock.after(writtenMs + lingerMs / 3, () => this.hurry());
    clock.after(writtenMs + lingerMs, () => this.#socket.destroy());
  }

  /** Sends the lines that wait at once: on a busy machine every pause takes longer, and they would be lost. */
  hurry(): void {
    this.#lines.pauseMs = 0;
  }

  /** Drops the connection at once. Safe to call twice. */
  destroy(): void {
    this.#socket.destroy();
  }

  // ---- handling what comes in, in its order ----

  #came(): void {
    this.#client?.seen();
    this.#silence.broken();
    void this.#handleAll();
  }

  async #handleAll(): Promise<void> {
    if (this.#isHandling) return;
    this.#isHandling = true;
    try {
      while (!this.#input.isEmpty && !this.#isEnding) await this.#handle(this.#input.take(limits.batch));
    } catch (error) {
      this.#options.onFault(error, 'a connection could not be served');
      this.destroy();
    }
    this.#isHandling = false;
    if (this.#theyEnded) this.end();
  }

  async #handle({ messages, cameAt }: MessageBatch): Promise<void> {
    let commands: Message[] = [];
    for (const one of messages) {
      const isBound = this.#client instanceof TcpSession;
      const message = one.kind === 'object' ? asMessage(one.value, one.json, isBound) : undefined;
      // Where access is keyed, a stranger learns nothing about the other messages.
      if (!this.#client && this.#options.access.isKeyed && message?.event !== 'hello') {
        return this.#becomePlain(one.kind === 'object' ? idIn(one.value, one.json) : undefined);
      }
      const tooFast = isFree(one, message) ? undefined : this.#bucket.take();
      if (message && !isOwn(message, isBound)) {
        commands.push({ ...message, tooFast });
        continue;
      }
      await this.#submit(commands, cameAt);
      commands = [];
      if (message) await this.#handleOwn({ ...message, tooFast });
      else if (tooFast) this.#refuseOne(one, tooFast);
      else if (one.kind === 'object') await this.#handleOther(one);
      else if (one.kind === 'text') await this.#handleText(one.text);
      else this.#refuse(one.error);
    }
    await this.#submit(commands, cameAt);
  }

  async #handleText(text: string): Promise<void> {
    const isOfDoor = (text === ping || text === farewell) && !this.#plain.isDevice;
    if (!isOfDoor && !(this.#client instanceof TcpSession) && isGatewayText(text)) {
      this.#hasSpoken = true;
      if (!this.#client) this.#becomePlain();
      return this.#plain.takeGatewayText(text);
    }
    if (text !== ping && text !== farewell) this.#refuse(new CapsError('not-json'));
    else this.#lines.write(text === ping ? pong : goodbye);
    if (text === farewell) this.end();
  }

  async #handleOther(one: ScannedPart & { kind: 'object' }): Promise<void> {
    const { value: object } = one;
    const device = 'device_id' in object ? object.device_id : undefined;
    if (typeof device === 'string' && device !== '' && device.length <= limits.nameLength) {
      this.#name(device);
      return;
    }
    if (!this.#client) this.#becomePlain();
    if (this.#client === this.#plain && (await this.#plain.takesGatewayObject(object))) {
      this.#hasSpoken = true;
      return;
    }
    const why = 'A message is an object with "event" and "payload".';
    this.#refuseOne(one, new CapsError('bad-message', why));
  }

  #refuseOne(one: ScannedPart, error: CapsError): void {
    const id = one.kind === 'object' ? idIn(one.value, one.json) : undefined;
    if (this.#client instanceof TcpSession && id !== undefined) this.#client.refuseMessage(error, id);
    else this.#refuse(error, id);
  }

  #name(device: string): void {
    if (!this.#client) this.#becomePlain();
    this.#client?.named(device);
    this.#silence.named();
  }

  async #handleOwn(message: Message): Promise<void> {
    const { event, payload, id, tooFast, whole, json } = message;
    if (event === 'hello') return this.#hello(payload, idIn(whole, json));
    if (this.#client instanceof TcpSession) return this.#client.handleOwn(message);
    const error = tooFast ?? new CapsError('not-allowed', 'Only drivers are on duty.');
    this.#lines.write(answerLine(id, this.#notices.noticed(error).toAnswer()));
  }

  async #submit(messages: readonly Message[], cameAt: number): Promise<void> {
    if (messages.length === 0 || this.#isEnding) return;
    this.#hasSpoken = true;
    if (!this.#client) this.#becomePlain();
    await this.#client?.submit(messages, cameAt);
  }

  // ---- who it is ----

  async #hello(payload: unknown, id: MessageId | undefined): Promise<void> {
    if (this.#client instanceof TcpSession || this.#hasSpoken) {
      return this.#giveUp(new CapsError('bad-message', 'A hello is the first message, or none.'), id);
    }
    const { access, address } = this.#options;
    try {
      const binding = await readHandshake(handshakeIn(payload), access, { address, door: 'tcp' });
      if (this.#isEnding || this.#socket.destroyed) return;
      this.#silence.decided();
      this.#plain.close();
      this.#lines.drop();
      this.#lines.pauseMs = 0;
      this.#client = new TcpSession(binding, {
        ...this.#options,
        lines: this.#lines,
        notices: this.#notices,
        fail: () => this.destroy(),
        onRevoked: (why) => this.#giveUp(why),
      });
    } catch (error) {
      this.#giveUp(error, id);
    }
  }

  /** @param id of the message that it is refused for, where it has one */
  #becomePlain(id?: MessageId): void {
    this.#silence.decided();
    if (this.#client || this.#isEnding) return;
    const refusal = this.#options.access.refusalOfUnnamed();
    if (refusal) {
      this.#giveUp(refusal, id);
      return;
    }
    this.#client = this.#plain;
    this.#plain.listen();
  }

  // ---- what goes wrong ----

  /** Says why, and ends the connection. */
  #giveUp(error: unknown, id?: MessageId): void {
    this.#refuse(error, id);
    this.end();
  }

  /** Tells the client and dispatch. */
  #refuse(error: unknown, id?: MessageId): void {
    if (this.#client) this.#client.refuse(error, id);
    else this.#lines.write(errorLine(this.#notices.noticed(error), id));
  }

  // ---- the end ----

  #leave(): void {
    this.#input.close();
    this.#silence.close();
    this.#plain.close();
    this.#client?.close();
  }

  #forget(): void {
    this.#isEnding = true;
    this.#leave();
  }
}
