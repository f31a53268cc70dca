/**
 * Turns plain clients' messages into commands. A plain client that sends an order is that store's vendor, otherwise a
 * driver. All of one address are one driver, because a program may listen on one connection and send on another.
 */

import { CapsError, type WireError } from '../../protocol/errors.ts';
import type { EventName } from '../../protocol/events.ts';
import { cursorOf, parcelName } from '../../protocol/ids.ts';
import { limits } from '../../protocol/limits.ts';
import {
  type Answer,
  type CapsRecord,
  type Command,
  type ParcelView,
  parse,
  parseCommand,
} from '../../protocol/messages.ts';
import { type Order, type ParcelId, parcelIdSchema } from '../../protocol/orders.ts';
import type { Actor } from '../../protocol/parcel.ts';
import type { Clock } from '../clock.ts';
import type { NumberPaths } from '../edge/exact-json.ts';
import type { Door } from '../hub/commit.ts';
import type { Sink } from '../hub/feed.ts';
import type { Hub, Subscription } from '../hub/hub.ts';
import type { Attendance, Presence } from '../hub/presence.ts';
import { plainDriver } from './dialects.ts';
import { PlainAddresses } from './plain-addresses.ts';
import { ReusedIds } from './plain-ids.ts';
import {
  bareIdIn,
  givenBack,
  isWholeOrder,
  orderOf,
  parcelNamedIn,
  type RelayedOrder,
  readGiven,
  saidId,
} from './plain-orders.ts';
import { Patience, type Step } from './plain-patience.ts';
import { PlainTalk } from './plain-talk.ts';

/** A plain client's message. */
export interface PlainMessage {
  readonly event: EventName;
  /** The event as it was spelled. */
  readonly word: string;
  readonly payload: unknown;
  /** Numbers of the payload that it holds as text. */
  readonly numbers?: NumberPaths;
  readonly id?: string | number | object | undefined;
  readonly details?: unknown;
}

export interface PlainOutcome {
  readonly answer: Answer;
  /** Every driver takes every order; a loser would not understand an error. */
  readonly isLostRace: boolean;
}

/** A record as plain clients hear it. */
export interface PlainRecord {
  readonly event: EventName;
  /** The event as its sender spelled it; undefined if in our spelling or not by a plain client. */
  readonly word: string | undefined;
  readonly payload: RelayedOrder;
  readonly time: string;
  readonly seq: number;
}

/** A message with its commands. */
interface PendingMessage {
  readonly message: PlainMessage;
  readonly steps: readonly Step[];
}

/** Plain clients read as admin; they exist only in open mode. */
const reader: Actor = { role: 'admin' };
/** Number of remembered odd spellings. */
const wordsMax = 10_000;

/** Records of a queue per turn. */
const queuePage = 50;

export class PlainClients {
  readonly addresses: PlainAddresses;
  readonly talk: PlainTalk;
  readonly #hub: Hub;
  readonly #presence: Presence;
  readonly #ids: ReusedIds;
  readonly #patience: Patience;
  /** Odd spellings of single events. */
  readonly #words = new Map<string, string>();

  constructor(hub: Hub, presence: Presence, clock: Clock) {
    this.#hub = hub;
    this.#ids = new ReusedIds((key) => this.#view(key), hub.isShared);
    this.#patience = new Patience(hub, clock);
    this.#presence = presence;
    this.addresses = new PlainAddresses(clock);
    this.talk = new PlainTalk(presence, clock);
  }

  /** Lists a connection. Each keeps the driver of its address alive. */
  enter(address: string, door: Door): Attendance {
    return this.#presence.enter({ role: 'plain', who: address, driver: plainDriver(address), door });
  }

  /** Subscribes to all records, as in the admins' feed. @param from the seq of the log after which it begins */
  watch(sink: Sink, from: number, onLag: (lagging: boolean) => void): Subscription {
    return this.#hub.subscribe(reader, cursorOf(this.#hub.epoch, from), sink, onLag);
  }

