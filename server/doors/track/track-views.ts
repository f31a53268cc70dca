/** What a customer's page shows, read from the log. */

import { askedProofs } from '../../../protocol/asked-proofs.ts';
import { CapsError } from '../../../protocol/errors.ts';
import { isFinished, type Status } from '../../../protocol/events.ts';
import type { Profile } from '../../../protocol/profile.ts';
import type { Clock } from '../../clock.ts';
import { Slots } from '../../edge/slots.ts';
import type { Hub } from '../../hub/hub.ts';
import type { Customer } from '../../hub/reads.ts';
import { DamagedError } from '../../store/store.ts';
import { type Journey, journeyOf } from './journey.ts';
import { type TrackPage, trackPageOf, unknownPage } from './page.ts';
import type { PageWords } from './page-words.ts';
import { UsualTimes } from './usual-times.ts';

/** A time further away is checked again by then: timers reach no further than 24 days. */
const dueMaxMs = 3_600_000;
/** Pages rendered at a time: a parcel may have large records and a thousand open pages. */
const viewsMax = 4;
/** A page is made from the parcel's latest records; nearly all lives are shorter. */
const recordsMax = 200;

/** A driver has it, and comes to the door. */
const isComing: ReadonlySet<Status> = new Set(['claimed', 'in-transit', 'failed']);
/** No record tells that a photo has arrived. */
const photoMs = 30_000;

/** A customer, and the token of the link by which they came. */
export interface Visit {
  readonly customer: Customer;
  readonly token: string;
}

/** The address of a photo of the delivery. */
export function photoPath(token: string, hash: string): string {
  return `/track/${token}/photo/${hash}`;
}

/** What a customer sees at this moment. */
export interface TrackView {
  readonly page: TrackPage;
  /** Milliseconds until time alone changes it. */
  readonly turnsInMs: number | undefined;
}

export class TrackViews {
  readonly #hub: Hub;
  readonly #clock: Clock;
  readonly #usual: UsualTimes;
  readonly #slots = new Slots(viewsMax);

  constructor(hub: Hub, clock: Clock) {
    this.#hub = hub;
    this.#clock = clock;
    this.#usual = new UsualTimes(hub.read, clock);
  }

  /** @throws CapsError unknown-parcel */
  take(visit: Visit, words: PageWords): Promise<TrackView> {
    return this.#slots.run(() => this.#take(visit, words));
  }

  /** The page of a customer, or of a dead link; undefined while the log cannot be read. */
  async pageOf(visit: Visit | 'not now' | undefined, words: PageWords): Promise<TrackPage | undefined> {
    if (visit === 'not now') return undefined;
    if (!visit) return unknownPage(words);
    try {
      return (await this.take(visit, words)).page;
    } catch (error) {
      if (isAway(error)) return undefined;
      throw error;
    }
  }

  async #take({ customer, token }: Visit, words: PageWords): Promise<TrackView> {
    const { read } = this.#hub;
    const parcel = await read.parcel(customer, customer.parcel);
    // Reads no further than `rev`: the page must show a single moment.
    const before = String(parcel.rev + 1);
    const { items } = await read.events(customer, { before, limit: recordsMax, terms: [] });
    const journey = journeyOf(parcel, items, this.#clock.now());
    const wantsUsual = !journey.due && journey.opensAt === undefined && !isFinished(journey.status);
    const usual = wantsUsual ? await this.#usual.of(journey.store) : undefined;
    const profile = await this.#profileOf(customer, journey.store);
    const photos: string[] = [];
    for (const hash of journey.photos) {
      const isThere = await this.#hub.blobs.has(customer, { parcel: customer.parcel, hash });
      if (isThere) photos.push(photoPath(token, hash));
    }
    const coming = journey.photos.length - photos.length;
    const isTold = askedProofs(profile, 'delivery').pin !== undefined && isComing.has(journey.status);
    const pin = isTold ? read.pinOf(customer) : undefined;
    const page = trackPageOf(journey, usual, profile, words, { pin, photos, coming });
    return { page, turnsInMs: this.#turnsIn(journey) ?? (coming > 0 ? photoMs : undefined) };
  }

  /** Ignores a damaged profile: the store can write it again, and the parcel is fine. */
  async #profileOf(customer: Customer, store: string): Promise<Profile> {
    try {
      return await this.#hub.profiles.read(customer, store);
    } catch (error) {
      if (error instanceof DamagedError) return {};
      throw error;
    }
  }

  #turnsIn({ due, opensAt }: Journey): number | undefined {
    const next = opensAt ?? (due?.isLate ? undefined : due?.at);
    if (next === undefined) return undefined;
    return Math.min(Math.max(1, Date.parse(next) - this.#clock.now() + 1), dueMaxMs);
  }
}

/** The database does not answer. Whoever asks again later is served. */
export function isAway(error: unknown): boolean {
  return error instanceof CapsError && error.code === 'unavailable';
}
