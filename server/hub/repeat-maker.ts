/**
 * Makes the orders of repeats ahead of their time:
 *
 *     for each repeat, each day of its rule that was not decided yet, in order:
 *       too early yet      wait until it is time
 *       of no use any more tell it as missed, unless its order is there
 *       else               place it as the store's own order, and go on to the next day
 *
 * A day's order has a command id and an order id made of the repeat's id and the day. So it is placed once, by whichever hub, and
 * however often one was killed between placing it and noting that.
 */

import type { Answer, Command } from '../../protocol/messages.ts';
import type { ParcelId } from '../../protocol/orders.ts';
import type { Actor } from '../../protocol/parcel.ts';
import { repeatLimits, type toldKinds } from '../../protocol/repeats.ts';
import { type LocalDay, localDayAt } from '../../protocol/zoned-time.ts';
import type { Clock } from '../clock.ts';
import type { Store, StoredRepeat } from '../store/store.ts';
import type { Door } from './commit.ts';
import { daysOf, nextDay, windowOn } from './repeat-days.ts';
import {
  decidedUpTo,
  earlyMsOf,
  endOn,
  type KeptRepeat,
  keptIn,
  profileOf,
  type Repeats,
  zoneOf,
} from './repeats.ts';
import type { Turns } from './turns.ts';

export interface RepeatMakerOptions {
  readonly hub: {
    submit(actor: Actor, door: Door, commands: readonly Command[]): Promise<Answer[]>;
    readonly repeats: Pick<Repeats, 'onChange'>;
  };
  readonly store: Pick<Store, 'repeats' | 'profiles' | 'parcel'>;
  readonly turns: Pick<Turns, 'next'>;
  readonly clock: Clock;
  readonly onFault: (error: unknown, what: string) => void;
  /** An order that nobody will get. */
  readonly onMissed: (order: ParcelId, what: 'missed' | 'refused') => void;
}

export interface RepeatMaker {
  /** Safe to call twice. */
  close(): void;
}

const roundMs = 60_000;
/** What a profile says is looked at again after this time. */
const restMaxMs = 10 * 60_000;
const pageRepeats = 200;
/** Days of a repeat that are decided at a time: a hub may have been off for a year. */
const daysAtOnce = 50;

export function startRepeatMaker(options: RepeatMakerOptions): RepeatMaker {
  return new Maker(options);
}

type ToldKind = (typeof toldKinds)[number];
type RestTimes = Map<string, { text: string; until: number }>;
type DayDecision = { readonly told?: ToldKind | undefined } | { readonly waitUntil: number };

class Maker implements RepeatMaker {
  readonly #options: RepeatMakerOptions;
  /** When each repeat needs a look again, as long as its text is the same. */
  #resting: RestTimes = new Map();
  #cancel: (() => void) | undefined;
  #isLooking = false;
  #isWanted = false;
  #closed = false;

