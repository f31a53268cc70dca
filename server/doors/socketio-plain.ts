/**
 * Plain clients on Socket.IO: what they listen for, join and ask, as the lab's own hub would serve them. An order
 * goes to all of them; what becomes of it goes to the store's room and to the connection that sent the order,
 * because many never join a room.
 */

import type { IncomingMessage } from 'node:http';
import type { Namespace, Server, Socket } from 'socket.io';
import { CapsError } from '../../protocol/errors.ts';
import type { CapsRecord, EventName, ParcelKey } from '../../protocol/messages.ts';
import { isFinished } from '../../protocol/parcel.ts';
import type { Clock } from '../clock.ts';
import { eventIn, eventNamed, isDriversQueue, plainName, queueNamedIn, spellingsOf } from '../dialects.ts';
import type { Outlet, Sink } from '../feed.ts';
import type { Hub, Subscription } from '../hub.ts';
import { type PlainClients, type PlainRecord, plainRecord, recordsIn } from '../plain-clients.ts';
import type { Attendance, Presence } from '../presence.ts';
import type { Bucket, Rates } from '../rate.ts';
import { unreadOn } from './socketio-unread.ts';

/** The namespaces in which the lab's clients look for a hub. */
export const plainNamespaces = ['/caps', '/csps'] as const;

// Prefixed, so that no name that a client chose is a room of another kind.
const everyone = 'plain';
const roomOf = (store: string) => `plain-store:${store}`;
const roomOfSender = ({ store, orderID }: ParcelKey) => `plain-parcel:${store}\n${orderID}`;

/** Per connection: rooms joined by name, open orders whose news it gets, and messages that wait to be handled. */
const roomsMax = 100;
const ordersMax = 1_000;
const waitingMax = 1_000;
/** A connection that has more messages unread, or larger ones, is cut off: it has no place to go on from. */
const unreadMax = 10_000;
const unreadSizeMax = 4 * 1024 * 1024;
const sweepMs = 250;

export interface PlainSocketsOptions {
  readonly io: Server;
  readonly hub: Hub;
  readonly plain: PlainClients;
  readonly presence: Presence;
  readonly rates: Rates;
  readonly addressOf: (request: IncomingMessage) => string;
  readonly clock: Clock;
  readonly onFault: (error: unknown, what: string) => void;
}

/** All of them together. */
export class PlainSockets implements Outlet {
  readonly #options: PlainSocketsOptions;
  readonly #namespaces: readonly Namespace[];
  readonly #sockets = new Set<PlainSocket>();
  /** Of the hub's, whose news it has to hear. */
  readonly #rooms = new Set<string>();
  #watch: Subscription | undefined;
  /** The log's seq up to which it has told. */
  #place = 0;
  #cancelSweep: (() => void) | undefined;

  constructor(options: PlainSocketsOptions) {
    this.#options = options;
    this.#namespaces = plainNamespaces.map((name) => options.io.of(name) as Namespace);
    options.hub.attach(this);
  }