  recordOf({ event, payload, time, seq }: CapsRecord): PlainRecord {
    const word = this.#words.get(wordKey(event, payload));
    return { event, word, payload: givenBack(payload, event), time, seq };
  }

  /**
   * Submits messages in order. Rejects when the log cannot be read; the last of them are then not submitted.
   * @param address of the sender
   * @param onParcel called with each message's parcel as recorded, before it is submitted
   */
  async submit(
    address: string,
    door: Door,
    messages: readonly PlainMessage[],
    onParcel: (parcel: ParcelId, event: EventName) => void = () => {},
  ): Promise<PlainOutcome[]> {
    const outcomes: PlainOutcome[] = [];
    let wanted: PendingMessage[] = [];
    /** Parcels that these collect. */
    const collected = new Set<string>();
    const askAll = async () => {
      for (const { message, steps } of wanted) {
        const { command } = lastOf(steps);
        if (command instanceof CapsError) continue;
        this.#remember(command, message.word);
        onParcel(command.payload, message.event);
      }
      const lot = wanted.map(({ steps }) => steps);
      const answers = await this.#patience.submit(address, door, lot);
      for (const [i, steps] of lot.entries()) outcomes.push(outcomeOf(steps, answers[i]?.at(-1)));
      wanted = [];
      collected.clear();
    };
    for (const message of messages) {
      let steps = await this.#read(address, message, collected);
      if (dependsOn(wanted, { message, steps })) {
        await askAll();
        steps = await this.#read(address, message, collected);
      }
      wanted.push({ message, steps });
      const { command } = lastOf(steps);
      if (!(command instanceof CapsError) && command.event === 'in-transit')
        collected.add(parcelName(command.payload));
    }
    await askAll();
    return outcomes;
  }

  // ---- what is asked for ----

  /** @param collected parcels that messages before it collect */
  async #read(address: string, message: PlainMessage, collected: ReadonlySet<string>): Promise<Step[]> {
    const driver: Actor = { role: 'driver', driver: plainDriver(address) };
    try {
      if (message.event === 'pickup') return [await this.#readOrder(address, message)];
      const steps = await this.#readStep(address, driver, message);
      const [first, last] = steps;
      const isCollected = steps.length === 2 && first && isOf(collected, first);
      return isCollected && last ? [last] : steps;
    } catch (error) {
      if (error instanceof CapsError) return [{ actor: driver, command: error }];
      throw error;
    }
  }

