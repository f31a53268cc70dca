/**
 * One connection of the TCP door.
 *
 *     accepted ──first bytes are HTTP or TLS──▶ closed
 *        │
 *        ├── "hello" ──▶ bound: role, scope, cursor and answers as on Socket.IO, a JSON line each
 *        └── anything else, or nothing for a moment ──▶ plain: hears every record, is answered only what is wrong;
 *                                                       where access is keyed: refused and ended
 *
 * What comes in is handled in its order, and one lot at a time.
 */

import type { Socket } from 'node:net';
import { CapsError } from '../../../protocol/errors.ts';
import { limits } from '../../../protocol/limits.ts';
import { type Command, parseCommand } from '../../../protocol/messages.ts';
import { type Actor, authorOf } from '../../../protocol/parcel.ts';
import { type Access, readDuty } from '../../access/access.ts';
import { readHandshake } from '../../access/handshakes.ts';
import type { Clock } from '../../clock.ts';
import type { Bucket, Rates } from '../../edge/rate.ts';
import type { Hub, Subscription } from '../../hub/hub.ts';
import { OfferDesk } from '../../hub/offer-desk.ts';
import type { Attendance, Presence } from '../../hub/presence.ts';
import type { PlainClients } from '../../legacy/plain-clients.ts';
import { type Lot, TcpInput } from './input.ts';
import type { Scanned } from './json-scanner.ts';
import {
  answerLine,
  asMessage,
  errorLine,
  farewell,
  handshakeIn,
  idIn,
  isFree,
  isOwn,
  type Message,
  type MessageId,
  ping,
} from './messages.ts';
import { TcpNotices } from './notices.ts';
import { PacedLines, plainPauseMs } from './paced-lines.ts';
import { TcpPlain } from './plain.ts';
import { Silence } from './silence.ts';
import { PlainWatch, TcpSink, type TcpSinkOptions } from './sink.ts';

export interface TcpConnectionOptions {
  readonly hub: Hub;
  readonly access: Access;
  readonly plain: PlainClients;
  readonly presence: Presence;
  readonly rates: Rates;
  readonly clock: Clock;
  readonly onFault: (error: unknown, what: string) => void;
  readonly saidOf: TcpSinkOptions['saidOf'];
  /** Which of several hubs this is. */
  readonly serverId: string;
  /** From where it comes. */
  readonly address: string;
}

/** For the other side to close what this side has ended. */
const lingerMs = 3_000;
/** Lines that still wait then are written within this time, with shorter pauses if need be. */
const hurryMs = 5_000;
/** Bytes that may wait for it to take them before it is read no further. */
const unreadMax = 1024 * 1024;

type Role =
  | { readonly kind: 'new' }
  | { readonly kind: 'plain'; readonly subscription: Subscription; readonly attendance: Attendance }
  | {
      readonly kind: 'bound';
      readonly actor: Actor;
      readonly subscription: Subscription;
      readonly attendance: Attendance;
      readonly desk: OfferDesk;
      readonly forget: () => void;
    };

export class TcpConnection {
  readonly #socket: Socket;
  readonly #options: TcpConnectionOptions;
  readonly #lines: PacedLines;
  readonly #address: string;
  readonly #bucket: Bucket;
  readonly #notices: TcpNotices;
  readonly #silence: Silence;
  readonly #input: TcpInput;
  readonly #plain: TcpPlain;
  /** The log's head when it came: a plain client hears everything since. */
  readonly #from: number;
  #role: Role = { kind: 'new' };
  #sink: TcpSink | undefined;
  #isHandling = false;
  /** A message of substance has come: it is too late for a hello. */
  #hasSpoken = false;
  #theyEnded = false;
  #isEnding = false;

