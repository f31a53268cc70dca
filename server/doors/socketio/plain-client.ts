/**
 * One plain client on Socket.IO: its rooms, its requests, and what it hears. Orders go to all plain clients. Later
 * events go to clients that joined the store's room or sent an order of the store, and to clients of the same address
 * that have shown no role: a program may send on one connection and listen on another.
 */

import type { Socket } from 'socket.io';
import { CapsError } from '../../../protocol/errors.ts';
import type { EventName } from '../../../protocol/events.ts';
import { parcelName, uuidv7 } from '../../../protocol/ids.ts';
import { fitsLimits } from '../../../protocol/json.ts';
import type { CapsRecord } from '../../../protocol/messages.ts';
import type { ParcelId } from '../../../protocol/orders.ts';
import type { Clock } from '../../clock.ts';
import type { Rates } from '../../edge/rate.ts';
import type { Hub } from '../../hub/hub.ts';
import type { Attendance, Presence } from '../../hub/presence.ts';
import { answersTo, isDriversQueue, plainDriver, type Request, requestNamed } from '../../legacy/dialects.ts';
import type { PlainClients, PlainOutcome, PlainRecord } from '../../legacy/plain-clients.ts';
import { wordMarkedOn } from '../../legacy/plain-marks.ts';
import { eventIn, queueNamedIn } from '../../legacy/plain-orders.ts';
import { Questions } from '../../legacy/plain-questions.ts';
import { type RelayedWord, talkBytes } from '../../legacy/plain-talk.ts';
import { type SpelledPackets, spelledPackets } from './packets.ts';
import { type PlainEvent, PlainInbox, type PlainPacket } from './plain-inbox.ts';
import type { PlainInput } from './plain-input.ts';
import { PlainReading } from './plain-reading.ts';
import { formed, PlainTaste } from './plain-taste.ts';
import { takenOn, unreadOn } from './unread.ts';

/** Limits per connection: joined rooms, and stores and parcels it follows. */
const roomsMax = 100;
const followedMax = 1_000;
/** While the log cannot be read, a returning client's missed events are retried this often. */
const missedTries = 60;
const missedEveryMs = 1_000;
/** Unread messages from which a requested queue waits. */
const noQueueAt = 100;

export interface PlainSocketsOptions {
  readonly hub: Hub;
  readonly plain: PlainClients;
  readonly presence: Presence;
  readonly rates: Rates;
  readonly addressOf: (connection: Socket['conn']) => string;
  readonly clock: Clock;
  readonly onFault: (error: unknown, what: string) => void;
}

type Acknowledge = (answer: unknown) => void;

export class PlainClient {
  readonly namespace: string;
  readonly #socket: Socket;
  readonly #options: PlainSocketsOptions;
  readonly #address: string;
  readonly #attendance: Attendance;
  readonly #input: PlainInput;
  /** Rooms joined by name. */
  readonly #rooms = new Set<string>();
  /** Rooms whose joining was confirmed. */
  readonly #answered = new Set<string>();
  /** Stores whose orders it sent, the latest last. */
  readonly #stores = new Set<string>();
  /** Parcels that it collected and has not heard of yet. */
  readonly #moved = new Set<string>();
  /** It has moved a parcel, so it is a driver. */
  #hasMoved = false;
  readonly taste = new PlainTaste();
  #seenAt: number;
  readonly #inbox: PlainInbox;
  readonly #questions: Questions;
  readonly reading: PlainReading;

