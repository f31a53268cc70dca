/** Whose hands a parcel is in, as the whole hub tells it: to who lost it, who got it, and who takes something back. */

import { rmSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { eventNames } from '../../protocol/events.ts';
import { limits } from '../../protocol/limits.ts';
import type { Command } from '../../protocol/messages.ts';
import type { Actor } from '../../protocol/parcel.ts';
import { admin, ana, ben, order, red, step } from '../../testkit/simulation/cast.ts';
import { SimulatedClock } from '../../testkit/simulation/clock.ts';
import { memoryFolder } from '../../testkit/simulation/disk.ts';
import { SimulatedReader } from '../../testkit/simulation/reader.ts';
import { viewOf } from '../access/access.ts';
import { openSqliteStore } from '../store/sqlite/sqlite.ts';
import type { Store } from '../store/store.ts';
import { createHub, type Hub } from './hub.ts';

let folder: string;
let clock: SimulatedClock;
let store: Store;
let hub: Hub;

async function open(): Promise<void> {
  store = openSqliteStore(folder);
  hub = await createHub({ store, clock, onFault: () => {} });
}

async function close(): Promise<void> {
  await hub.close();
  await store.close();
}

beforeEach(async () => {
  folder = memoryFolder();
  clock = new SimulatedClock();
  await open();
  await send(red, order('red', '1'));
});
afterEach(async () => {
  await close();
  rmSync(folder, { recursive: true });
});

/** @returns the answer's code */
async function send(actor: Actor, command: Command): Promise<string> {
  const [answer] = await clock.settling(hub.submit(actor, 'tcp', [command]));
  await clock.advance(20);
  return answer?.ok ? 'ok' : (answer?.error.code ?? 'none');
}

function read(actor: Actor): SimulatedReader {
  const feeds = viewOf(actor).feeds.map(({ name }) => name);
  const reader = new SimulatedReader(feeds, 0);
  hub.subscribe(actor, 0, reader, reader.onLag);
  return reader;
}

const toBen = { details: { driver: 'ben', name: 'Ben' } };
const takeBack = (rev: number) => step('corrected', 'red', '1', { details: { rev } });

/** Everything that a driver could send of a parcel. */
const details: Partial<Record<string, object>> = {
  'attempt-failed': { reason: 'not-home' },
  corrected: { rev: 4 },
  seen: { rev: 1 },
  proof: { kind: 'pin', text: '1234', rev: 1 },
};
const steps = eventNames.filter((event) => !/^(pickup|note|reassigned|cancelled|amended)$/.test(event));

it.each(['at once', 'after the hub was started again'])(
  '[C2] who lost a parcel moves it no more, whatever they send, %s',
  async (when) => {
    await send(ana, step('claimed', 'red', '1'));
    await send(ana, step('in-transit', 'red', '1'));
    expect(await send(admin, step('reassigned', 'red', '1', toBen))).toBe('ok');
    if (when !== 'at once') {
      await close();
      await open();
    }
    for (const event of steps) {
      const more = details[event] ? { details: details[event] } : {};
      const code = await send(ana, step(event, 'red', '1', more));
      expect([event, code]).toEqual([event, /^(claimed|in-transit)$/.test(event) ? 'taken' : 'stale-claim']);
    }
    expect(hub.head).toBe(4);
    expect(await send(ben, step('delivered', 'red', '1'))).toBe('ok');
  },
);

it('[C2] a command of before that comes late is known again, and moves nothing', async () => {
  const collected = step('in-transit', 'red', '1', { id: 'late' });
  await send(ana, collected);
  await send(admin, step('reassigned', 'red', '1', toBen));
  const [answer] = await clock.settling(hub.submit(ana, 'rest', [collected]));
  expect(answer).toMatchObject({ ok: true, duplicate: true, rev: 2 });
  expect(await send(ana, step('delivered', 'red', '1'))).toBe('stale-claim');
});

it('a parcel that dispatch gives to another is told to both, to its end', async () => {
  const [old, now] = [read(ana), read(ben)];
  await send(ana, step('claimed', 'red', '1'));
  await send(admin, step('reassigned', 'red', '1', toBen));
  await send(ben, step('in-transit', 'red', '1'));
  expect(old.seqs('own')).toEqual([2, 3, 4]);
  expect(now.seqs('own')).toEqual([3, 4]);
});

describe('what one has done can be taken back', () => {
  beforeEach(async () => {
    await send(ana, step('in-transit', 'red', '1'));
    await send(ana, step('delivered', 'red', '1'));
  });
  // Sending has taken 20 ms.
  const leftMs = limits.correctMs - 20;

  it('for two minutes to the millisecond', async () => {
    await clock.advance(leftMs);
    expect(await send(ana, takeBack(3))).toBe('ok');
    expect(await send(ana, step('delivered', 'red', '1'))).toBe('ok');
  });

  it('and not a millisecond longer, but by dispatch', async () => {
    await clock.advance(leftMs + 1);
    expect(await send(ana, takeBack(3))).toBe('wrong-status');
    expect(await send(admin, takeBack(3))).toBe('ok');
  });

  it('not after the clock was set forward or back: nobody can tell how long ago it was', async () => {
    clock.set(3_600_000);
    expect(await send(ana, takeBack(3))).toBe('wrong-status');
    clock.set(-7_200_000);
    expect(await send(ana, takeBack(3))).toBe('wrong-status');
  });

  it('and the parcel is its holder’s again, told to all', async () => {
    const reader = read(ana);
    await send(ana, takeBack(3));
    await send(red, order('red', '2'));
    expect(reader.seqs('own')).toEqual([2, 3, 4]);
    expect(await send(ben, step('delivered', 'red', '1'))).toBe('stale-claim');
    expect(await send(ana, takeBack(4))).toBe('wrong-status');
  });
});
