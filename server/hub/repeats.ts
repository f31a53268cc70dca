/** Orders that repeat: what a store says of them. repeat-maker.ts makes their orders. */

import { randomInt } from 'node:crypto';
import { CapsError } from '../../protocol/errors.ts';
import type { Actor } from '../../protocol/parcel.ts';
import type { Profile } from '../../protocol/profile.ts';
import { type NewRepeat, newRepeatSchema, type Repeat, repeatLimits } from '../../protocol/repeats.ts';
import { type LocalDay, localDayAt } from '../../protocol/zoned-time.ts';
import type { Clock } from '../clock.ts';
import { DamagedError, type Store, type StoredRepeat } from '../store/store.ts';
import { daysOf, nextDay, windowOn } from './repeat-days.ts';

/** As it is stored. */
export interface KeptRepeat extends NewRepeat {
  /** When it was made or changed, in milliseconds since 1970: what was due before is none of its days. */
  readonly since: number;
  /** The last day that was decided. */
  readonly upTo?: LocalDay | undefined;
  readonly told?: Repeat['told'];
}

/** A day of a rule comes within this time, or it is said to have none: “each 31st of every second month”. */
const lookAheadDays = 800;
/** An order is there this long before couriers are offered it, so that its shop can still change it. */
const aheadMs = 60 * 60_000;
/** In minutes, where a profile says nothing. */
const usualLead = 60;
const letters = 'ABCDEFGHJKMNPQRSTUVWXYZ';

export class Repeats {
  readonly #store: Pick<Store, 'repeats' | 'profiles'>;
  readonly #clock: Clock;
  #changed: () => void = () => {};

  constructor(store: Pick<Store, 'repeats' | 'profiles'>, clock: Clock) {
    this.#store = store;
    this.#clock = clock;
  }

  /** Called after each change; one listener. */
  onChange(run: () => void): void {
    this.#changed = run;
  }

  /** @throws CapsError not-allowed */
  async list(actor: Actor, store: string): Promise<{ items: Repeat[] }> {
    allow(actor, store);
    const rows = await this.#store.repeats.list({ store, limit: repeatLimits.perStore });
    const profile = await profileOf(this.#store, store);
    return { items: rows.map((row) => this.#shownOrBroken(row, profile)) };
  }

  /** @throws CapsError not-allowed, bad-message, too-large */
  async add(actor: Actor, store: string, wanted: NewRepeat): Promise<Repeat> {
    allow(actor, store);
    const { repeats } = this.#store;
    const { perStore, all } = repeatLimits;
    const id = madeId();
    return this.#keep(store, id, { ...wanted, since: this.#clock.now() }, async (text) => {
      if (await repeats.add({ store, id, text }, repeatLimits)) return;
      const isOwn = (await repeats.count(store)) >= perStore;
      const most = isOwn
        ? `A store has ${perStore} repeating orders at most.`
        : `${all} orders repeat here; no more can.`;
      throw new CapsError('too-large', most);
    });
  }

  /**
   * In its place; days that have an order keep it.
   * @returns undefined if there is none @throws CapsError not-allowed, bad-message, too-large
   */
  async change(actor: Actor, store: string, id: string, wanted: NewRepeat): Promise<Repeat | undefined> {
    allow(actor, store);
    const text = await this.#store.repeats.find(store, id);
    if (text === undefined) return undefined;
    const told = toldIn(text);
    // All days to come are decided anew: the hub knows the commands of those that have an order.
    return this.#keep(store, id, { ...wanted, since: this.#clock.now(), told }, (changed) =>
      this.#store.repeats.put(store, id, changed),
    );
  }

  /** Its orders stay. @returns whether there was one @throws CapsError not-allowed */
  async remove(actor: Actor, store: string, id: string): Promise<boolean> {
    allow(actor, store);
    const isThere = (await this.#store.repeats.list({ store, limit: repeatLimits.perStore })).some(
      (row) => row.id === id,
    );
    await this.#store.repeats.put(store, id, undefined);
    return isThere;
  }

