/** Shops and drivers that keep a hub busy: each order carries a plan of its life, which the drivers follow. */

import type { Identity, NewCommand } from '../client/client.ts';
import { unreachable } from '../protocol/errors.ts';
import { isFinished } from '../protocol/events.ts';
import type { ParcelId } from '../protocol/orders.ts';
import type { Chance } from './chance.ts';
import { parcelText } from './log.ts';
import type { Pace } from './pace.ts';
import type { Offer, RecordedClient, Recorder } from './recorder.ts';

type Step =
  | 'claimed'
  | 'released'
  | 'in-transit'
  | 'delivered'
  | 'attempt-failed'
  | 'retried'
  | 'returning'
  | 'returned';

/** Plans of a parcel's life after its pickup. Common ones are repeated to come up more often. */
const plans: readonly (readonly Step[])[] = [
  ...Array.from({ length: 8 }, () => ['in-transit', 'delivered'] as const),
  ...Array.from({ length: 8 }, () => ['claimed', 'in-transit', 'delivered'] as const),
  ['claimed', 'released', 'in-transit', 'delivered'],
  ['claimed', 'released', 'claimed', 'in-transit', 'delivered'],
  ['claimed', 'in-transit', 'attempt-failed', 'retried', 'delivered'],
  ['claimed', 'in-transit', 'attempt-failed', 'returning', 'returned'],
  // Some end in the middle, so that final views are not empty.
  ['claimed', 'released'],
  ['claimed'],
  ['in-transit'],
  ['in-transit', 'attempt-failed'],
];

/**
 * Next steps of a parcel whose plan was overtaken: it was offered again before all drivers had seen the first offer,
 * and one of them took that.
 */
const toTheEnd: Partial<Record<Step, Step>> = { claimed: 'in-transit', 'in-transit': 'delivered' };

/** A shop that keeps `windowMax` orders in progress until it is closed. */
export interface Shop extends RecordedClient {
  /** Places no more orders; resolves when all plans are finished. */
  close(): Promise<void>;
}

export function openShop(
  recorder: Recorder,
  url: string,
  store: string,
  chance: Chance,
  windowMax: number,
  pace?: Pace,
): Shop {
  const shop = recorder.connect(store, { url, identity: { role: 'vendor', store } });
  /** Orders in progress, with the rev at which their plan ends. */
  const underway = new Map<string, number>();
  const closing = Promise.withResolvers<void>();
  let open = true;
  let count = 0;

  const settle = (orderID: string): void => {
    if (!underway.delete(orderID)) return;
    if (open) next();
    else if (underway.size === 0) closing.resolve();
  };
  const next = (): void => {
    if (pace) void pace.turn().then(order);
    else order();
  };
  function order(): void {
    if (!open) return;
    // A closed client refuses every command.
    if (shop.client.state.kind === 'closed') return;
    count += 1;
    const orderID = String(count);
    const plan = chance.pick(plans);
    underway.set(orderID, 1 + plan.length);
    const payload = {
      store,
      orderID,
      customer: `Customer ${count}`,
      address: '1 Long Road',
      note: plan.join(' '),
    };
    void shop.command({ event: 'pickup', payload }).then((answer) => {
      if (!answer.ok) settle(orderID);
    });
  }
  shop.client.on('events', ({ records }) => {
    for (const { payload, rev, status } of records)
      if (underway.get(payload.orderID) === rev || isFinished(status)) settle(payload.orderID);
  });
  for (let i = 0; i < windowMax; i += 1) next();

  return {
    ...shop,
    close() {
      open = false;
      if (underway.size === 0) closing.resolve();
      return closing.promise;
    },
  };
}

/**
 * Makes a driver take offers in a race with all others, at most `handsMax` at a time.
 * @param how `pace` is shared by all who keep to it; `store` restricts the driver to one store's parcels, which then
 * have no other driver
 */
export function putOnDuty(
  recorder: Recorder,
  url: string,
  driver: string,
  chance: Chance,
  handsMax: number,
  { pace, store }: { pace?: Pace; store?: string } = {},
): RecordedClient {
  const recorded = recorder.connect(driver, { url, identity: { role: 'driver', driver } });
  const { client, offers, command } = recorded;
  /** Offers taken or lost, by the rev at which they were offered. */
  const tried = new Set<string>();
  let inHands = 0;

  const isTheirs = ({ key }: Offer): boolean => store === undefined || key.store === store;
  const free = (): Offer[] =>
    newest(offers.values(), (offer) => isTheirs(offer) && stepOf(offer) && !tried.has(offerId(offer)));
  const work = (): void => {
    while (inHands < handsMax) {
      const candidates = free();
      if (candidates.length === 0) return;
      if (pace) void takeTurn(pace);
      else void carry(chance.pick(candidates));
    }
  };
  async function takeTurn(pace: Pace): Promise<void> {
    inHands += 1;
    await pace.turn();
    inHands -= 1;
    // Read again: another hand may have taken it during the wait.
    const candidates = free();
    if (candidates.length > 0) void carry(chance.pick(candidates));
    else pace.giveBack();
  }
  async function carry(offer: Offer): Promise<void> {
    tried.add(offerId(offer));
    inHands += 1;
    let { rev } = offer;
    let isOvertaken = false;
    for (let step = stepOf(offer); step; step = isOvertaken ? toTheEnd[step] : stepOf({ ...offer, rev })) {
      if (rev > offer.rev && pace) await pace.turn();
      const answer = await command(commandFor(step, offer.key));
      // Another driver was faster, or the run is over.
      if (!answer.ok) break;
      isOvertaken ||= answer.rev !== rev + 1;
      rev = answer.rev;
      if (step === 'released') break;
    }
    inHands -= 1;
    if (client.state.kind !== 'closed') work();
  }
  client.on('parcels', work);
  client.on('events', work);
  return recorded;
}

const candidatesMax = 8;

function newest(offers: Iterable<Offer>, fits: (offer: Offer) => unknown): Offer[] {
  const found: Offer[] = [];
  for (const offer of offers) {
    if (fits(offer)) found.push(offer);
    if (found.length === candidatesMax) break;
  }
  return found;
}

/** The plan's step after the record with this rev. */
function stepOf({ note, rev }: Offer): Step | undefined {
  return note.split(' ')[rev - 1] as Step | undefined;
}

function offerId({ key, rev }: Offer): string {
  return `${parcelText(key)} ${rev}`;
}

function commandFor(event: Step, payload: ParcelId): NewCommand {
  switch (event) {
    case 'attempt-failed':
      return { event, payload, details: { reason: 'not-home' } };
    case 'delivered':
      return { event, payload, details: { outcome: 'recipient' } };
    case 'claimed':
    case 'released':
    case 'in-transit':
    case 'retried':
    case 'returning':
    case 'returned':
      return { event, payload };
    default:
      return unreachable(event);
  }
}

/** A reader that reads from the beginning, leaves, and returns with its cursor. */
export class ReturningReader {
  readonly #connect: (after: string) => RecordedClient;
  #here: RecordedClient | undefined;
  #cursor = '0';

  constructor(recorder: Recorder, url: string, name: string, identity: Identity) {
    this.#connect = (after) => recorder.connect(name, { url, identity, after });
    this.comeBack();
  }

  leave(): void {
    this.#cursor = this.#here?.client.cursor ?? this.#cursor;
    this.#here?.leave();
    this.#here = undefined;
  }

  comeBack(): void {
    this.#here ??= this.#connect(this.#cursor);
  }
}