  serve(socket: Socket): void {
    const served = new PlainSocket(socket, this.#options);
    this.#sockets.add(served);
    socket.on('disconnect', () => {
      served.close();
      this.#sockets.delete(served);
      if (this.#sockets.size === 0) this.#rest();
    });
    // Not by whether it is watching: after a failure the next sweep goes on from its place, and nothing is left out.
    if (this.#sockets.size > 1) return;
    this.#place = this.#options.hub.head;
    this.#begin();
    this.#sweep();
  }

  broadcast(room: string, message: string, json: string): void {
    if (message === 'events' && this.#rooms.has(room)) this.#tellAll(json);
  }

  /** One reading of the log for all of them, for as long as there are any. */
  #begin(): void {
    const { plain } = this.#options;
    const sink: Sink = {
      send: (message, json) => {
        if (message === 'events') this.#tellAll(json);
      },
      join: (room) => void this.#rooms.add(room),
      leave: (room) => void this.#rooms.delete(room),
      queued: 0,
      queuedSize: 0,
      drained: () => Promise.resolve(),
      // The log could not be read: the next sweep begins again where this one ended.
      fail: () => {
        this.#watch?.close();
        this.#watch = undefined;
      },
    };
    this.#watch = plain.watch(sink, this.#place, () => {});
  }

  #rest(): void {
    this.#watch?.close();
    this.#watch = undefined;
    this.#cancelSweep?.();
  }

  #sweep(): void {
    if (!this.#watch) this.#begin();
    for (const socket of this.#sockets) socket.cutOffIfBehind();
    this.#cancelSweep = this.#options.clock.after(sweepMs, () => this.#sweep());
  }

  #tellAll(json: string): void {
    for (const record of recordsIn(json)) {
      if (record.seq <= this.#place) continue;
      this.#place = record.seq;
      this.#tell(record);
    }
  }

  #tell(record: CapsRecord): void {
    const { event, status, payload } = record;
    const rooms = event === 'pickup' ? [everyone] : [roomOf(payload.store), roomOfSender(payload)];
    const told = plainRecord(record).payload;
    for (const namespace of this.#namespaces) {
      for (const spelling of spellingsOf(event)) namespace.to(rooms).emit(spelling, told);
      if (isFinished(status)) namespace.socketsLeave(roomOfSender(payload));
    }
  }
}

/** One of them. */
class PlainSocket {
  readonly #socket: Socket;
  readonly #options: PlainSocketsOptions;
  readonly #address: string;
  readonly #attendance: Attendance;
  readonly #bucket: Bucket;
  /** Stores whose news it gets: it joined their room, or has sent orders of theirs. */
  readonly #stores = new Set<string>();
  readonly #orders: string[] = [];
  /** What came is handled in its order. */
  #handled: Promise<void> = Promise.resolve();
  #waiting = 0;

  constructor(socket: Socket, options: PlainSocketsOptions) {
    this.#socket = socket;
    this.#options = options;
    this.#address = options.addressOf(socket.request);
    this.#bucket = options.rates.bucket();
    this.#attendance = options.presence.enter({ role: 'plain', who: this.#address, door: 'socket.io' });
    socket.conn.on('packet', this.#attendance.seen);
    void socket.join(everyone);
    socket.onAny((name: unknown, ...args: unknown[]) => this.#came(name, args));
  }

  close(): void {
    this.#socket.conn.off('packet', this.#attendance.seen);
    this.#attendance.leave();
  }

  /** It has no cursor to catch up from, and what it does not read must not fill the memory. */
  cutOffIfBehind(): void {
    const { count, size } = unreadOn(this.#socket);
    if (count <= unreadMax && size <= unreadSizeMax) return;
    this.#notice('fault', 'A plain client does not read what it is sent.');
    this.#socket.disconnect(true);
  }

  #came(name: unknown, args: readonly unknown[]): void {
    const last = args.at(-1);
    const answer: Answering = typeof last === 'function' ? (last as Answering) : () => {};
    const asked = typeof args[0] === 'function' ? undefined : args[0];
    const refusal = this.#bucket.take() ?? (this.#waiting >= waitingMax ? new CapsError('busy') : undefined);
    if (refusal) {
      this.#refuse(refusal, answer);
      return;
    }
    this.#waiting += 1;
    this.#handled = this.#handled
      .then(() => this.#handle(name, asked, answer))
      .catch((error: unknown) => this.#refuse(error, answer))
      .finally(() => {
        this.#waiting -= 1;
      });
  }

  async #handle(name: unknown, asked: unknown, answer: Answering): Promise<void> {
    const word = typeof name === 'string' ? plainName(name) : '';
    const event = eventNamed(word);
    if (event) return this.#submit(event, asked, answer);
    switch (word) {
      case 'join':
        return this.#join(queueNamedIn(asked));
      case 'get-all':
      case 'getall':
        return this.#sendQueue(queueNamedIn(asked), eventIn(asked));
      case 'need-pickup':
        return this.#sendQueue('driver', undefined);
      case 'notify-delivered':
        return this.#sendQueue(queueNamedIn(asked), 'delivered');
      case 'received':
      case 'recieved':
        return this.#received(asked);
      default:
        throw new CapsError('unknown-event', `There is no event called "${word.slice(0, 40)}".`);
    }
  }

  async #submit(event: EventName, payload: unknown, answer: Answering): Promise<void> {
    const [outcome] = await this.#options.plain.submit(
      this.#address,
      'socket.io',
      [{ event, payload }],
      (parcel) => {
        if (event === 'pickup') this.#follow(parcel);
      },
    );
    if (!outcome) return;
    answer(outcome.answer);
    if (!outcome.answer.ok) {
      const { code, message } = outcome.answer.error;
      this.#notice('refused', message, outcome.isLostRace ? 'taken' : code);
    }
  }

  // ---- rooms ----

  #join(store: string | undefined): void {
    if (store === undefined || isDriversQueue(store)) return;
    if (this.#stores.size >= roomsMax && !this.#stores.has(store)) {
      throw new CapsError('too-large', `A connection joins at most ${roomsMax} rooms.`);
    }
    this.#stores.add(store);
    void this.#socket.join(roomOf(store));
  }

  /** Before its order is recorded, so that it misses nothing of it. */
  #follow(parcel: ParcelKey): void {
    const room = roomOfSender(parcel);
    void this.#socket.join(room);
    this.#orders.push(room);
    // Those that are finished have been left already.
    if (this.#orders.length > ordersMax) void this.#socket.leave(this.#orders.shift() ?? room);
  }

  // ---- queues ----

  /** Sends again what waits in a queue. Without a name: its stores' if it has any, else the drivers'. */
  async #sendQueue(queue: string | undefined, event: EventName | undefined): Promise<void> {
    const { plain } = this.#options;
    const isDrivers = queue === undefined ? this.#stores.size === 0 : isDriversQueue(queue);
    if (isDrivers || event === 'pickup') {
      this.#send(await plain.offers());
      return;
    }
    this.#join(queue);
    for (const store of queue === undefined ? this.#stores : [queue])
      this.#send(await plain.deliveries(store));
  }

  #send(records: readonly PlainRecord[]): void {
    for (const { event, payload } of records) {
      for (const spelling of spellingsOf(event)) this.#socket.emit(spelling, payload);
    }
  }

  /** Of a store's queue alone: what waits for a driver is what is ready, whoever has heard of it. */
  async #received(asked: unknown): Promise<void> {
    const queue = queueNamedIn(asked);
    const event = eventIn(asked);
    if (queue === undefined || isDriversQueue(queue)) return;
    if (event === 'delivered' || (event === undefined && this.#stores.has(queue))) {
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

type Answering = (answer: unknown) => void;