  /** @param others the seq of the log up to which all others have read; it hears what follows */
  constructor(socket: Socket, options: PlainSocketsOptions, others: () => number, input: PlainInput) {
    const { addressOf, clock, plain } = options;
    this.#socket = socket;
    this.namespace = socket.nsp.name;
    this.#options = options;
    this.#address = addressOf(socket.conn);
    this.#input = input;
    this.#attendance = plain.enter(this.#address, 'socket.io');
    this.#seenAt = clock.now();
    this.#questions = new Questions({
      clock,
      isBehind: () => this.#isBehind,
      taken: () => takenOn(socket),
      isGone: () => !socket.connected,
      onError: (error) => this.#refuse(error, () => {}),
    });
    this.#inbox = new PlainInbox({
      onBusy: (isBusy) => (isBusy ? input.begins() : input.ends()),
      onEvents: (events) => this.#submit(events),
      onOther: (said) => this.#handle(said),
      onError: (error, { answer }) => this.#refuse(error, answer),
    });
    const from = others();
    this.reading = new PlainReading({
      ...{ socket, plain, from, others },
      onRecord: (record) => this.#hear(record),
      onLag: this.#attendance.lagging,
    });
    socket.conn.on('packet', this.#seen);
    socket.onAny((name: unknown, ...args: unknown[]) => this.came(name, args));
    const since = plain.addresses.came(this.#where);
    if (since !== undefined) this.#offerMissed(since, from);
  }

  readonly #seen = (): void => {
    this.#seenAt = this.#options.clock.now();
    this.#attendance.seen();
  };

  get #where(): string {
    return `${this.#address} ${this.namespace}`;
  }

  /** Whether the hub still handles something that it sent. */
  get isBusy(): boolean {
    return this.#inbox.isBusy;
  }

  close(): void {
    this.#socket.conn.off('packet', this.#seen);
    this.#options.plain.addresses.left(this.#where, this.#seenAt);
    this.#attendance.leave();
    this.reading.close();
  }

  get #isBehind(): boolean {
    return unreadOn(this.#socket).count > noQueueAt;
  }

  /** Ends a connection that sends and does not read its answers. */
  endUnlessItReads(): void {
    if (this.reading.keepsUp()) return;
    this.#notice('fault', 'A plain client does not read what it is sent.');
    this.#socket.conn.close(true);
  }

  // ---- what it hears ----

  /** Whether it hears this record. Call it once per record. */
  hears({ event, payload, by }: CapsRecord): boolean {
    if (event === 'pickup') return true;
    const { store } = payload;
    const isOwnStep = event === 'in-transit' && this.#moved.delete(parcelName(payload));
    if (isOwnStep || this.#rooms.has(store) || this.#stores.has(store)) return true;
    const isEar = this.#rooms.size === 0 && this.#stores.size === 0 && !this.#hasMoved;
    if (!isEar) return false;
    return (
      by.id === plainDriver(this.#address) || this.#options.plain.addresses.mayHear(store, this.#address)
    );
  }

  /** Sends an event in all its spellings. */
  write({ packets, whole }: SpelledPackets): void {
    const { conn } = this.#socket;
    if (conn.transport.name === 'websocket') conn.write(whole.text, whole.options);
    else for (const text of packets) conn.write(text, { compress: false });
  }

  /** A record that it reads alone. */
  #hear(record: CapsRecord): void {
    if (!this.hears(record)) return;
    const { payload } = this.#options.plain.recordOf(record);
    const form = this.taste.formOf(record.event, payload.text !== undefined);
    this.write(spelledPackets(this.namespace, form.spellings, formed(payload, form)));
  }

  passOn({ word, args }: RelayedWord): void {
    if (this.taste.isWrapped) {
      const messageID = uuidv7(this.#options.clock.now());
      this.#socket.emit(word, { messageID, payload: args[0] });
    } else this.#socket.emit(word, ...args);
  }

  async #sendAll(pages: AsyncIterable<readonly PlainRecord[]>): Promise<void> {
    for await (const records of pages) {
      if (this.#socket.disconnected) return;
      this.#send(records);
    }
  }

  #send(records: readonly PlainRecord[]): void {
    for (const { event, payload } of records) {
      const form = this.taste.formOf(event, payload.text !== undefined);
      const messageAs = formed(payload, form);
      for (const spelling of form.spellings) this.#socket.emit(spelling, messageAs(spelling));
    }
  }

  /** Sends what a returning client missed. Retries while the log cannot be read. */
  #offerMissed(since: number, upTo: number, tries = 1): void {
    const { plain, clock, onFault } = this.#options;
    const told = plain.offersSince(since, upTo).then(
      (offers) => this.#sendAll(offers),
      () => {
        if (tries < missedTries) {
          clock.after(missedEveryMs, () => {
            if (this.#socket.connected) this.#offerMissed(since, upTo, tries + 1);
          });
        } else this.#notice('fault', 'A plain client could not be told what it may have missed.');
      },
    );
    told.catch((error: unknown) =>
      onFault(error, 'a plain client could not be told what it may have missed'),
    );
  }

  // ---- what it says ----

  came(name: unknown, args: readonly unknown[]): void {
    const last = args.at(-1);
    const answer: Acknowledge = typeof last === 'function' ? (last as Acknowledge) : () => {};
    const said = typeof last === 'function' ? args.slice(0, -1) : args;
    const refusal = this.#input.bucket.take() ?? (this.#input.isFull ? new CapsError('busy') : undefined);
    if (refusal) this.#refuse(refusal, answer);
    else this.#inbox.push({ word: typeof name === 'string' ? name : '', args: said, answer });
  }

  async #handle({ word, args }: PlainPacket): Promise<void> {
    const request = requestNamed(word);
    if (request) await this.#answer(request, args[0]);
    else this.#options.plain.talk.say('socket.io', this.#address, { word, args, whole: undefined });
  }

  async #answer(request: Request, asked: unknown): Promise<void> {
    switch (request) {
      case 'subscribe':
        this.taste.wraps();
        return this.#join(queueNamedIn(asked));
      case 'join':
        return this.#joinAloud(asked);
      case 'queue':
        return this.#sendQueue(queueNamedIn(asked), eventIn(asked));
      case 'offers':
        return this.#sendQueue('driver', undefined);
      case 'deliveries':
        return this.#sendQueue(queueNamedIn(asked), 'delivered');
      case 'received':
        return this.#received(asked);
    }
  }

  async #submit(events: readonly PlainEvent[]): Promise<void> {
    const messages = events.map(({ event, word, args }) => ({ event, word, payload: args[0] }));
    for (const { event, word, payload } of messages) {
      if (event !== 'pickup' && event !== 'cancelled') this.#moves(payload);
      this.taste.shows(event, word, payload);
    }
    const onParcel = (parcel: ParcelId, event: EventName) => {
      if (event === 'pickup') this.#follow(parcel.store);
      if (event === 'in-transit') this.#keep(this.#moved, parcelName(parcel), followedMax);
    };
    const outcomes = await this.#options.plain.submit(this.#address, 'socket.io', messages, onParcel);
    for (const [index, said] of events.entries()) {
      const outcome = outcomes[index];
      if (outcome) this.#tellOutcome(said, outcome);
    }
  }

  #tellOutcome({ event, args, answer: tell }: PlainEvent, { answer, isLostRace }: PlainOutcome): void {
    tell(answer);
    if (answer.ok) {
      if (event === 'pickup') for (const name of answersTo.order) this.#socket.emit(name, args[0]);
      return;
    }
    const { code, message } = answer.error;
    this.#notice('refused', message, isLostRace ? 'taken' : code);
  }

  #moves(payload: unknown): void {
    this.#hasMoved = true;
    const word = wordMarkedOn(payload);
    if (word !== undefined) this.taste.got(word);
  }

  // ---- rooms ----

  /**
   * Confirms a join: some clients wait for it, under one event name or another.
   * @throws CapsError too-large, bad-message
   */
  #joinAloud(asked: unknown): void {
    fitsLimits(asked, talkBytes);
    const room = queueNamedIn(asked);
    this.#join(room);
    const name = room ?? '';
    const isNew = !this.#answered.has(name);
    if (isNew) this.#keep(this.#answered, name, roomsMax);
    if (isNew) for (const word of answersTo.join) this.#socket.emit(word, asked);
    if (room === undefined) throw new CapsError('bad-message', 'A room is joined by the name of a store.');
  }

  #join(store: string | undefined): void {
    if (store === undefined || isDriversQueue(store)) return;
    if (this.#rooms.size >= roomsMax && !this.#rooms.has(store)) {
      throw new CapsError('too-large', `A connection joins at most ${roomsMax} rooms.`);
    }
    this.#rooms.add(store);
    this.#options.plain.addresses.claim(store, this.#address);
  }

  /** Call it before the order is recorded, so that the client misses nothing of it. */
  #follow(store: string): void {
    this.#keep(this.#stores, store, followedMax);
  }

  #keep(names: Set<string>, name: string, max: number): void {
    names.delete(name);
    names.add(name);
    for (const oldest of names) {
      if (names.size <= max) break;
      names.delete(oldest);
    }
  }

  // ---- queues ----

  /** Sends a queue again. Without a name: the client's stores', or the drivers' if it has none. */
  async #sendQueue(queue: string | undefined, event: EventName | undefined): Promise<void> {
    const hasStores = this.#rooms.size > 0 || this.#stores.size > 0;
    const isDrivers = queue === undefined ? !hasStores : isDriversQueue(queue);
    if (event === 'pickup' || (isDrivers && event !== 'delivered')) {
      return this.#questions.ask('offers', () => this.#sendAll(this.#options.plain.offers()));
    }
    if (queue === undefined && !hasStores) {
      throw new CapsError('bad-message', 'Deliveries are a store’s, and this client has named none.');
    }
    this.#join(queue);
    return this.#questions.ask(`of ${queue ?? ''}`, () => this.#sendDeliveries(queue));
  }

  /** @param queue a store's; undefined: those of all its stores */
  async #sendDeliveries(queue: string | undefined): Promise<void> {
    const stores = queue === undefined ? new Set([...this.#rooms, ...this.#stores]) : [queue];
    for (const store of stores) {
      if (this.#isBehind) await takenOn(this.#socket);
      if (!this.#socket.connected) return;
      await this.#sendAll(this.#options.plain.deliveries(store));
    }
  }

  /** Only stores acknowledge: the drivers' queue is what is ready, whoever has heard of it. */
  async #received(asked: unknown): Promise<void> {
    const queue = queueNamedIn(asked);
    const event = eventIn(asked);
    if (queue === undefined || isDriversQueue(queue)) return;
    const isOwn = this.#rooms.has(queue) || this.#stores.has(queue);
    if (event === 'delivered' || (event === undefined && isOwn)) {
      await this.#options.plain.received(queue, asked);
    }
  }

  // ---- what goes wrong ----

  #refuse(error: unknown, answer: Acknowledge): void {
    if (!(error instanceof CapsError)) this.#options.onFault(error, 'a message could not be handled');
    const known = error instanceof CapsError ? error : new CapsError('internal');
    this.#notice('refused', known.message, known.code);
    answer(known.toAnswer());
  }

  #notice(kind: 'refused' | 'fault', message: string, code?: CapsError['code']): void {
    const who = this.#address;
    this.#options.presence.notice(kind, 'socket.io', message, code === undefined ? { who } : { code, who });
  }
}