  async #keep(
    store: string,
    id: string,
    kept: KeptRepeat,
    put: (text: string) => Promise<void>,
  ): Promise<Repeat> {
    const profile = await profileOf(this.#store, store);
    if (zoneOf(profile, kept) === undefined) {
      const message = 'Says no timeZone, and neither does the store’s profile';
      throw new CapsError('bad-message', message, { details: { field: 'timeZone' } });
    }
    const text = JSON.stringify(kept);
    if (Buffer.byteLength(text) > repeatLimits.bytes)
      throw new CapsError('too-large', `A repeating order has ${repeatLimits.bytes} bytes at most.`);
    // First: what cannot be shown must not be kept.
    const shown = this.#shown(id, kept, profile);
    await put(text);
    this.#changed();
    return shown;
  }

  /** One that cannot be read, as a restore or another version may have left it, does not hide the others. */
  #shownOrBroken(row: StoredRepeat, profile: Profile): Repeat {
    try {
      return this.#shown(row.id, keptIn(row), profile);
    } catch {
      // What `keptIn` throws, or the library of rules, of one that it does not know.
      return brokenOne(row);
    }
  }

  #shown(id: string, kept: KeptRepeat, profile: Profile): Repeat {
    const { since, upTo: _, told, ...wanted } = kept;
    const zone = zoneOf(profile, wanted) ?? 'UTC';
    const now = this.#clock.now();
    const today = localDayAt(now, zone);
    const last = nextDay(today > wanted.from ? today : wanted.from, lookAheadDays);
    const upTo = decidedUpTo(kept, nextDay(localDayAt(now + earlyMsOf(profile), zone), 1));
    const after = [upTo ?? '', nextDay(today, -1)].sort().at(-1) ?? today;
    const next = daysOf(wanted, after, last, 2).find(
      (day) => (endOn(day, wanted, zone) ?? 0) > Math.max(now, since),
    );
    return { ...wanted, id, ...(next ? { next } : {}), ...(told && told.length > 0 ? { told } : {}) };
  }
}

function allow(actor: Actor, store: string): void {
  if (actor.role === 'admin' || (actor.role === 'vendor' && actor.store === store)) return;
  throw new CapsError('not-allowed', 'A store’s repeating orders are for the store and for admins.');
}

/** @throws SyntaxError, or another Error, for what is no repeat of this version */
export function keptIn({ text }: Pick<StoredRepeat, 'text'>): KeptRepeat {
  const { since, upTo, told, ...wanted } = JSON.parse(text) as KeptRepeat;
  if (!newRepeatSchema.safeParse(wanted).success) throw new Error('it is no repeat that this version knows');
  return { ...wanted, since, upTo, told };
}

function toldIn(text: string): KeptRepeat['told'] {
  try {
    return keptIn({ text }).told;
  } catch {
    // A broken one is replaced.
    return undefined;
  }
}

/** What of it can be told, so that its store recognizes it and can end it. */
function brokenOne({ id, text }: StoredRepeat): Repeat {
  const { order, ...rest } = looseObject(text);
  const [own, its] = [textsOf(rest), textsOf(order)];
  const known = { customer: its['customer'] ?? '', address: its['address'] ?? '' };
  return { id, rule: own['rule'] ?? '', from: own['from'] ?? '', order: known, broken: true };
}

function looseObject(text: string): Readonly<Record<string, unknown>> {
  try {
    return Object(JSON.parse(text));
  } catch {
    // No JSON.
    return {};
  }
}

function textsOf(value: unknown): Readonly<Record<string, string | undefined>> {
  const pairs = Object.entries(Object(value)).filter(([, text]) => typeof text === 'string');
  return Object.fromEntries(pairs) as Record<string, string>;
}

/** How long before its time an order is made. */
export function earlyMsOf({ leadMinutes = usualLead }: Profile): number {
  return leadMinutes * 60_000 + aheadMs;
}

/**
 * The last day that was decided. Undefined if its order cannot be due yet: then the clock was ahead, and the days until there
 * are decided again. Those that have an order keep it.
 * @param last the last day that may be due
 */
export function decidedUpTo({ upTo }: KeptRepeat, last: LocalDay): LocalDay | undefined {
  return upTo !== undefined && upTo > last ? undefined : upTo;
}

/** The store's zone; a damaged profile says none. */
export function zoneOf({ timeZone }: Profile, repeat: Pick<NewRepeat, 'timeZone'>): string | undefined {
  return timeZone || repeat.timeZone;
}

export async function profileOf({ profiles }: Pick<Store, 'profiles'>, store: string): Promise<Profile> {
  try {
    return JSON.parse((await profiles.find(store)) ?? '{}') as Profile;
  } catch (error) {
    if (error instanceof DamagedError) return {};
    throw error;
  }
}

/** Until when an order of this day is of use: its end, or that of its day. */
export function endOn(
  day: LocalDay,
  { start, end }: Pick<NewRepeat, 'start' | 'end'>,
  zone: string,
): number | undefined {
  return windowOn(day, { start, end: end ?? '23:59' }, zone).dueAt;
}

/** Of letters alone, so that no shop takes it for one of its numbers. */
function madeId(): string {
  return Array.from({ length: 6 }, () => letters[randomInt(letters.length)]).join('');
}
