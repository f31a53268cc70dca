/**
 * The SDK: one object that talks to a hub from a browser or from Node.
 *
 *     connecting ──welcome──▶ catching up ──head reached──▶ live
 *         ▲                        │                          │
 *         └──── waiting (retry) ◀──┴───────── down ◀──────────┘
 *
 * Guarantees: the client resends a command until it has a final answer, and the hub records it once, because each
 * attempt carries the same id. Each record of the scope arrives once and in order; after a break the client resumes from
 * its cursor. It drops a range that does not follow the previous one, and asks for it again.
 */

import type { WireError } from '../protocol/errors.ts';
import { cursorOf, readCursor, uuidv7 } from '../protocol/ids.ts';
import { PROTOCOL_VERSION } from '../protocol/limits.ts';
import type {
  Answer,
  Events,
  Handshake,
  Health,
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
  type CommandCare,
  closedAnswer,
  type NamedCommand,
  type NewCommand,
  Outbox,
  type OutboxStorage,
  type RestoredCommands,
  refusalOf,
} from './outbox.ts';
import { OutboxSender } from './outbox-sender.ts';
import { type FeedRange, Places } from './places.ts';
import { type Dial, socketIoWire, type Wire } from './socketio-wire.ts';

/** The role to connect as. */
export type Identity =
  | { role: 'vendor'; store: string; name?: string; key?: string }
  | { role: 'driver'; driver: string; name?: string; key?: string }
  | { role: 'admin'; name?: string; key?: string }
  /** `key`: the token behind `/track/` in the link that came with the order. */
  | { role: 'customer'; name?: string; key: string };

export interface ClientOptions {
  /** The hub's origin, e.g. `http://192.168.1.5:3000`. */
  url: string;
  identity: Identity;
  /**
   * The cursor to resume from, `"<epoch>.<seq>"`, or `"0"` for the beginning of the log. Without it the client starts with
   * a snapshot of the open parcels. If the hub cannot resume from it, the client emits `reset`. For a promise, e.g. of a
   * list's `asOf`, the client connects once it resolves; it must not reject.
   */
  after?: string | Promise<string | undefined> | undefined;
  /** Another way to reach the hub than Socket.IO. */
  dial?: Dial;
  /** Keeps commands beyond this client's life; without it they are in memory only. */
  storage?: OutboxStorage | undefined;
  /** The client sets it to the hub's time; pages show ages by it. */
  clock?: HubClock;
}

export type { ConnectionState } from './connection-state.ts';

export interface ClientEvents {
  state: ConnectionState;
  welcome: Welcome;
  /** Forget everything, because a fresh start follows: the cursor was not valid, or the connection broke during the snapshot. */
  reset: { readonly reason: 'bad-cursor' | 'broken-off' };
  parcels: Parcels;
  events: FeedRange;
  presence: Presence;
  notice: readonly Notice[];
  /** The hub cannot record, or can again. A connection is to one that can, unless this follows its welcome. */
  health: Health;
  /** Number of commands without an answer. */
  outbox: number;
  /** Commands of earlier clients: this one sends those without an answer; the hub has refused the others. */
  left: RestoredCommands;
}

export type { NewCommand } from './outbox.ts';

export interface Client {
  readonly state: ConnectionState;
  /** The client has everything up to here; undefined before the first welcome. */
  readonly cursor: string | undefined;
  /** Number of commands without an answer. */
  readonly waiting: number;
  /** @returns a function that removes the listener */
  on<K extends keyof ClientEvents>(name: K, listener: (event: ClientEvents[K]) => void): () => void;
  /**
   * Sends a command until the hub answers it. Resolves with that answer, which may be a refusal; never rejects. Without a
   * connection the command waits and then carries `occurredAt`. A command over the limits is refused at once. If the hub
   * refuses the client itself, every waiting command gets an answer: that refusal if it was never sent, otherwise
   * `unavailable`, because the hub may have recorded it.
   *
   * @param how whether to store it, and after which other command it comes
   */
  command(command: NewCommand, how?: CommandCare): Promise<Answer>;
  /** Takes back a command that was never sent; its promise stays pending. @returns false if it was sent already */
  withdraw(id: string): boolean;
  /** Removes a refused command from the storage. */
  dismiss(id: string): void;
  /**
   * Reads a page of the parcels on offer, oldest first, for a driver. `MoreOffers` reads them all.
   *
   * @param from `next` of the previous page, or of the last `parcels`
   * @returns undefined without a connection, or if the hub refuses
   */
  offers(from?: string): Promise<Offers | undefined>;
  duty(state: 'on' | 'off'): void;
  /** Makes the next attempt at once. */
  retryNow(): void;
  /** Ends the connection and answers waiting commands with `unavailable`. Safe to call twice. */
  close(): void;
}