  async #readOrder(address: string, { payload, numbers, id }: PlainMessage): Promise<Step> {
    const given = readGiven(payload, numbers);
    const named = parcelNamedIn(given);
    const parcel = await this.#ids.toPlace(named);
    this.addresses.claim(parcel.store, address);
    const actor: Actor = { role: 'vendor', store: parcel.store };
    const command = placing(orderOf(given, parcel), named, id);
    this.#presence.named('store', parcel.store);
    return { actor, command };
  }

  async #readStep(address: string, driver: Actor, message: PlainMessage): Promise<Step[]> {
    const { event, payload, numbers, id, details } = message;
    const bareId = bareIdIn(payload);
    const parcel =
      bareId === undefined
        ? await this.#ids.current(parcelNamedIn(readGiven(payload, numbers)))
        : await this.#parcelCalled(address, bareId);
    const actor: Actor = event === 'cancelled' ? { role: 'vendor', store: parcel.store } : driver;
    const asked = { actor, command: commandOf(event, parcel, { id, details }) };
    if (event !== 'delivered') return [asked];
    const view = await this.#view(parcel);
    const isHeld = view !== undefined && view.status !== 'ready' && view.status !== 'claimed';
    if (isHeld) return [asked];
    const collected = { actor: driver, command: commandOf('in-transit', parcel, {}) };
    if (view) return [collected, asked];
    // An order that nobody has sent yet, if the payload says enough to be one.
    const given = bareId === undefined ? readGiven(payload, numbers) : undefined;
    if (!given || !isWholeOrder(given)) return [asked];
    const shop: Actor = { role: 'vendor', store: parcel.store };
    return [{ actor: shop, command: commandOf('pickup', orderOf(given, parcel), {}) }, collected, asked];
  }

  /**
   * The one open parcel with this id, first among those that this address holds.
   * @throws CapsError unknown-parcel; bad-message if there are several
   */
  async #parcelCalled(address: string, id: string): Promise<ParcelId> {
    const inHand = { holder: plainDriver(address), statuses: ['in-transit', 'claimed'] } as const;
    for (const query of [inHand, { statuses: ['in-transit', 'claimed', 'ready'] } as const]) {
      const { items } = await this.#hub.read.parcels(reader, { ...query, limit: limits.page });
      const [found, another] = items.filter(({ payload }) => saidId(payload) === id);
      if (another) throw new CapsError('bad-message', `Several open orders are called "${id.slice(0, 40)}".`);
      if (found) return { store: found.payload.store, orderID: found.payload.orderID };
    }
    throw new CapsError('unknown-parcel');
  }

  #remember({ event, payload }: Command, word: string | undefined): void {
    const key = wordKey(event, payload);
    this.#words.delete(key);
    if (word === undefined || word === event) return;
    for (const oldest of this.#words.keys()) {
      if (this.#words.size < wordsMax) break;
      this.#words.delete(oldest);
    }
    this.#words.set(key, word);
  }

  // ---- queues ----

  /** Offers, page by page. */
  async *offers(): AsyncGenerator<PlainRecord[], void> {
    const parcels: ParcelView[] = [];
    for (let from: string | undefined; parcels.length < limits.page; ) {
      await this.#hub.turns.next();
      const query = { statuses: ['ready'], from, limit: queuePage } as const;
      const { items, next } = await this.#hub.read.parcels(reader, query);
      parcels.push(...items);
      if (next === null) break;
      from = next;
    }
    yield* this.#inTurns(parcels.reverse(), (one) => this.#recordOf('pickup', one, one.createdAt));
  }

  /**
   * Parcels that came on offer since then and still are.
   * @param since milliseconds since 1970 @param upTo seq of the log, included
   */
  async offersSince(since: number, upTo: number): Promise<AsyncIterable<PlainRecord[]>> {
    const { items } = await this.#hub.read.events(reader, {
      ...{ event: 'pickup', from: new Date(since).toISOString(), before: String(upTo + 1) },
      ...{ terms: [], limit: limits.page },
    });
    const offered: CapsRecord[] = [];
    for (const [i, record] of items.entries()) {
      if (i % queuePage === 0) await this.#hub.turns.next();
      if ((await this.#view(record.payload))?.status === 'ready') offered.push(record);
    }
    return this.#inTurns(offered, (record) => this.recordOf(record));
  }

  /** The newest deliveries of a store that it has not acknowledged, in pickup order. */
  async *deliveries(store: string): AsyncGenerator<PlainRecord[], void> {
    const query = { statuses: ['delivered'], unacknowledged: true, limit: limits.page } as const;
    const { items } = await this.#hub.read.parcels({ role: 'vendor', store }, query);
    yield* this.#inTurns(items.reverse(), (one) => this.#recordOf('delivered', one, one.changedAt));
  }

  /** Takes a turn per page: building it is as slow as reading many. */
  async *#inTurns<T>(
    all: readonly T[],
    toldOf: (one: T) => PlainRecord,
  ): AsyncGenerator<PlainRecord[], void> {
    for (let from = 0; from < all.length; from += queuePage) {
      await this.#hub.turns.next();
      yield all.slice(from, from + queuePage).map(toldOf);
    }
  }

  /**
   * Acknowledges a delivery. Ignores other messages about a known parcel.
   * @throws CapsError bad-message, unknown-parcel
   */
  async received(store: string | undefined, payload: unknown): Promise<void> {
    const { object } = readGiven(payload);
    const named = parcelNamedIn({ object: store === undefined ? object : { ...object, store } });
    const parcel = await this.#ids.current(named);
    const view = await this.#view(parcel);
    if (!view) throw new CapsError('unknown-parcel');
    if (view.status === 'delivered') {
      await this.#hub.acknowledge({ role: 'vendor', store: parcel.store }, [parcel]);
    }
  }

  #recordOf(event: EventName, { payload }: ParcelView, time: string): PlainRecord {
    const word = this.#words.get(wordKey(event, payload));
    return { event, word, payload: givenBack(payload, event), time, seq: 0 };
  }

  async #view({ store, orderID }: ParcelId): Promise<ParcelView | undefined> {
    try {
      return await this.#hub.read.parcel(reader, { store, orderID });
    } catch (error) {
      if (error instanceof CapsError && error.code === 'unknown-parcel') return undefined;
      throw error;
    }
  }
}

