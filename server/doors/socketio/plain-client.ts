/**
 * One plain client on Socket.IO: what it listens for, joins and asks. An order goes to all of them; what becomes of it
 * goes to whoever joined its store's room or has sent an order of the store, and to those who have shown nothing of
 * themselves and come from the same address: a program may send on one connection and listen on another.
 */

import type { Namespace, Socket } from 'socket.io';
import { CapsError } from '../../../protocol/errors.ts';
import type { EventName } from '../../../protocol/events.ts';
import { parcelName, uuidv7 } from '../../../protocol/ids.ts';
import { fitsLimits } from '../../../protocol/json.ts';
import type { CapsRecord, ParcelId } from '../../../protocol/messages.ts';
import type { Clock } from '../../clock.ts';
import type { Bucket, Rates } from '../../edge/rate.ts';
import type { Hub } from '../../hub/hub.ts';
import type { Attendance, Presence } from '../../hub/presence.ts';
import {
  answersTo,
  isDriversQueue,
  plainDriver,
  type Request,
  requestNamed,
  spellingsLike,
  spellingsOf,
} from '../../legacy/dialects.ts';
import type { PlainClients, PlainOutcome, PlainRecord } from '../../legacy/plain-clients.ts';
import { eventIn, type GivenBack, queueNamedIn } from '../../legacy/plain-orders.ts';
import { Questions } from '../../legacy/plain-questions.ts';
import { type Saying, talkBytes } from '../../legacy/plain-talk.ts';
import { PlainInbox, type Said, type SaidEvent } from './plain-inbox.ts';
import { takenOn, unreadOn } from './unread.ts';

/** Per connection: rooms joined by name, stores and parcels whose news it gets. */
const roomsMax = 100;
const storesMax = 1_000;
const movedMax = 1_000;
/** While the log cannot be read, who has come back is told so late of what they missed, or not at all. */
const missedTries = 60;
const missedEveryMs = 1_000;
/** A connection that has more messages unread, or larger ones, is cut off: it has no place to go on from. */
const unreadMax = 10_000;
const unreadSizeMax = 4 * 1024 * 1024;
/** With so many unread it is told no queue: what it asks for waits. */
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

/** How somebody wants to be told of an event. */
export interface Taste {
  readonly spellings: readonly string[];
  /** As `{ messageID, payload }`, as in class 13. */
  readonly isWrapped: boolean;
  /** As JSON text, if that is how it came. */
  readonly isText: boolean;
  /** The same for the same taste. */
  readonly key: string;
}

/** A parcel as somebody takes it. */
export function tastingOf({ object, text }: GivenBack, { isWrapped, isText }: Taste): unknown {
  if (isWrapped) return { ...object, messageID: object['messageId'], payload: object['payload'] ?? object };
  return isText && text !== undefined ? text : object;
}

type Answering = (answer: unknown) => void;

export class PlainClient {
  readonly namespace: Namespace;
  readonly id: string;
  readonly #socket: Socket;
  readonly #options: PlainSocketsOptions;
  readonly #address: string;
  readonly #attendance: Attendance;
  readonly #bucket: Bucket;
  /** Rooms that it has joined by name. */
  readonly #rooms = new Set<string>();
  /** Those of which it has been told that it has. */
  readonly #answered = new Set<string>();
  /** Stores of which it has sent orders, the latest last. */
  readonly #stores = new Set<string>();
  /** Parcels that it has collected and not heard of yet. */
  readonly #moved = new Set<string>();
  /** It has moved a parcel: a driver. */
  #hasMoved = false;
  #isWrapped = false;
  /** Undefined as long as it has sent no order and no step. */
  #saysText: boolean | undefined;
  readonly #used = new Map<EventName, Set<string>>();
  #tastes = new Map<string, Taste>();
  #seenAt: number;
  readonly #inbox: PlainInbox;
  readonly #questions: Questions;

