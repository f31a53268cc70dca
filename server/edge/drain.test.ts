import { Server } from 'node:http';
import { expect, it } from 'vitest';
import { SimulatedClock } from '../../testkit/simulation/clock.ts';
import { Drain, type LongConnection } from './drain.ts';

interface Leaver extends LongConnection {
  isBusy: boolean;
  /** When it was sent away, in milliseconds since the start. */
  leftAt: number | undefined;
  retryAfterMs: number;
}

const drainMs = 10_000;

function setUp(count: number) {
  const clock = new SimulatedClock();
  const began = clock.now();
  const all = Array.from({ length: count }, (): Leaver => {
    const leaver: Leaver = {
      isBusy: false,
      leftAt: undefined,
      retryAfterMs: 0,
      sendAway(retryAfterMs) {
        leaver.leftAt = clock.now() - began;
        leaver.retryAfterMs = retryAfterMs;
      },
    };
    return leaver;
  });
  const here = () => all.filter(({ leftAt }) => leftAt === undefined);
  const drain = new Drain({ clock, http: new Server(), drainMs, here });
  let endedAt: number | undefined;
  const start = () =>
    void drain.start().then(() => {
      endedAt = clock.now() - began;
    });
  return { clock, drain, all, here, start, ended: () => endedAt };
}

it('nobody leaves before the balancer could notice, then all do, evenly, the oldest first', async () => {
  const { clock, drain, all, here, start, ended } = setUp(1_000);
  expect(drain.isDraining).toBe(false);
  start();
  expect(drain.isDraining).toBe(true);
  await clock.advance(4_999);
  expect(here()).toHaveLength(1_000);
  await clock.advance(2_501);
  expect(here().length).toBeGreaterThan(400);
  expect(here().length).toBeLessThan(500);
  await clock.advance(2_500);
  expect(here()).toEqual([]);
  expect(ended()).toBeLessThanOrEqual(drainMs);
  const times = all.map(({ leftAt }) => leftAt ?? 0);
  expect(times).toEqual(times.toSorted((a, b) => a - b));
  const perStep = Object.values(Object.groupBy(times, (time) => time)).map((group) => group?.length ?? 0);
  expect(Math.max(...perStep)).toBeLessThanOrEqual(23);
  expect(new Set(all.map(({ retryAfterMs }) => retryAfterMs)).size).toBeGreaterThan(100);
});

it('a connection whose command is being recorded stays until it is answered', async () => {
  const { clock, all, start, ended } = setUp(3);
  const [busy] = all;
  if (busy) busy.isBusy = true;
  start();
  await clock.advance(7_000);
  expect(all.map(({ leftAt }) => leftAt === undefined)).toEqual([true, false, false]);
  if (busy) busy.isBusy = false;
  await clock.advance(1_000);
  expect(busy?.leftAt).toBeDefined();
  expect(ended()).toBeLessThan(drainMs);
});

it('it ends with its time though somebody stays, and at once when the hub is closed', async () => {
  const slow = setUp(1);
  for (const leaver of slow.all) leaver.isBusy = true;
  slow.start();
  await slow.clock.advance(drainMs);
  expect(slow.ended()).toBe(drainMs);

  const hurried = setUp(1);
  hurried.start();
  await hurried.clock.advance(1_000);
  hurried.drain.end();
  await hurried.clock.advance(0);
  expect(hurried.ended()).toBe(1_000);
});
