/**
 * A load process of the storms: shops and drivers with the SDK, which come back by themselves. It says when each of them
 * is live again, and when each hears of something that has just happened. Times are milliseconds since 1970.
 */

import { connect } from '../../client/client.ts';
import { shopName } from './orders.ts';

export interface PeopleJob {
  readonly url: string;
  readonly shops: number;
  readonly drivers: number;
  /** So that the names of two processes differ. */
  readonly from: number;
}

/** `watch` forgets what was before; `tell` asks for a report. */
export type PeopleOrder = 'watch' | 'tell';
export interface PeopleReport {
  /** Of each who has lost the connection and is live again. */
  readonly liveAt: readonly number[];
  /** Of each driver who has lost the connection and has heard of an offer within a second of it. */
  readonly heardAt: readonly number[];
}

const job = JSON.parse(process.argv[2] ?? '') as PeopleJob;
/** Connecting at the same time. */
const atATime = 50;
/** Older news is history that a client catches up on. */
const freshMs = 1_000;

class Person {
  liveAt: number | undefined;
  heardAt: number | undefined;
  #wasDown = false;
  readonly isOpen: Promise<void>;

  constructor(identity: Parameters<typeof connect>[0]['identity']) {
    const client = connect({ url: job.url, identity });
    const { promise, resolve } = Promise.withResolvers<void>();
    this.isOpen = promise;
    client.on('state', ({ kind }) => {
      if (kind === 'waiting') this.#goDown();
      if (kind !== 'live') return;
      resolve();
      if (this.#wasDown) this.liveAt ??= Date.now();
    });
    client.on('events', ({ feed, records }) => {
      const last = records.at(-1);
      if (!this.#wasDown || this.heardAt !== undefined || feed !== 'board' || !last) return;
      if (Date.now() - Date.parse(last.time) < freshMs) this.heardAt = Date.now();
    });
  }

  forget(): void {
    this.#wasDown = false;
    this.liveAt = undefined;
    this.heardAt = undefined;
  }

  #goDown(): void {
    this.forget();
    this.#wasDown = true;
  }
}

const people: Person[] = [];
async function openAll(count: number, identityOf: (n: number) => Parameters<typeof connect>[0]['identity']) {
  for (let n = 0; n < count; ) {
    const some: Person[] = [];
    for (; n < count && some.length < atATime; n += 1) some.push(new Person(identityOf(job.from + n)));
    people.push(...some);
    await Promise.all(some.map(({ isOpen }) => isOpen));
  }
}

await openAll(job.shops, (n) => ({ role: 'vendor', store: shopName(n) }));
await openAll(job.drivers, (n) => ({ role: 'driver', driver: `driver-${n}` }));
process.on('message', (order: PeopleOrder) => {
  if (order === 'watch') for (const person of people) person.forget();
  process.send?.({
    liveAt: people.flatMap(({ liveAt }) => liveAt ?? []),
    heardAt: people.flatMap(({ heardAt }) => heardAt ?? []),
  } satisfies PeopleReport);
});
process.once('disconnect', () => process.exit());
process.send?.('ready');
