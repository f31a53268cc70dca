/**
 * Plain clients at the hub: who they are, and what their messages become. A plain client is a vendor when it sends
 * an order, and else a driver; all of one address are one driver, because a program may listen on one connection
 * and send on another.
 *
 * Some draw their order ids from a small range. An id whose parcel is finished becomes a new parcel when it is used
 * again, recorded under the id and a number: `42`, `42~2`, `42~3` …
 */

import { CapsError } from '../protocol/errors.ts';
import { cursorOf } from '../protocol/ids.ts';
import { limits } from '../protocol/limits.ts';
import {
  type Answer,
  type CapsRecord,
  type Command,
  type EventName,
  type Events,
  type ParcelKey,
  type ParcelView,
  parseCommand,
} from '../protocol/messages.ts';
import { type Actor, isFinished } from '../protocol/parcel.ts';
import type { Door } from './commit.ts';
import { givenBack, orderOf, parcelNamedIn, plainDriver, readGiven } from './dialects.ts';
import type { Sink } from './feed.ts';
import type { Hub, Subscription } from './hub.ts';

/** What a plain client asks for. */
export interface PlainMessage {
  readonly event: EventName;
  readonly payload: unknown;
  readonly id?: unknown;
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
  readonly payload: object;
  readonly time: string;
  readonly seq: number;
}

/** Who reads what plain clients see, which is everything: in open mode alone. */
const reader: Actor = { role: 'admin' };
const lostRaces: ReadonlySet<string> = new Set(['taken', 'stale-claim', 'wrong-status']);
/** Order ids whose uses are kept in mind; the log knows all. */
const knownMax = 10_000;

export function plainRecord({ event, payload, time, seq }: CapsRecord): PlainRecord {
  return { event, payload: givenBack(payload, event), time, seq };
}

export function recordsIn(eventsJson: string): readonly CapsRecord[] {
  return (JSON.parse(eventsJson) as Events).records;
}

export class PlainClients {
  readonly #hub: Hub;
  /** How often an order id has been used, by store and id. */
  readonly #uses = new Map<string, number>();

  constructor(hub: Hub) {
    this.#hub = hub;
  }

  /** Everything that is recorded, as the admins' feed shows it. @param from the log's seq that it begins after */
  watch(sink: Sink, from: number, onLag: (lagging: boolean) => void): Subscription {
    return this.#hub.subscribe(reader, cursorOf(this.#hub.epoch, from), sink, onLag);
  }

  /**
   * In the order given. Rejects where the log cannot be read, and then nothing has been asked for.
   * @param address of the sender
   * @param onParcel told of each message's parcel under its recorded name, before the hub is asked
   */
  async submit(
    address: string,
    door: Door,
    messages: readonly PlainMessage[],
    onParcel: (parcel: ParcelKey) => void = () => {},
  ): Promise<PlainOutcome[]> {
    const wanted: { actor: Actor; command: Command | CapsError }[] = [];
    for (const message of messages) wanted.push(await this.#read(address, message));
    for (const { command } of wanted) if (!(command instanceof CapsError)) onParcel(command.payload);
    return Promise.all(
      wanted.map(async ({ actor, command }) => {
        const answers = await this.#hub.submit(actor, door, [command]);
        const answer = answers[0] ?? new CapsError('internal').toAnswer();
        return {
          answer,
          isLostRace: !answer.ok && actor.role === 'driver' && lostRaces.has(answer.error.code),
        };
      }),
    );
  }

  async #read(
    address: string,
    message: PlainMessage,
  ): Promise<{ actor: Actor; command: Command | CapsError }> {
    const driver: Actor = { role: 'driver', driver: plainDriver(address) };
    try {
      const { event, payload, id, details } = message;
      const given = readGiven(payload);
      const named = parcelNamedIn(given);
      const isShops = event === 'pickup' || event === 'cancelled';
      const parcel = event === 'pickup' ? await this.#toPlace(named) : await this.#current(named);
      const command = parseCommand({
        event,
        payload: event === 'pickup' ? orderOf(given, parcel) : parcel,
        ...(typeof id === 'string' ? { id } : {}),
        ...(details === undefined ? {} : { details }),
      });
      return { actor: isShops ? { role: 'vendor', store: parcel.store } : driver, command };
    } catch (error) {
      if (error instanceof CapsError) return { actor: driver, command: error };
      throw error;
    }
  }