/**
 * Whether a message's meaning depends on those before it: a step of an order that they place, or an order under an id
 * that they finish.
 */
function dependsOn(before: readonly PendingMessage[], { message, steps }: PendingMessage): boolean {
  const { command } = lastOf(steps);
  const isOrder = message.event === 'pickup';
  const opposite = before.filter(({ message: { event } }) => (event === 'pickup') !== isOrder);
  if (opposite.length === 0) return false;
  if (command instanceof CapsError || (!isOrder && bareIdIn(message.payload) !== undefined)) return true;
  const { store, orderID } = command.payload;
  return opposite.some((earlier) => {
    const known = lastOf(earlier.steps).command;
    if (known instanceof CapsError) return false;
    return known.payload.store === store && known.payload.orderID === orderID;
  });
}

/** Another driver was faster. All of one address are one driver, so this also covers its own earlier steps. */
function isLostRace(
  { actor, command }: Step,
  { code, details }: Pick<WireError, 'code' | 'details'>,
): boolean {
  if (actor.role !== 'driver' || command instanceof CapsError) return false;
  if (code === 'taken' || code === 'stale-claim') return true;
  if (code !== 'wrong-status') return false;
  if (command.event === 'delivered') return details?.['status'] === 'delivered';
  return command.event === 'claimed' || command.event === 'in-transit';
}

function isOf(parcels: ReadonlySet<string>, { command }: Step): boolean {
  return !(command instanceof CapsError) && parcels.has(parcelName(command.payload));
}

/** The last step's answer counts; the others lead up to it. */
function outcomeOf(steps: readonly Step[], last: Answer | undefined): PlainOutcome {
  const answer = last ?? new CapsError('internal').toAnswer();
  return { answer, isLostRace: !answer.ok && isLostRace(lastOf(steps), answer.error) };
}

function lastOf(steps: readonly Step[]): Step {
  return steps.at(-1) ?? { actor: reader, command: new CapsError('internal') };
}

/** @throws CapsError bad-message, too-large */
function commandOf(event: EventName, payload: object, more: { id?: unknown; details?: unknown }): Command {
  const { id, details } = more;
  return parseCommand({
    ...{ event, payload },
    ...(typeof id === 'string' ? { id: id.slice(0, limits.idLength) } : {}),
    ...(details === undefined ? {} : { details }),
  });
}

/** An order's `pickup`. Its id must not be of the generated form. @throws CapsError bad-message, too-large */
function placing(order: Order, { orderID: said }: ParcelId, id: unknown): Command {
  const { orderID } = order;
  if (orderID === said) return commandOf('pickup', order, { id });
  parse(parcelIdSchema, order);
  const command = commandOf('pickup', { ...order, orderID: said }, { id });
  return command.event === 'pickup' ? { ...command, payload: { ...command.payload, orderID } } : command;
}

function wordKey(event: EventName, { store, orderID }: ParcelId): string {
  return `${event}\n${store}\n${orderID}`;
}