  constructor(options: RepeatMakerOptions) {
    this.#options = options;
    options.hub.repeats.onChange(() => void this.#look());
    void this.#look();
  }

  close(): void {
    this.#closed = true;
    this.#cancel?.();
  }

  /** One look at a time; what is wanted meanwhile follows at once. */
  async #look(): Promise<void> {
    this.#isWanted = true;
    if (this.#isLooking) return;
    this.#isLooking = true;
    this.#cancel?.();
    while (this.#isWanted && !this.#closed) {
      this.#isWanted = false;
      try {
        await this.#lookAtAll();
      } catch (error) {
        // The store may fail while it is closing.
        if (!this.#closed) this.#options.onFault(error, 'repeating orders could not be made');
      }
    }
    this.#isLooking = false;
    if (!this.#closed) this.#cancel = this.#options.clock.after(roundMs, () => void this.#look());
  }

  async #lookAtAll(): Promise<void> {
    const { store, turns, clock } = this.#options;
    const resting: RestTimes = new Map();
    let after: { store: string; id: string } | undefined;
    for (;;) {
      await turns.next();
      if (this.#closed) return;
      const rows = await store.repeats.list({ after, limit: pageRepeats });
      for (const row of rows) {
        const key = JSON.stringify([row.store, row.id]);
        const known = this.#resting.get(key);
        const rests = known?.text === row.text && isAhead(known.until, clock.now());
        const until = rests ? known.until : await this.#lookAtOne(row);
        if (this.#closed) return;
        if (until !== undefined) resting.set(key, { text: row.text, until });
      }
      after = rows.at(-1);
      if (rows.length < pageRepeats) break;
    }
    this.#resting = resting;
  }

  /** One that cannot be read, as another hub or a restore may have left it, holds up no others. */
  async #lookAtOne(row: StoredRepeat): Promise<number | undefined> {
    const { turns, clock, onFault } = this.#options;
    await turns.next();
    try {
      return await this.#lookAt(row);
    } catch (error) {
      if (!this.#closed) onFault(error, `the repeating order ${row.id} of ${row.store} could not be made`);
      return clock.now() + restMaxMs;
    }
  }

  /** @returns until when there is nothing to do; undefined if the repeat was changed */
  async #lookAt(row: StoredRepeat): Promise<number | undefined> {
    const { store, clock } = this.#options;
    const kept = keptIn(row);
    const profile = await profileOf(store, row.store);
    const zone = zoneOf(profile, kept);
    const now = clock.now();
    if (zone === undefined) return now + restMaxMs;
    const earlyMs = earlyMsOf(profile);
    const last = nextDay(localDayAt(now + earlyMs, zone), 1);
    const known = decidedUpTo(kept, last);
    // What was missed before the clock was ahead was told then.
    const begin = kept.upTo === known ? kept.since : Math.max(kept.since, now);
    const first = nextDay(localDayAt(begin, zone), -2);
    const after = [known ?? first, first].sort().at(-1) ?? first;
    let until = now + restMaxMs;
    let [upTo, told] = [kept.upTo, (kept.told ?? []).filter(({ day }) => day <= last)];
    for (const day of daysOf(kept, after, last, daysAtOnce)) {
      const decided = await this.#decide(row, kept, { day, zone, now, earlyMs });
      if (this.#closed) return undefined;
      if ('waitUntil' in decided) {
        until = Math.min(until, decided.waitUntil);
        break;
      }
      upTo = day;
      if (decided.told)
        told = [{ day, what: decided.told }, ...told.filter((one) => one.day !== day)].slice(
          0,
          repeatLimits.told,
        );
    }
    if (upTo === kept.upTo) return until;
    const text = JSON.stringify({ ...kept, upTo, ...(told.length > 0 ? { told } : {}) });
    const isNoted = await store.repeats.replace(row, text);
    // Another hub has decided the same, or the store has changed the rule: either is looked at again.
    this.#isWanted = true;
    if (isNoted) for (const { day, what } of told) this.#tell(row, kept, day, what);
    return undefined;
  }

  async #decide(
    { store, id }: StoredRepeat,
    kept: KeptRepeat,
    { day, zone, now, earlyMs }: { day: LocalDay; zone: string; now: number; earlyMs: number },
  ): Promise<DayDecision> {
    const { notBefore, dueAt, told } = windowOn(day, kept, zone);
    const opensAt = notBefore ?? dueAt ?? 0;
    const end = endOn(day, kept, zone) ?? 0;
    if (end <= kept.since) return {};
    if (opensAt - earlyMs > now) return { waitUntil: opensAt - earlyMs };
    const parcel = { store, orderID: `${id}-${day}` };
    if (end <= now) return (await this.#options.store.parcel(parcel)) ? {} : { told: 'missed' };
    const [answer] = await this.#options.hub.submit({ role: 'vendor', store }, 'hub', [
      {
        id: `repeat:${id}:${day}`,
        event: 'pickup',
        payload: { ...kept.order, ...parcel, ...isoTimes({ notBefore, dueAt }) },
      },
    ]);
    // `id-reused`: it was placed before the store changed the repeat.
    if (answer?.ok || answer?.error.code === 'id-reused') return { told };
    return answer && !answer.error.retryable ? { told: 'refused' } : { waitUntil: now + roundMs };
  }

  #tell({ store, id }: StoredRepeat, before: KeptRepeat, day: LocalDay, what: ToldKind): void {
    const isOld = before.told?.some((one) => one.day === day);
    if (!isOld && (what === 'missed' || what === 'refused'))
      this.#options.onMissed({ store, orderID: `${id}-${day}` }, what);
  }
}

/** A time of rest that is too far off is of a clock that was ahead. */
function isAhead(until: number, now: number): boolean {
  return now < until && until <= now + restMaxMs;
}

function isoTimes(times: Readonly<Record<'notBefore' | 'dueAt', number | undefined>>) {
  return Object.fromEntries(
    Object.entries(times).flatMap(([name, moment]) =>
      moment === undefined ? [] : [[name, new Date(moment).toISOString()]],
    ),
  );
}
