/**
 * A plain client on TCP. It reads every record; what it says is handled here, and only errors and requests are answered.
 * Until `listen` is called the client may still say hello, and only other plain clients' words are collected for it.
 */

import { CapsError } from '../../../protocol/errors.ts';
import { fitsLimits } from '../../../protocol/json.ts';
import { limits } from '../../../protocol/limits.ts';
import type { Clock } from '../../clock.ts';
import type { DeviceRegistry } from '../../devices/device-registry.ts';
import type { Subscription } from '../../hub/hub.ts';
import type { Attendance, Presence } from '../../hub/presence.ts';
import { eventNamed, type Request, requestNamed } from '../../legacy/dialects.ts';
import { gatewayTypes } from '../../legacy/gateway.ts';
import type { PlainClients, PlainMessage } from '../../legacy/plain-clients.ts';
import { eventIn, queueNamedIn } from '../../legacy/plain-orders.ts';
import { Questions } from '../../legacy/plain-questions.ts';
import type { RelayedWord } from '../../legacy/plain-talk.ts';
import { errorLine, type Message, type MessageId } from './messages.ts';
import type { PacedLines } from './paced-lines.ts';
import { PlainWatch, type TcpSinkOptions } from './sink.ts';
import { TcpTaste } from './taste.ts';
import { TcpVehicle } from './vehicle.ts';

/** Lines waiting to be sent, from which chat is dropped; it is kept nowhere. */
const noTalkAt = 50;
/** Lines waiting to be sent, from which each kind of error is told once. */
const fewErrorsAt = 20;
/** Lines waiting to be sent, from which a requested queue waits. */
const noQueueAt = 100;

export interface TcpPlainOptions {
  readonly plain: PlainClients;
  readonly lines: PacedLines;
  readonly clock: Clock;
  readonly address: string;
  readonly presence: Presence;
  readonly devices: DeviceRegistry;
  readonly encodedOf: TcpSinkOptions['encodedOf'];
  /** The log's head when the client connected: it reads everything since. */
  readonly from: number;
  /** Identifies this hub among several. */
  readonly serverId: string;
  /** Tells dispatch. @returns what may be told to the sender */
  readonly noticed: (error: unknown) => CapsError;
  readonly end: () => void;
  /** Ends the connection at once: the hub can no longer serve it. */
  readonly fail: () => void;
  readonly named: (device: string) => void;
}

export class TcpPlain {
  readonly taste = new TcpTaste();
  readonly #options: TcpPlainOptions;
  readonly #leaveTalk: () => void;
  /** Codes of the errors that the client was told while it was behind. */
  readonly #toldOf = new Set<string>();
  readonly #questions: Questions;
  /** Set from `listen` on. */
  #vehicle: TcpVehicle | undefined;
  #isClosed = false;
  /** Set from `listen` on. */
  #reading: { readonly attendance: Attendance; readonly subscription: Subscription } | undefined;
  /** Words said before `listen`; undefined from then on. */
  #early: RelayedWord[] | undefined = [];