  constructor(socket: Socket, options: TcpConnectionOptions) {
    const { hub, access, clock, rates } = options;
    this.#socket = socket;
    this.#options = options;
    this.#lines = new PacedLines(socket, clock);
    this.#lines.pauseMs = plainPauseMs;
    this.#address = options.address;
    this.#notices = new TcpNotices(options);
    this.#plain = new TcpPlain({
      ...{ plain: options.plain, lines: this.#lines, clock },
      ...{ address: options.address, serverId: options.serverId },
      noticed: (error) => this.#notices.noticed(error),
      end: () => this.end(),
      named: (device) => this.#name(device),
    });
    this.#bucket = rates.bucket();
    this.#from = hub.head;
    this.#silence = new Silence({
      clock,
      isKeyed: access.isKeyed,
      onNoHello: () => this.#becomePlain(),
      onNothingSaid: () => {
        if (this.#role.kind === 'plain') this.#plain.greet();
      },
      onDeviceSilent: (afterMs) => {
        this.#notices.fault(`A device was silent for ${afterMs / 1_000} s and is taken for offline.`);
        this.end();
      },
    });
    this.#input = new TcpInput({
      socket,
      clock,
      words: new Set([ping, farewell]),
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

  /** Lets it take what is on its way, then ends it. Safe to call twice. */
  end(): void {
    if (this.#isEnding) return;
    this.#isEnding = true;
    this.#leave();
    const { queued, pauseMs } = this.#lines;
    if (queued * pauseMs > hurryMs) this.#lines.pauseMs = hurryMs / queued;
    this.#lines.end();
    this.#options.clock.after(lingerMs + Math.min(queued * pauseMs, hurryMs), () => this.#socket.destroy());
  }

  /** At once. Safe to call twice. */
  destroy(): void {
    this.#socket.destroy();
  }

  // ---- handling what comes in, in its order ----

  #came(): void {
    if (this.#role.kind !== 'new') this.#role.attendance.seen();
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

  async #handle({ messages, cameAt }: Lot): Promise<void> {
    let commands: Message[] = [];
    for (const one of messages) {
      const isBound = this.#role.kind === 'bound';
      const message = one.kind === 'object' ? asMessage(one.value, one.json, isBound) : undefined;
      // Where access is keyed, a stranger is not even told what is wrong with the rest.
      if (this.#role.kind === 'new' && this.#options.access.isKeyed && message?.event !== 'hello') {
        return this.#becomePlain();
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
      else if (one.kind === 'object') this.#handleOther(one);
      else if (one.kind === 'text') this.#handleText(one.text);
      else this.#refuse(one.error);
    }
    await this.#submit(commands, cameAt);
  }

  #handleText(text: string): void {
    if (text !== ping && text !== farewell) this.#refuse(new CapsError('not-json'));
    else this.#lines.write(text === ping ? 'PONG.' : 'BYE.');
    if (text === farewell) this.end();
  }

  #handleOther(one: Scanned & { kind: 'object' }): void {
    const { value: object } = one;
    const device = 'device_id' in object ? object.device_id : undefined;
    if (typeof device === 'string' && device !== '' && device.length <= limits.nameLength) {
      this.#name(device);
      return;
    }
    if (this.#role.kind === 'new') this.#becomePlain();
    if (this.#role.kind === 'plain' && this.#plain.takesGatewayWord(object)) return;
    const why = 'A message is an object with "event" and "payload".';
    this.#refuseOne(one, new CapsError('bad-message', why));
  }

  #refuseOne(one: Scanned, error: CapsError): void {
    const id = one.kind === 'object' ? idIn(one.value, one.json) : undefined; // Who is bound waits for an answer to whatever has one.
    if (this.#role.kind !== 'bound' || id === undefined) this.#refuse(error, id);
    else this.#lines.write(answerLine(id, this.#notices.noticed(error).toAnswer()));
  }

  #name(device: string): void {
    if (this.#role.kind === 'new') this.#becomePlain();
    if (this.#role.kind !== 'new') this.#role.attendance.named(device);
    this.#silence.named();
  }

  async #handleOwn({ event, payload, id, tooFast, whole, json }: Message): Promise<void> {
    if (event === 'hello') return this.#hello(payload, idIn(whole, json));
    const role = this.#role;
    try {
      if (tooFast) throw tooFast;
      if (role.kind !== 'bound') throw new CapsError('not-allowed', 'Only drivers are on duty.');
      const offers = event === 'offers' ? await role.desk.ask(payload) : undefined;
      if (!offers) role.attendance.duty(readDuty(role.actor, payload));
      this.#lines.write(answerLine(id, offers ?? { ok: true }));
    } catch (error) {
      this.#lines.write(answerLine(id, this.#notices.noticed(error).toAnswer()));
    }
  }

  async #submit(messages: readonly Message[], cameAt: number): Promise<void> {
    if (messages.length === 0 || this.#isEnding) return;
    this.#hasSpoken = true;
    if (this.#role.kind === 'new') this.#becomePlain();
    if (this.#role.kind === 'bound') await this.#submitBound(this.#role.actor, messages, cameAt);
    else await this.#plain.submit(messages);
  }

  async #submitBound(actor: Actor, messages: readonly Message[], cameAt: number): Promise<void> {
    const commands = messages.map(({ whole, loss, tooFast }) => tooFast ?? loss ?? this.#parsed(whole));
    const answers = await this.#options.hub.submit(actor, 'tcp', commands, cameAt);
    for (const [index, answer] of answers.entries()) {
      this.#lines.write(answerLine(messages[index]?.id, answer));
      if (!answer.ok) this.#notices.refused(answer.error);
    }
  }

  #parsed(message: object): Command | CapsError {
    try {
      return parseCommand(message);
    } catch (error) {
      return this.#notices.known(error);
    }
  }

  // ---- who it is ----

  async #hello(payload: unknown, id: MessageId | undefined): Promise<void> {
    if (this.#role.kind === 'bound' || this.#hasSpoken) {
      return this.#giveUp(new CapsError('bad-message', 'A hello is the first message, or none.'), id);
    }
    try {
      const from = { address: this.#address, door: 'tcp' } as const;
      const { actor, handshake } = await readHandshake(handshakeIn(payload), this.#options.access, from);
      if (this.#isEnding || this.#socket.destroyed) return;
      this.#silence.decided();
      this.#unsubscribe();
      this.#lines.drop();
      this.#plain.close();
      this.#lines.pauseMs = 0;
      const { id: who, name } = authorOf(actor);
      const { hub, presence, access } = this.#options;
      const attendance = presence.enter({ role: handshake.role, who, name, door: 'tcp' });
      this.#sink = new TcpSink({ ...this.#writing, reader: actor });
      const subscription = hub.subscribe(actor, handshake.after, this.#sink, attendance.lagging);
      const forget = access.onRevoked(actor, (why) => this.#giveUp(why));
      const offers = (from: string | undefined) => hub.offers(actor, from);
      const desk = new OfferDesk(offers, () => this.#lines.drained());
      this.#notices.identify(who);
      this.#role = { kind: 'bound', actor, subscription, attendance, desk, forget };
    } catch (error) {
      this.#giveUp(error, id);
    }
  }

  #becomePlain(): void {
    this.#silence.decided();
    if (this.#role.kind !== 'new' || this.#isEnding) return;
    const { plain, access } = this.#options;
    const refusal = access.refusalOfUnnamed();
    if (refusal) {
      this.#giveUp(refusal);
      return;
    }
    const attendance = plain.enter(this.#address, 'tcp');
    const { lagging: onLag } = attendance;
    const reading = { plain, taste: this.#plain.taste, from: this.#from, onLag };
    const subscription = new PlainWatch({ ...this.#writing, ...reading });
    this.#role = { kind: 'plain', subscription, attendance };
    this.#plain.listen();
  }

  get #writing() {
    const { presence, saidOf } = this.#options;
    return { lines: this.#lines, saidOf, presence, fail: () => this.destroy() };
  }

  // ---- what goes wrong ----

  /** Says why, and ends the connection. */
  #giveUp(error: unknown, id?: MessageId): void {
    this.#refuse(error, id);
    this.end();
  }

  /** To its sender alone; dispatch is told. */
  #refuse(error: unknown, id?: MessageId): void {
    if (this.#role.kind === 'plain') this.#plain.refuse(error, id);
    else this.#lines.write(errorLine(this.#notices.noticed(error), id));
  }

  // ---- the end ----

  #leave(): void {
    this.#unsubscribe();
    this.#input.close();
    this.#silence.close();
    this.#plain.close();
  }

  #unsubscribe(): void {
    if (this.#role.kind === 'new') return;
    this.#role.subscription.close();
    this.#role.attendance.leave();
    if (this.#role.kind === 'bound') this.#role.forget();
    this.#sink?.close();
  }

  #forget(): void {
    this.#isEnding = true;
    this.#leave();
  }
}
