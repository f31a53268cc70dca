/**
 * Plain clients at the hub: who they are, and what their messages become. A plain client is a vendor when it sends
 * an order, and else a driver; all of one address are one driver, because a program may listen on one connection
 * and send on another.
 */

import { CapsError, type WireError } from '../../protocol/errors.ts';
import type { EventName } from '../../protocol/events.ts';
import { cursorOf } from '../../protocol/ids.ts';
import { limits } from '../../protocol/limits.ts';
import {
  type Answer,
  type CapsRecord,
  type Command,
  type Order,
  type ParcelId,
  type ParcelView,
  parcelIdSchema,
  parse,
  parseCommand,
} from '../../protocol/messages.ts';
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
  type GivenBack,
  givenBack,
  isWholeOrder,
  orderOf,
  parcelNamedIn,
  readGiven,
  saidId,
} from './plain-orders.ts';
import { PlainTalk } from './plain-talk.ts';

/** What a plain client asks for. */
export interface PlainMessage {
  readonly event: EventName;
  /** As it spelled the event. */
  readonly word: string;
  readonly payload: unknown;
  /** Of the payload, the numbers that stand in it as text. */
  readonly numbers?: NumberPaths;
  readonly id?: string | number | object | undefined;
  readonly details?: unknown;
}

export interface PlainOutcome {
  readonly answer: Answer;
  /** Every driver takes every order: who came too late would not understand an error. */
  readonly isLostRace: boolean;
}

/** A record as plain clients are told it. */
export interface PlainRecord {
  readonly event: EventName;
  /** As the plain client that brought it about spelled it; undefined where it spelled it as we do, or is none. */
  readonly word: string | undefined;
  readonly payload: GivenBack;
  readonly time: string;
  readonly seq: number;
}

/** Something to be asked of the hub, by somebody. */
interface Step {
  readonly actor: Actor;
  readonly command: Command | CapsError;
}

/** A message, and what it asks for. */
interface Wanted {
  readonly message: PlainMessage;
  readonly steps: readonly Step[];
}

/** Who reads what plain clients see, which is everything: in open mode alone. */
const reader: Actor = { role: 'admin' };
/** Odd spellings of single events that are kept in mind. */
const wordsMax = 10_000;

/** Of a queue, what is put together in one turn. */
const queuePage = 50;

export class PlainClients {
  readonly addresses: PlainAddresses;
  readonly talk: PlainTalk;
  readonly #hub: Hub;
  readonly #presence: Presence;
  readonly #ids = new ReusedIds((key) => this.#view(key));
  /** Where an event was spelled oddly, how. */
  readonly #words = new Map<string, string>();

  constructor(hub: Hub, presence: Presence, clock: Clock) {
    this.#hub = hub;
    this.#presence = presence;
    this.addresses = new PlainAddresses(clock);
    this.talk = new PlainTalk(presence, clock);
  }

  /** Lists a connection. All of one address are one driver, whom each of them keeps alive. */
  enter(address: string, door: Door): Attendance {
    return this.#presence.enter({ role: 'plain', who: address, driver: plainDriver(address), door });
  }

  /** Everything that is recorded, as the admins' feed shows it. @param from the log's seq that it begins after */
  watch(sink: Sink, from: number, onLag: (lagging: boolean) => void): Subscription {
    return this.#hub.subscribe(reader, cursorOf(this.#hub.epoch, from), sink, onLag);
  }

  recordOf({ event, payload, time, seq }: CapsRecord): PlainRecord {
    const word = this.#words.get(wordKey(event, payload));
    return { event, word, payload: givenBack(payload, event), time, seq };
  }

  /**
   * In the order given. Rejects where the log cannot be read, and then the last of them have not been asked for.
   * @param address of the sender
   * @param onParcel told of each message's parcel under its recorded name, before the hub is asked
   */
  async submit(
    address: string,
    door: Door,
    messages: readonly PlainMessage[],
    onParcel: (parcel: ParcelId, event: EventName) => void = () => {},
  ): Promise<PlainOutcome[]> {
    const outcomes: PlainOutcome[] = [];
    let wanted: Wanted[] = [];
    const askAll = async () => {
      for (const { message, steps } of wanted) {
        const { command } = lastOf(steps);
        if (command instanceof CapsError) continue;
        this.#remember(command, message.word);
        onParcel(command.payload, message.event);
      }
      outcomes.push(...(await Promise.all(wanted.map(({ steps }) => this.#ask(door, steps)))));
      wanted = [];
    };
    for (const message of messages) {
      let steps = await this.#read(address, message);
      if (dependsOn(wanted, { message, steps })) {
        await askAll();
        steps = await this.#read(address, message);
      }
      wanted.push({ message, steps });
    }
    await askAll();
    return outcomes;
  }

  /** All of it; what counts is the last, which the others lead up to. */
  async #ask(door: Door, steps: readonly Step[]): Promise<PlainOutcome> {
    const answers = await Promise.all(
      steps.map(({ actor, command }) => this.#hub.submit(actor, door, [command])),
    );
    const answer = answers.at(-1)?.[0] ?? new CapsError('internal').toAnswer();
    return { answer, isLostRace: !answer.ok && isLostRace(lastOf(steps), answer.error) };
  }

  // ---- what is asked for ----

  async #read(address: string, message: PlainMessage): Promise<Step[]> {
    const driver: Actor = { role: 'driver', driver: plainDriver(address) };
    try {
      if (message.event === 'pickup') return [await this.#readOrder(address, message)];
      return await this.#readStep(address, driver, message);
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
    // Nobody has sent it: who says so much about it has, by that.
    const given = bareId === undefined ? readGiven(payload, numbers) : undefined;
    if (!given || !isWholeOrder(given)) return [asked];
    const shop: Actor = { role: 'vendor', store: parcel.store };
    return [{ actor: shop, command: commandOf('pickup', orderOf(given, parcel), {}) }, collected, asked];
  }

  /**
   * The one open parcel whose order is called so: what this address has in hand first.
   * @throws CapsError unknown-parcel, bad-message: there are several
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

  /** What waits for a driver, page by page. */
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
   * What has been put on offer since then, and still is.
   * @param since in milliseconds since 1970 @param upTo the log's seq, included
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

  /** What was delivered for a store and not confirmed by it, the newest, in the order of their pickups. */
  async *deliveries(store: string): AsyncGenerator<PlainRecord[], void> {
    const query = { statuses: ['delivered'], unacknowledged: true, limit: limits.page } as const;
    const { items } = await this.#hub.read.parcels({ role: 'vendor', store }, query);
    yield* this.#inTurns(items.reverse(), (one) => this.#recordOf('delivered', one, one.changedAt));
  }

  /** Putting one together takes as long as reading many. */
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
   * The store has heard of this delivery. Anything else of a known parcel is passed over.
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
 * Whether a message means something else once those before it are recorded: a step of an order that they place, an
 * order under an id whose parcel they finish.
 */
function dependsOn(before: readonly Wanted[], { message, steps }: Wanted): boolean {
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

/** Another driver was faster: all of one address are one, so its own steps may have been faster as well. */
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

/** An order under the name that it is recorded by; it may be said by none that the hub makes up. @throws CapsError bad-message, too-large */
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