  constructor(options: TcpPlainOptions) {
    this.#options = options;
    const { lines, clock } = options;
    this.#questions = new Questions({
      clock,
      isBehind: () => lines.queued > noQueueAt,
      taken: () => lines.drained(),
      isGone: () => this.#isClosed,
      onError: (error) => this.refuse(error),
    });
    this.#leaveTalk = options.plain.talk.listen((saying) => this.#hear(saying));
  }

  /** The client turned out to be a plain one: it reads records and words since it connected. */
  listen(): void {
    const { plain, lines, address, presence, encodedOf, from, fail } = this.#options;
    const attendance = plain.enter(address, 'tcp');
    const { lagging: onLag } = attendance;
    const watch = { plain, lines, presence, encodedOf, from, fail, taste: this.taste, onLag };
    this.#reading = { attendance, subscription: new PlainWatch(watch) };
    this.#vehicle = new TcpVehicle({ ...this.#options, attendance });
    const early = this.#early ?? [];
    this.#early = undefined;
    for (const saying of early) this.#hear(saying);
  }

  /** Any data from the client counts as a sign of life. */
  seen(): void {
    this.#reading?.attendance.seen();
  }

  named(device: string): void {
    this.#reading?.attendance.named(device);
  }

  /** Safe to call twice. */
  close(): void {
    this.#isClosed = true;
    this.#reading?.subscription.close();
    this.#reading?.attendance.leave();
    this.#vehicle?.close();
    this.#leaveTalk();
  }

  /** Some clients say nothing before they are greeted; the others ignore it. */
  greet(): void {
    const { lines, serverId } = this.#options;
    const event = 'connected';
    lines.write(
      JSON.stringify({ type: event, event, payload: {}, message: 'Connected to server', serverId }),
    );
  }

  // ---- words ----

  /** Handles all of them in their order. */
  async submit(words: readonly Message[]): Promise<void> {
    let known: PlainMessage[] = [];
    for (const word of words) {
      const { event: said, payload, numbers, id, details, tooFast } = word;
      const event = eventNamed(said);
      if (event && !tooFast) {
        this.taste.shows(event, said, word);
        known.push({ event, word: said, payload, numbers, id, details });
        continue;
      }
      await this.#ask(known);
      known = [];
      try {
        if (tooFast) throw tooFast;
        await this.#handleOther(word);
      } catch (error) {
        this.refuse(error, id);
      }
    }
    await this.#ask(known);
  }

  async #handleOther({ event: word, payload, whole }: Message): Promise<void> {
    const { plain, address } = this.#options;
    const request = requestNamed(word);
    if (request) await this.#answer(request, word, payload);
    else plain.talk.say('tcp', address, { word, args: [payload], whole });
  }

  async #ask(messages: readonly PlainMessage[]): Promise<void> {
    if (messages.length === 0) return;
    const { plain, address, noticed } = this.#options;
    const outcomes = await plain.submit(address, 'tcp', messages);
    for (const [index, { answer, isLostRace }] of outcomes.entries()) {
      if (answer.ok) continue;
      const { code, message, details } = answer.error;
      if (isLostRace) noticed(new CapsError('taken', message));
      else this.refuse(new CapsError(code, message, details ? { details } : {}), messages[index]?.id);
    }
  }

  /** Joining needs no answer but an echo: the client reads every record anyway. */
  async #answer(request: Request, word: string, asked: unknown): Promise<void> {
    const { plain, lines } = this.#options;
    const queue = queueNamedIn(asked);
    const isDeliveries = request === 'deliveries' || eventIn(asked) === 'delivered';
    switch (request) {
      case 'join':
      case 'subscribe':
        fitsLimits(asked, limits.commandBytes);
        lines.write(JSON.stringify({ event: word, payload: asked }));
        return;
      case 'offers':
        return this.#sendQueue(undefined);
      case 'queue':
      case 'deliveries':
        return this.#sendQueue(isDeliveries ? queue : undefined);
      case 'received':
        return queue === undefined ? undefined : plain.received(queue, asked);
    }
  }

  /** Sends a store's deliveries, or the parcels on offer without a `store`. */
  #sendQueue(store: string | undefined): Promise<void> {
    const { plain, lines } = this.#options;
    return this.#questions.ask(store ?? '', async () => {
      for await (const records of store === undefined ? plain.offers() : plain.deliveries(store)) {
        if (this.#isClosed) return;
        for (const record of records) lines.write(...this.taste.linesOf(record));
      }
    });
  }

  #hear(saying: RelayedWord): void {
    const { lines } = this.#options;
    if (this.#early) {
      if (this.#early.length < noTalkAt) this.#early.push(saying);
    } else if (lines.queued < noTalkAt) lines.write(saying.json);
  }

  // ---- the gateway ----

  /** Whether it has said hello as a device. */
  get isDevice(): boolean {
    return this.#vehicle?.isDevice === true;
  }

  async takeGatewayText(text: string): Promise<void> {
    await this.#vehicle?.take(text, { kind: 'text' });
  }

  /** @returns whether this was a device's message */
  async takesGatewayObject(object: object): Promise<boolean> {
    if (!('type' in object) || !gatewayTypes.has(object.type)) return false;
    try {
      // A part of it is echoed.
      fitsLimits(object, limits.commandBytes);
    } catch (error) {
      this.refuse(error);
      return true;
    }
    const said = 'message' in object ? object.message : undefined;
    const clientId = 'clientId' in object ? object.clientId : undefined;
    await this.#vehicle?.take(said, { kind: 'json', clientId });
    return true;
  }

  /** Tells the client and dispatch. */
  refuse(error: unknown, id?: MessageId): void {
    const { lines, noticed } = this.#options;
    const known = noticed(error);
    if (lines.queued < fewErrorsAt) this.#toldOf.clear();
    else if (this.#toldOf.has(known.code)) return;
    else this.#toldOf.add(known.code);
    lines.write(errorLine(known, id));
  }
}
