/**
 * The SDK: one object that talks to a hub from a browser or from Node.
 *
 *     connecting ──welcome──▶ catching up ──head reached──▶ live
 *         ▲                        │                          │
 *         └──── waiting (retry) ◀──┴───────── down ◀──────────┘
 *
 * What it promises: a command is sent until the hub has answered it for good, and is recorded once, because
 * every sending carries the same id. Records of the scope come once each and in order; after a break they go on
 * from the cursor, and a stretch that does not join on to the one before is never shown but asked for again.
 */

import type { WireError } from '../protocol/errors.ts';
import { cursorOf, readCursor, uuidv7 } from '../protocol/ids.ts';
import { PROTOCOL_VERSION } from '../protocol/limits.ts';
import type {
  Answer,
  Events,
  Handshake,
  Notice,
  Offers,
  Parcels,
  Presence,
  Welcome,
} from '../protocol/messages.ts';
import { type ConnectionState, isUp } from './connection-state.ts';
import { HubClock } from './hub-clock.ts';
import { NetworkWatch } from './network-watch.ts';
import {
  closedAnswer,
  type NamedCommand,
  type NewCommand,
  Outbox,
  type OutboxStorage,
  type RestoredCommands,
  refusalOf,
} from './outbox.ts';
import { type FeedRange, Places } from './places.ts';
import { Sending } from './sending.ts';
import { type Dial, socketIoWire, type Wire } from './socketio-wire.ts';

/** Who one wants to be. */
export type Identity =
  | { role: 'vendor'; store: string; name?: string; key?: string }
  | { role: 'driver'; driver: string; name?: string; key?: string }
  | { role: 'admin'; name?: string; key?: string }
  /** `key`: what stands behind `/track/` in the link that came with the order. */
  | { role: 'customer'; name?: string; key: string };

export interface ClientOptions {
  /** The hub's origin, e.g. `http://192.168.1.5:3000`. */
  url: string;
  identity: Identity;
  /**
   * Where to go on from, `"<epoch>.<seq>"`, or `"0"` for the beginning of the log; without it the client starts
   * with the parcels that are open now. What the hub cannot honour comes back as `reset`. Where it is still to be
   * found out, as from the `asOf` of a list, the client connects when it has come; it must not reject.
   */
  after?: string | Promise<string | undefined> | undefined;
  /** Another way to reach the hub than Socket.IO. */
  dial?: Dial;
  /** Where commands outlive this client; without it they live in memory alone. */
  storage?: OutboxStorage | undefined;
  /** Set by this client, for one who shows how long ago something was. */
  clock?: HubClock;
}

export type { ConnectionState } from './connection-state.ts';

/** What a client tells its listeners. */
export interface ClientEvents {
  state: ConnectionState;
  welcome: Welcome;
  /** Forget everything, a fresh start follows: the cursor was not honoured, or the first start broke off half-way. */
  reset: { readonly reason: 'bad-cursor' | 'broken-off' };
  parcels: Parcels;
  events: FeedRange;
  presence: Presence;
  notice: readonly Notice[];
  /** How many commands wait for their answer. */
  outbox: number;
  /** Commands of earlier clients, which this one sends from now on, and those that were refused. */
  left: RestoredCommands;
}

export type { NewCommand } from './outbox.ts';

export interface Client {
  readonly state: ConnectionState;
  /** Up to here everything is known; undefined before the first welcome. */
  readonly cursor: string | undefined;
  /** Commands without an answer yet. */
  readonly waiting: number;
  /** @returns a function that ends the listening */
  on<K extends keyof ClientEvents>(name: K, listener: (event: ClientEvents[K]) => void): () => void;
  /**
   * Sends a command until the hub has answered it. Resolves with that answer, which may be a refusal; never
   * rejects. While there is no connection the command waits, and then says when it was given. One past the limits
   * is refused here and now. Where the hub refuses the client itself, everything that waits is answered: what
   * was never sent with that refusal, the rest with `unavailable`, because it was or will be sent.
   * @param how `keep`: in the storage as well, with words `about` it. If it is refused, it stays there until
   *   `dismiss`
   */
  command(command: NewCommand, how?: { keep?: boolean; about?: string | undefined }): Promise<Answer>;
  /** Takes back a command that never left this device; its answer will not come. @returns whether it could be */
  withdraw(id: string): boolean;
  /** Somebody has seen that the command with this id was refused. */
  dismiss(id: string): void;
  /**
   * A driver asks for a page of what is on offer, the oldest first. Undefined where there is no connection, or the hub has
   * none to give: see `MoreOffers`. @param from the `next` of the page before, or of the last `parcels`
   */
  offers(from?: string): Promise<Offers | undefined>;
  duty(state: 'on' | 'off'): void;
  /** Does not wait for the next attempt. */
  retryNow(): void;
  /** Ends the connection and answers what still waits with `unavailable`. Safe to call twice. */
  close(): void;
}

