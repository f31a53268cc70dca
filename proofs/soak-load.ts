/** The traffic of a soak: shops and drivers with a steady rate of commands, whatever the network does. */

import { setTimeout as pause } from 'node:timers/promises';
import type { NewCommand } from '../client/client.ts';
import { socketIoWire } from '../client/socketio-wire.ts';
import { type Chance, seeded } from '../testkit/chance.ts';
import { CutWire } from '../testkit/cut-wire.ts';
import type { RecordedClient, Recorder } from '../testkit/recorder.ts';

export interface LoadOptions {
  readonly url: string;
  readonly seed: number;
  readonly shops: number;
  readonly drivers: number;
  /** Commands of all clients per second. */
  readonly perSecond: number;
  /** Length of a network break. */
  readonly breakMs: readonly [min: number, max: number];
}

export const storeOf = (number: number): string => `shop-${number}`;
export const driverOf = (number: number): string => `driver-${number}`;

/** Possible lives of a parcel after its pickup, mostly the good day. */
const plans: readonly (readonly NewCommand['event'][])[] = [
  ...Array.from({ length: 6 }, () => ['claimed', 'in-transit', 'delivered'] as const),
  ...Array.from({ length: 3 }, () => ['in-transit', 'delivered'] as const),
  ['claimed', 'released', 'claimed', 'in-transit', 'delivered'],
  ['claimed', 'in-transit', 'attempt-failed', 'retried', 'note', 'delivered'],
  ['claimed', 'in-transit', 'attempt-failed', 'returning', 'returned'],
  // At the end some are still open, so that an empty page is wrong.
  ['claimed', 'in-transit', 'attempt-failed'],
  ['note'],
];

interface Parcel {
  readonly payload: { readonly store: string; readonly orderID: string };
  readonly driver: Member;
  readonly steps: NewCommand['event'][];
}

/** A client whose network breaks now and then. */
interface Member {
  readonly name: string;
  readonly client: RecordedClient;
  readonly wire: CutWire;
}

/** Open parcels; with so many, a new order waits for one to finish. */
const underwayMax = 240;
/** The client's network breaks after one in so many steps. */
const breakEvery = 60;
const breaksMax = 6;

export class SoakLoad {
  readonly #options: LoadOptions;
  readonly #chance: Chance;
  readonly #shops: readonly Member[];
  readonly #drivers: readonly Member[];
  readonly #idle: Parcel[] = [];
  readonly #away = new Set<Member>();
  readonly #inFlight = new Set<Promise<unknown>>();
  readonly #breaking = new Set<Promise<void>>();
  #timer: ReturnType<typeof setInterval> | undefined;
  #orders = 0;
  /** Number of network breaks so far. */
  breaks = 0;

  constructor(recorder: Recorder, options: LoadOptions) {
    this.#options = options;
    this.#chance = seeded(options.seed);
    const join = (name: string, identity: Parameters<Recorder['connect']>[1]['identity']): Member => {
      const wire = new CutWire(socketIoWire(options.url));
      return { name, wire, client: recorder.connect(name, { url: options.url, identity, dial: wire.dial }) };
    };
    const of = (count: number, make: (number: number) => Member): Member[] =>
      Array.from({ length: count }, (_, number) => make(number));
    this.#shops = of(options.shops, (i) => join(storeOf(i), { role: 'vendor', store: storeOf(i) }));
    this.#drivers = of(options.drivers, (i) => join(driverOf(i), { role: 'driver', driver: driverOf(i) }));
  }

  start(): void {
    this.#timer = setInterval(() => this.#step(), 1_000 / this.#options.perSecond);
  }

  /** Sends no new commands; resolves when all have an answer and every network is back. */
  async end(): Promise<void> {
    clearInterval(this.#timer);
    await Promise.all(this.#breaking);
    while (this.#inFlight.size > 0) await Promise.all(this.#inFlight);
  }

  #step(): void {
    const next = this.#idle.length >= underwayMax || this.#chance.int(0, 3) > 0 ? this.#take() : undefined;
    const sending = next ? this.#go(next) : this.#order();
    this.#inFlight.add(sending);
    void sending.then(() => this.#inFlight.delete(sending));
  }

  #take(): Parcel | undefined {
    if (this.#idle.length === 0) return undefined;
    const [parcel] = this.#idle.splice(this.#chance.int(0, this.#idle.length - 1), 1);
    return parcel;
  }

  async #order(): Promise<void> {
    this.#orders += 1;
    const shop = this.#chance.pick(this.#shops);
    const payload = { store: shop.name, orderID: String(this.#orders) };
    const order = { ...payload, customer: `Customer ${this.#orders}`, address: `${this.#orders} Long Road` };
    const parcel = {
      payload,
      driver: this.#chance.pick(this.#drivers),
      steps: [...this.#chance.pick(plans)],
    };
    this.#mayBreak(shop);
    const answer = await shop.client.command({ event: 'pickup', payload: order });
    if (answer.ok) this.#idle.push(parcel);
  }

  async #go(parcel: Parcel): Promise<void> {
    const event = parcel.steps.shift();
    if (event === undefined) return;
    this.#mayBreak(parcel.driver);
    const answer = await parcel.driver.client.command(commandFor(event, parcel.payload));
    // A driver's page with auto deliver may have been faster: then it does the rest.
    if (answer.ok && parcel.steps.length > 0) this.#idle.push(parcel);
  }

  #mayBreak(member: Member): void {
    if (this.#away.size >= breaksMax || this.#chance.int(1, breakEvery) > 1) return;
    const breaking = this.#break(member);
    this.#breaking.add(breaking);
    void breaking.then(() => this.#breaking.delete(breaking));
  }

  async #break(member: Member): Promise<void> {
    if (this.#away.has(member)) return;
    this.#away.add(member);
    this.breaks += 1;
    member.wire.cut();
    const [min, max] = this.#options.breakMs;
    await pause(this.#chance.int(min, max));
    member.wire.mend();
    member.client.client.retryNow();
    this.#away.delete(member);
  }
}

function commandFor(event: NewCommand['event'], payload: Parcel['payload']): NewCommand {
  switch (event) {
    case 'note':
      return { event, payload, details: { text: 'Ring twice.' } };
    case 'attempt-failed':
      return { event, payload, details: { reason: 'not-home' } };
    case 'claimed':
    case 'released':
    case 'in-transit':
    case 'delivered':
    case 'retried':
    case 'returning':
    case 'returned':
      return { event, payload };
    default:
      throw new Error(`no plan has ${event}`);
  }
}