/** The cursor before the first record of any log. */
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
  readonly #sender: OutboxSender;
  readonly #network: NetworkWatch;
  readonly #listeners: { [K in keyof ClientEvents]?: Set<(event: ClientEvents[K]) => void> } = {};
  #state: ConnectionState = { kind: 'connecting' };
  #epoch: string | undefined;
  readonly #places: Places;
  /** An invalid `after`, which the hub will answer with `reset`. */
  #unreadable: string | undefined;
  /** The scope's head at the welcome: the client is live once it has reached it. */
  #target = 0;
  #caughtUp = 0;
  /** Only some pages of the snapshot have arrived. */
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
      welcome: (welcome) => this.#onWelcome(welcome),
      parcels: (parcels) => this.#onParcels(parcels),
      events: (events) => this.#onEvents(events),
      presence: (presence) => this.#tell('presence', presence),
      notice: (notices) => this.#tell('notice', notices),
      health: (health) => this.#tell('health', health),
      down: (error) => this.#onDown(error),
    });
    this.#sender = new OutboxSender({
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
    const listeners: { [N in K]?: Set<(event: ClientEvents[N]) => void> } = this.#listeners;
    const all = listeners[name] ?? new Set<(event: ClientEvents[K]) => void>();
    listeners[name] = all;
    all.add(listener);
    return () => all.delete(listener);
  }

  command(command: NewCommand, how: CommandCare = {}): Promise<Answer> {
    if (this.#state.kind === 'closed') return Promise.resolve(closedAnswer);
    const complete = { ...command, id: command.id ?? uuidv7() } as NamedCommand;
    const refusal = refusalOf(complete);
    if (refusal) return Promise.resolve(refusal);
    // The first attempt to connect does not count as a break.
    const isLate = !isUp(this.#state) && this.#attempts > 0;
    const answer = this.#outbox.add(complete, { ...how, isLate });
    if (this.#state.kind === 'refused') this.#outbox.giveUp(this.#state.error);
    this.#tell('outbox', this.#outbox.size);
    this.#sender.flushSoon();
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
    this.#sender.close();
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
    // A listener may have closed the client.
    if (this.#state.kind !== 'connecting') return;
    const after = this.cursor ?? this.#unreadable;
    const base = { protocol: PROTOCOL_VERSION, ...this.#identity };
    this.#wire.open((after === undefined ? base : { ...base, after }) as Handshake);
  }

  #onWelcome(welcome: Welcome): void {
    const sameLog = this.#epoch === undefined || this.#epoch === welcome.epoch;
    const resumed = sameLog && this.#places.lowest !== undefined && welcome.reset === undefined;
    if (welcome.time !== undefined) this.#clock.hear(welcome.time);
    this.#attempts = 0;
    this.#caughtUp = 0;
    this.#epoch = welcome.epoch;
    this.#unreadable = undefined;
    this.#target = welcome.head;
    if (!resumed) {
      // An admin's feed starts at the head, the other feeds at the snapshot's `upTo`.
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
    void this.#sender.flush();
  }

  #onDown(error: WireError | undefined): void {
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
    // Set before the listeners run, so that one that closes or retries finds the timer.
    this.#retry = setTimeout(() => this.#open(), delay);
    this.#become({ kind: 'waiting', at: Date.now() + delay, offline });
  }

  #liveIfCaughtUp(): void {
    if (this.#state.kind !== 'catching-up') return;
    if ((this.#places.lowest ?? -1) < this.#target) return;
    this.#become({ kind: 'live', caughtUp: this.#caughtUp });
    void this.#measure();
  }

  /** An empty batch is the cheapest request with an answer. */
  async #measure(): Promise<void> {
    const start = performance.now();
    const answers = await this.#wire.send([]);
    if (answers && this.#state.kind === 'live') {
      this.#become({ ...this.#state, rttMs: Math.round(performance.now() - start) });
    }
  }

  // ---- feeds ----

  #onParcels(parcels: Parcels): void {
    this.#isHalfStarted = parcels.more;
    this.#tell('parcels', parcels);
    if (parcels.more) return;
    this.#places.begin(parcels.upTo);
    this.#target = Math.max(this.#target, parcels.upTo);
    this.#liveIfCaughtUp();
  }

  #onEvents(events: Events): void {
    const range = this.#places.take(events);
    if (range === 'old') return;
    if (range === 'missed') {
      // Resumes after a pause, in case the hub sends the same gap again.
      this.#breakOff();
      return;
    }
    if (this.#state.kind === 'catching-up') this.#caughtUp += range.records.length;
    this.#tell('events', range);
    this.#liveIfCaughtUp();
  }

  #breakOff(): void {
    this.#wire.close();
    this.#onDown(undefined);
  }

  // ---- commands ----

  async #openOutbox(): Promise<void> {
    await this.#outbox.open((left) => {
      if (this.#state.kind === 'closed') return;
      this.#tell('left', left);
      this.#tell('outbox', this.#outbox.size);
      this.#sender.flushSoon();
    });
    void this.#sender.flush();
  }

  // ---- listeners ----

  #become(state: ConnectionState): void {
    // A listener may have closed the client, and closed is final.
    if (this.#state.kind === 'closed') return;
    this.#state = state;
    this.#tell('state', state);
  }

  #tell<K extends keyof ClientEvents>(name: K, event: ClientEvents[K]): void {
    for (const listener of this.#listeners[name] ?? []) listener(event);
  }
}