/** The cursor that stands before every log's first record. */
const beginning = '0';
const cursorLengthMax = 64;
const retryMinMs = 250;
const retryMaxMs = 3_000;
const pingEveryMs = 10_000;

export function connect(options: ClientOptions): Client {
  return new HubClient(options);
}

class HubClient implements Client {
  readonly #identity: Identity;
  readonly #wire: Wire;
  readonly #clock: HubClock;
  readonly #outbox: Outbox;
  readonly #sending: Sending;
  readonly #network: NetworkWatch;
  readonly #listeners: { [K in keyof ClientEvents]: Set<(event: ClientEvents[K]) => void> } = {
    state: new Set(),
    welcome: new Set(),
    reset: new Set(),
    parcels: new Set(),
    events: new Set(),
    presence: new Set(),
    notice: new Set(),
    outbox: new Set(),
    left: new Set(),
  };
  #state: ConnectionState = { kind: 'connecting' };
  #epoch: string | undefined;
  readonly #places: Places;
  /** What was given as a cursor and is none: the hub says so. */
  #unreadable: string | undefined;
  /** The scope's head when the hub said welcome: from there on the client is live. */
  #target = 0;
  #caughtUp = 0;
  /** Some parcels came of a start that is not complete yet. */
  #isHalfStarted = false;
  #attempts = 0;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #ping: ReturnType<typeof setInterval> | undefined;
  #duty: 'on' | 'off' | undefined;

  constructor(options: ClientOptions) {
    const { url, identity, after, dial = socketIoWire(url), storage, clock = new HubClock() } = options;
    this.#identity = identity;
    this.#clock = clock;
    this.#outbox = new Outbox(storage, clock);
    this.#places = new Places(identity.role);
    this.#wire = dial({
      welcome: (welcome) => this.#welcomed(welcome),
      parcels: (parcels) => this.#parcelsCame(parcels),
      events: (events) => this.#eventsCame(events),
      presence: (presence) => this.#tell('presence', presence),
      notice: (notices) => this.#tell('notice', notices),
      down: (error) => this.#wentDown(error),
    });
    this.#sending = new Sending({
      outbox: this.#outbox,
      isUp: () => isUp(this.#state),
      send: (batch) => this.#wire.send(batch),
      settled: () => this.#tell('outbox', this.#outbox.size),
    });
    this.#network = new NetworkWatch({
      ask: () => this.#wire.send([]),
      isUp: () => isUp(this.#state),
      online: () => this.retryNow(),
      offline: () => this.#breakOff(),
    });
    void this.#openOutbox();
    if (after instanceof Promise) void after.then((place) => this.#begin(place));
    else this.#begin(after);
  }

  get state(): ConnectionState {
    return this.#state;
  }

  get cursor(): string | undefined {
    const { lowest } = this.#places;
    if (lowest === undefined) return undefined;
    return this.#epoch === undefined ? beginning : cursorOf(this.#epoch, lowest);
  }

  get waiting(): number {
    return this.#outbox.size;
  }

  on<K extends keyof ClientEvents>(name: K, listener: (event: ClientEvents[K]) => void): () => void {
    this.#listeners[name].add(listener);
    return () => this.#listeners[name].delete(listener);
  }

  command(command: NewCommand, how: { keep?: boolean; about?: string | undefined } = {}): Promise<Answer> {
    if (this.#state.kind === 'closed') return Promise.resolve(closedAnswer);
    const complete = { ...command, id: command.id ?? uuidv7() } as NamedCommand;
    const refusal = refusalOf(complete);
    if (refusal) return Promise.resolve(refusal);
    // A first attempt that is under way is no break.
    const isLate = !isUp(this.#state) && this.#attempts > 0;
    const answer = this.#outbox.add(complete, { ...how, isLate });
    if (this.#state.kind === 'refused') this.#outbox.giveUp(this.#state.error);
    this.#tell('outbox', this.#outbox.size);
    this.#sending.flushInABit();
    return answer;
  }

  withdraw(id: string): boolean {
    const isBack = this.#outbox.withdraw(id);
    if (isBack) this.#tell('outbox', this.#outbox.size);
    return isBack;
  }

  dismiss(id: string): void {
    this.#outbox.dismiss(id);
  }

  offers(from?: string): Promise<Offers | undefined> {
    return isUp(this.#state) ? this.#wire.offers(from) : Promise.resolve(undefined);
  }

  duty(state: 'on' | 'off'): void {
    this.#duty = state;
    if (isUp(this.#state)) this.#wire.duty(state);
  }

  retryNow(): void {
    if (this.#state.kind === 'waiting') this.#open();
  }

  close(): void {
    if (this.#state.kind === 'closed') return;
    clearTimeout(this.#retry);
    this.#sending.close();
    clearInterval(this.#ping);
    this.#network.close();
    this.#wire.close();
    this.#outbox.abandon(closedAnswer);
    this.#become({ kind: 'closed' });
  }

  // ---- the connection ----

  #begin(after: string | undefined): void {
    const cursor = after === undefined ? undefined : readCursor(after);
    if (!cursor) this.#unreadable = after?.slice(0, cursorLengthMax);
    if (cursor || after === beginning) {
      this.#epoch = cursor?.epoch;
      this.#places.begin(cursor?.seq ?? 0);
    }
    this.#open();
  }

  #open(): void {
    clearTimeout(this.#retry);
    this.#become({ kind: 'connecting' });
    // Closed since, or by one who has just heard of it.
    if (this.#state.kind !== 'connecting') return;
    const after = this.cursor ?? this.#unreadable;
    const base = { protocol: PROTOCOL_VERSION, ...this.#identity };
    this.#wire.open((after === undefined ? base : { ...base, after }) as Handshake);
  }

  #welcomed(welcome: Welcome): void {
    const sameLog = this.#epoch === undefined || this.#epoch === welcome.epoch;
    const resumed = sameLog && this.#places.lowest !== undefined && welcome.reset === undefined;
    if (welcome.time !== undefined) this.#clock.hear(welcome.time);
    this.#attempts = 0;
    this.#caughtUp = 0;
    this.#epoch = welcome.epoch;
    this.#unreadable = undefined;
    this.#target = welcome.head;
    if (!resumed) {
      // An admin's feed starts at the head; the others wait for the parcels to say where they start.
      this.#places.forget();
      if (this.#identity.role === 'admin') this.#places.begin(welcome.head);
    }
    this.#ping ??= setInterval(() => void this.#measure(), pingEveryMs);
    if (welcome.reset) this.#tell('reset', { reason: welcome.reset });
    else if (this.#isHalfStarted) this.#tell('reset', { reason: 'broken-off' });
    this.#isHalfStarted = false;
    this.#become({ kind: 'catching-up' });
    this.#tell('welcome', welcome);
    if (this.#duty) this.#wire.duty(this.#duty);
    this.#liveIfCaughtUp();
    void this.#sending.flush();
  }

  #wentDown(error: WireError | undefined): void {
    if (this.#state.kind === 'closed') return;
    clearInterval(this.#ping);
    this.#network.down();
    this.#ping = undefined;
    if (error && !error.retryable) {
      this.#become({ kind: 'refused', error });
      this.#outbox.giveUp(error);
      this.#tell('outbox', this.#outbox.size);
      return;
    }
    const delay = Math.min(retryMaxMs, retryMinMs * 2 ** this.#attempts) * (0.5 + Math.random() / 2);
    this.#attempts += 1;
    const offline = globalThis.navigator?.onLine === false;
    // Before anyone is told, so that a listener who closes or asks for a retry finds it.
    this.#retry = setTimeout(() => this.#open(), delay);
    this.#become({ kind: 'waiting', at: Date.now() + delay, offline });
  }

  #liveIfCaughtUp(): void {
    if (this.#state.kind !== 'catching-up') return;
    if ((this.#places.lowest ?? -1) < this.#target) return;
    this.#become({ kind: 'live', caughtUp: this.#caughtUp });
    void this.#measure();
  }

  /** An empty batch is the cheapest question that the hub answers. */
  async #measure(): Promise<void> {
    const start = performance.now();
    const answers = await this.#wire.send([]);
    if (answers && this.#state.kind === 'live') {
      this.#become({ ...this.#state, rttMs: Math.round(performance.now() - start) });
    }
  }

  // ---- feeds ----

  #parcelsCame(parcels: Parcels): void {
    this.#isHalfStarted = parcels.more;
    this.#tell('parcels', parcels);
    if (parcels.more) return;
    this.#places.begin(parcels.upTo);
    this.#target = Math.max(this.#target, parcels.upTo);
    this.#liveIfCaughtUp();
  }

  #eventsCame(events: Events): void {
    const stretch = this.#places.take(events);
    if (stretch === 'old') return;
    if (stretch === 'missed') {
      // It is asked for again, after a pause in case it never will join on.
      this.#breakOff();
      return;
    }
    if (this.#state.kind === 'catching-up') this.#caughtUp += stretch.records.length;
    this.#tell('events', stretch);
    this.#liveIfCaughtUp();
  }

  #breakOff(): void {
    this.#wire.close();
    this.#wentDown(undefined);
  }

  // ---- commands ----

  async #openOutbox(): Promise<void> {
    await this.#outbox.open((left) => {
      if (this.#state.kind === 'closed') return;
      this.#tell('left', left);
      this.#tell('outbox', this.#outbox.size);
      this.#sending.flushInABit();
    });
    void this.#sending.flush();
  }

  // ---- telling ----

  #become(state: ConnectionState): void {
    // Whoever hears of something may close the client, and that is for good.
    if (this.#state.kind === 'closed') return;
    this.#state = state;
    this.#tell('state', state);
  }

  #tell<K extends keyof ClientEvents>(name: K, event: ClientEvents[K]): void {
    for (const listener of this.#listeners[name]) listener(event);
  }
}