  /** @param place the log's seq after which it is told what happens */
  constructor(socket: Socket, options: PlainSocketsOptions, place: number, bucket: Bucket) {
    const { addressOf, clock, plain } = options;
    this.#socket = socket;
    this.namespace = socket.nsp;
    this.id = socket.id;
    this.#options = options;
    this.#address = addressOf(socket.conn);
    this.#bucket = bucket;
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
      onEvents: (events) => this.#submit(events),
      onOther: (said) => this.#handle(said),
      onError: (error, { answer }) => this.#refuse(error, answer),
    });
    socket.conn.on('packet', this.#seen);
    socket.onAny((name: unknown, ...args: unknown[]) => this.came(name, args));
    const since = plain.addresses.came(this.#where);
    if (since !== undefined) this.#offerMissed(since, place);
  }

  readonly #seen = (): void => {
    this.#seenAt = this.#options.clock.now();
    this.#attendance.seen();
  };

  get #where(): string {
    return `${this.#address} ${this.namespace.name}`;
  }

  close(): void {
    this.#socket.conn.off('packet', this.#seen);
    this.#options.plain.addresses.left(this.#where, this.#seenAt);
    this.#attendance.leave();
  }

  get #isBehind(): boolean {
    return unreadOn(this.#socket).count > noQueueAt;
  }

  /** It has no cursor to catch up from, and what it does not read must not fill the memory. */
  cutOffIfBehind(): void {
    const { count, size } = unreadOn(this.#socket);
    if (count <= unreadMax && size <= unreadSizeMax) return;
    this.#notice('fault', 'A plain client does not read what it is sent.');
    // What waits for it goes with it; the client comes back by itself.
    this.#socket.conn.close(true);
  }

  // ---- what it hears ----

  /** Whether it is told of this. To be asked once. */
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

  /** @param wasText the order came as JSON text */
  tasteFor(event: EventName, wasText: boolean): Taste {
    const kind = `${event} ${wasText}`;
    const known = this.#tastes.get(kind);
    if (known) return known;
    const used = this.#used.get(event);
    const spellings = used ? spellingsLike(event, used) : spellingsOf(event);
    const isText = this.#saysText ?? wasText;
    const key = JSON.stringify([spellings, this.#isWrapped, isText]);
    const taste = { spellings, isWrapped: this.#isWrapped, isText, key };
    this.#tastes.set(kind, taste);
    return taste;
  }

  passOn({ word, args }: Saying): void {
    if (this.#isWrapped) {
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
      const taste = this.tasteFor(event, payload.text !== undefined);
      const message = tastingOf(payload, taste);
      for (const spelling of taste.spellings) this.#socket.emit(spelling, message);
    }
  }

  /** It may have been away for a moment, and hears only what happens. While the log cannot be read, it is asked again. */
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
    // Nobody waits for it.
    told.catch((error: unknown) =>
      onFault(error, 'a plain client could not be told what it may have missed'),
    );
  }

  // ---- what it says ----

  came(name: unknown, args: readonly unknown[]): void {
    const last = args.at(-1);
    const answer: Answering = typeof last === 'function' ? (last as Answering) : () => {};
    const said = typeof last === 'function' ? args.slice(0, -1) : args;
    const refusal = this.#bucket.take() ?? (this.#inbox.isFull ? new CapsError('busy') : undefined);
    if (refusal) this.#refuse(refusal, answer);
    else this.#inbox.push({ word: typeof name === 'string' ? name : '', args: said, answer });
  }

  async #handle({ word, args }: Said): Promise<void> {
    const request = requestNamed(word);
    if (request) await this.#answer(request, args[0]);
    else this.#options.plain.talk.say('socket.io', this.#address, { word, args, whole: undefined });
  }

  async #answer(request: Request, asked: unknown): Promise<void> {
    switch (request) {
      case 'subscribe':
        this.#isWrapped = true;
        this.#tastes.clear();
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

  async #submit(events: readonly SaidEvent[]): Promise<void> {
    const messages = events.map(({ event, word, args }) => ({ event, word, payload: args[0] }));
    for (const { event, word, payload } of messages) this.#shows(event, word, payload);
    const onParcel = (parcel: ParcelId, event: EventName) => {
      if (event === 'pickup') this.#follow(parcel.store);
      if (event === 'in-transit') this.#keep(this.#moved, parcelName(parcel), movedMax);
    };
    const outcomes = await this.#options.plain.submit(this.#address, 'socket.io', messages, onParcel);
    for (const [index, said] of events.entries()) {
      const outcome = outcomes[index];
      if (outcome) this.#tellOutcome(said, outcome);
    }
  }

  #tellOutcome({ event, args, answer: tell }: SaidEvent, { answer, isLostRace }: PlainOutcome): void {
    tell(answer);
    if (answer.ok) {
      if (event === 'pickup') for (const name of answersTo.order) this.#socket.emit(name, args[0]);
      return;
    }
    const { code, message } = answer.error;
    this.#notice('refused', message, isLostRace ? 'taken' : code);
  }

  /** How it speaks, so that it is told in the same way. */
  #shows(event: EventName, word: string, payload: unknown): void {
    if (event !== 'pickup' && event !== 'cancelled') this.#hasMoved = true;
    const used = this.#used.get(event) ?? new Set();
    const saysText = typeof payload === 'string';
    if (used.has(word) && this.#saysText === saysText) return;
    this.#used.set(event, used.add(word));
    this.#saysText = saysText;
    this.#tastes.clear();
  }

  // ---- rooms ----

  /**
   * Some go on only when they hear that they have joined, under one name or another.
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

  /** Before its order is recorded, so that it misses nothing of it. */
  #follow(store: string): void {
    this.#keep(this.#stores, store, storesMax);
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

  /** Sends again what waits in a queue. Without a name: its stores' if it has any, else the drivers'. */
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

  /** Of a store's queue alone: what waits for a driver is what is ready, whoever has heard of it. */
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

  #refuse(error: unknown, answer: Answering): void {
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