  // ---- queues ----

  /** What waits for a driver. */
  async offers(): Promise<PlainRecord[]> {
    const { items } = await this.#hub.read.parcels(reader, { statuses: ['ready'], limit: limits.page });
    return items.reverse().map(({ payload, createdAt }) => ({
      ...{ event: 'pickup', payload: givenBack(payload, 'pickup'), time: createdAt, seq: 0 },
    }));
  }

  /** What was delivered for a store and not confirmed by it, the newest, in the order of their pickups. */
  async deliveries(store: string): Promise<PlainRecord[]> {
    const query = { statuses: ['delivered'], unacknowledged: true, limit: limits.page } as const;
    const { items } = await this.#hub.read.parcels({ role: 'vendor', store }, query);
    return items.reverse().map(({ payload, changedAt }) => ({
      ...{ event: 'delivered', payload: givenBack(payload, 'delivered'), time: changedAt, seq: 0 },
    }));
  }

  /** The store has heard of this delivery. Anything that is no delivery of a known parcel is passed over. */
  async received(store: string | undefined, payload: unknown): Promise<void> {
    const given = readGiven(payload);
    const named = parcelNamedIn(store === undefined ? given : { ...given, store });
    const parcel = await this.#current(named);
    const view = await this.#view(parcel);
    if (view?.status === 'delivered') {
      await this.#hub.acknowledge({ role: 'vendor', store: parcel.store }, [parcel]);
    }
  }

  // ---- ids that are used again ----

  /** The name under which an order is recorded: a new one if the id's parcel is finished. */
  async #toPlace(named: ParcelKey): Promise<ParcelKey> {
    const uses = await this.#usesOf(named);
    const current = nthOf(named, uses);
    const view = await this.#view(current);
    if (!view || !isFinished(view.status)) return current;
    this.#remember(named, uses + 1);
    return nthOf(named, uses + 1);
  }

  async #current(named: ParcelKey): Promise<ParcelKey> {
    return nthOf(named, await this.#usesOf(named));
  }

  /** At least 1. Without a hole between them, the last one is found by halving. */
  async #usesOf(named: ParcelKey): Promise<number> {
    const known = this.#uses.get(nameOf(named));
    if (known !== undefined) return known;
    const isUsed = async (n: number) => (await this.#view(nthOf(named, n))) !== undefined;
    let used = 1;
    let unused = 2;
    while (await isUsed(unused)) {
      used = unused;
      unused *= 2;
    }
    while (unused - used > 1) {
      const middle = Math.floor((used + unused) / 2);
      if (await isUsed(middle)) used = middle;
      else unused = middle;
    }
    this.#remember(named, used);
    return used;
  }

  #remember(named: ParcelKey, uses: number): void {
    for (const oldest of this.#uses.keys()) {
      if (this.#uses.size < knownMax) break;
      this.#uses.delete(oldest);
    }
    this.#uses.set(nameOf(named), uses);
  }

  async #view(key: ParcelKey): Promise<ParcelView | undefined> {
    try {
      return await this.#hub.read.parcel(reader, key);
    } catch (error) {
      if (error instanceof CapsError && error.code === 'unknown-parcel') return undefined;
      throw error;
    }
  }
}

function nthOf({ store, orderID }: ParcelKey, n: number): ParcelKey {
  return { store, orderID: n === 1 ? orderID : `${orderID}~${n}` };
}

function nameOf({ store, orderID }: ParcelKey): string {
  return `${store}\n${orderID}`;
}
