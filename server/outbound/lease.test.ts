import { expect, it } from 'vitest';
import { SimulatedClock } from '../../testkit/simulation/clock.ts';
import type { Leases } from '../store/outbound.ts';
import { Lease } from './lease.ts';

/** The leases of a database that hubs reach or do not. */
class Database {
  readonly #clock: SimulatedClock;
  readonly away = new Set<string>();
  #held: { readonly hub: string; readonly until: number } | undefined;

  constructor(clock: SimulatedClock) {
    this.#clock = clock;
  }

  of(hub: string): Leases {
    const reach = () => {
      if (this.away.has(hub)) throw new Error('away');
    };
    return {
      take: async (_, ms) => {
        reach();
        const now = this.#clock.now();
        if (this.#held && this.#held.hub !== hub && this.#held.until >= now) return false;
        this.#held = { hub, until: now + ms };
        return true;
      },
      release: async () => {
        reach();
        if (this.#held?.hub === hub) this.#held = undefined;
      },
    };
  }
}

it('is one hub’s at a time; one that cannot reach the database stops by itself before another takes over, within 15 s', async () => {
  const clock = new SimulatedClock();
  const database = new Database(clock);
  const taken: string[] = [];
  const leaseOf = (hub: string): Lease =>
    new Lease({ name: 'x', leases: database.of(hub), clock, onTaken: () => taken.push(hub) });
  const [a, b] = [leaseOf('a'), leaseOf('b')];
  expect(a.isHeld).toBe(false);
  for (const lease of [a, b, a]) lease.want();
  await clock.advance(30_000);
  expect([a.isHeld, b.isHeld, taken]).toEqual([true, false, ['a']]);
  database.away.add('a');
  let tookMs = 0;
  for (; !b.isHeld && tookMs < 60_000; tookMs += 100) {
    expect([a.isHeld, b.isHeld]).not.toEqual([true, true]);
    await clock.advance(100);
  }
  expect(a.isHeld).toBe(false);
  expect(tookMs).toBeLessThan(15_000);
  database.away.clear();
  await clock.advance(30_000);
  expect([a.isHeld, b.isHeld, taken]).toEqual([false, true, ['a', 'b']]);
  // Who ends in peace gives it back.
  await b.close();
  await b.close();
  await clock.advance(2_000);
  expect([a.isHeld, b.isHeld, taken]).toEqual([true, false, ['a', 'b', 'a']]);
  await a.close();
  const { pending } = clock;
  expect(pending).toBe(0);
});

it('is always this hub’s where it alone has the log, and asks nobody', async () => {
  const clock = new SimulatedClock();
  const taken: string[] = [];
  const lease = new Lease({ name: 'x', leases: undefined, clock, onTaken: () => taken.push('us') });
  lease.want();
  await clock.advance(3_600_000);
  expect([lease.isHeld, taken, clock.pending]).toEqual([true, ['us'], 0]);
  await lease.leave();
  expect(lease.isHeld).toBe(false);
});
