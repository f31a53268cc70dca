import { rmSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { limits } from '../../protocol/limits.ts';
import type { Answer, Command } from '../../protocol/messages.ts';
import type { Actor } from '../../protocol/parcel.ts';
import { ana, ben, blue, order, red, step } from '../../testkit/simulation/cast.ts';
import { SimulatedClock } from '../../testkit/simulation/clock.ts';
import { memoryFolder } from '../../testkit/simulation/disk.ts';
import { SimulatedStore } from '../../testkit/simulation/store.ts';
import { openSqliteStore } from '../store/sqlite/sqlite.ts';
import type { Store } from '../store/store.ts';
import { knownMax, rememberedMs } from './answer-cache.ts';
import { createHub, type Hub } from './hub.ts';

let folder: string;
let clock: SimulatedClock;
let store: Store;
let hub: Hub;

async function open(): Promise<void> {
  store = openSqliteStore(folder);
  hub = await createHub({ store, clock, onFault: (error) => expect.fail(String(error)) });
}

async function close(): Promise<void> {
  await hub.close();
  await store.close();
}

beforeEach(() => {
  folder = memoryFolder();
  clock = new SimulatedClock();
  return open();
});
afterEach(async () => {
  await close();
  rmSync(folder, { recursive: true });
});

async function restart(): Promise<void> {
  await close();
  await open();
}

function submit(actor: Actor, ...commands: Command[]): Promise<Answer[]> {
  return clock.settling(hub.submit(actor, 'socket.io', commands));
}

async function one(actor: Actor, command: Command): Promise<Answer | undefined> {
  const [answer] = await submit(actor, command);
  return answer;
}

const refused = (code: string) =>
  expect.objectContaining({ ok: false, error: expect.objectContaining({ code }) });

describe('[D4] the same command again', () => {
  const ok = { ok: true, seq: 1, rev: 1, status: 'ready' };

  it('is each customer’s own: they never meet the ids of others', async () => {
    await submit(red, order('red', '1'));
    await submit(blue, order('blue', '1'));
    const note = (store: string) => step('note', store, '1', { id: 'n1', details: { text: 'Ring twice.' } });
    const customer = (store: string): Actor => ({ role: 'customer', parcel: { store, orderID: '1' } });
    expect(await one(customer('red'), note('red'))).toMatchObject({ ok: true });
    expect(await one(customer('blue'), note('blue'))).toMatchObject({ ok: true });
    expect(await one(customer('red'), note('red'))).toMatchObject({ ok: true, duplicate: true });
    await restart();
    expect(await one(customer('blue'), note('blue'))).toMatchObject({ ok: true, duplicate: true });
  });

  it('is one record: in one batch, later, and after a restart', async () => {
    const command = order('red', '1', 'a');
    expect(await submit(red, command, command)).toMatchObject([ok, { ...ok, duplicate: true }]);
    expect(await one(red, command)).toMatchObject({ ...ok, duplicate: true });
    await submit(ana, step('claimed', 'red', '1'));
    await restart();
    const late = { ...command, occurredAt: '2026-11-20T17:00:00Z' };
    expect(await one(red, late)).toMatchObject({ ...ok, duplicate: true });
    expect(await store.headOf({ kind: 'all' })).toBe(2);
  });

  it('with other content is refused, and its first meaning stands', async () => {
    const reused = [
      order('red', '1', 'a', 'Ida'),
      order('red', '2', 'a'),
      step('cancelled', 'red', '1', { id: 'a' }),
    ];
    expect(await submit(red, order('red', '1', 'a'), ...reused)).toMatchObject([
      ok,
      ...reused.map(() => ({ error: { code: 'id-reused' } })),
    ]);
    await restart();
    expect(await submit(red, ...reused)).toEqual(reused.map(() => refused('id-reused')));
  });

  it('is not used up by an order that repeats another one: the next order id is free for it, once', async () => {
    // Two tills of a shop give the very same order the same number; the page tells their orders apart by this.
    const answers = await submit(red, order('red', '1', 'till-1'), order('red', '1', 'till-2'));
    expect(answers).toMatchObject([ok, { ...ok, duplicate: true }]);
    await restart();
    expect(await one(red, order('red', '2', 'till-1'))).toEqual(refused('id-reused'));
    expect(await one(red, order('red', '2', 'till-2'))).toMatchObject({ ok: true, seq: 2, rev: 1 });
    expect(await one(red, order('red', '3', 'till-2'))).toEqual(refused('id-reused'));
  });

  it('from another sender is another command', async () => {
    await submit(red, order('red', '1', 'a'));
    expect(await one(blue, order('blue', '1', 'a'))).toMatchObject({ ok: true, seq: 1 });
    expect(await one(ana, step('claimed', 'red', '1', { id: 'a' }))).toMatchObject({ ok: true, seq: 3 });
    expect(await one(ben, step('claimed', 'blue', '1', { id: 'a' }))).toMatchObject({ ok: true, seq: 4 });
  });

  it('[D6] a refused one stays refused for a minute, whatever has become possible', async () => {
    const claim = step('claimed', 'red', '1', { id: 'a' });
    expect(await one(ana, claim)).toEqual(refused('unknown-parcel'));
    await submit(red, order('red', '1'));
    expect(await one(ana, claim)).toEqual(refused('unknown-parcel'));
    expect(await one(ben, claim)).toMatchObject({ ok: true, seq: 2 });
    await submit(ben, step('released', 'red', '1'));
    await clock.advance(rememberedMs);
    expect(await one(ana, claim)).toMatchObject({ ok: true, seq: 4 });
  });

  it('[D6] a refused one stays refused in the batch that makes it possible', async () => {
    const cancel = step('cancelled', 'red', '1', { id: 'a' });
    const answers = await submit(red, cancel, order('red', '1'), cancel);
    expect(answers).toEqual([
      refused('unknown-parcel'),
      { ...answers[1], ok: true },
      refused('unknown-parcel'),
    ]);
  });

  it('[D6] the device’s clock does not make it another, in one batch or later', async () => {
    const claim = step('claimed', 'red', '1', { id: 'a' });
    const later = { ...claim, occurredAt: '2026-11-20T17:00:00Z' };
    const answers = await submit(ana, claim, later);
    expect(answers).toEqual([refused('unknown-parcel'), refused('unknown-parcel')]);
    await submit(red, order('red', '1'));
    expect(await one(ana, later)).toEqual(refused('unknown-parcel'));
  });

  it('[D6] the latest of very many refusals are remembered', async () => {
    const notes = Array.from({ length: knownMax + 1 }, (_, i) =>
      step('note', 'red', '1', { id: `n${i}`, details: { text: 'ring' } }),
    );
    for (let from = 0; from < notes.length; from += limits.batch) {
      for (const answer of await submit(red, ...notes.slice(from, from + limits.batch)))
        expect(answer).toEqual(refused('unknown-parcel'));
    }
    await submit(red, order('red', '1'));
    const [first, second] = notes;
    if (!first || !second) throw new Error('There are many.');
    expect(await one(red, second)).toEqual(refused('unknown-parcel'));
    expect(await one(red, first)).toMatchObject({ ok: true });
  });

  it('one that says something else than the refused one counts', async () => {
    await one(red, step('note', 'red', '1', { id: 'a', details: { text: 'ring twice' } }));
    await submit(red, order('red', '1'));
    const other = step('note', 'red', '1', { id: 'a', details: { text: 'ring once' } });
    expect(await one(red, other)).toMatchObject({ ok: true, seq: 2 });
  });

  it('one that was to be tried again counts', async () => {
    const command = order('red', '1', 'a');
    const failing = new SimulatedStore(store, clock);
    const other = await createHub({ store: failing, clock, onFault: () => {} });
    failing.refusesToWrite = true;
    const send = () => clock.settling(other.submit(red, 'socket.io', [command]));
    expect(await send()).toEqual([refused('unavailable')]);
    failing.refusesToWrite = false;
    expect(await send()).toMatchObject([{ ok: true, seq: 1 }]);
    await other.close();
  });

  it('[D4] an amendment that said nothing new does not overwrite what others changed since', async () => {
    const change = (address: string, id: string) => step('amended', 'red', '1', { id, details: { address } });
    const nothing = change('835 Meluk Pass', 'a');
    const answers = await submit(red, order('red', '1'), nothing, change('1 New Street', 'b'), nothing);
    const known = { ok: true, duplicate: true, rev: 1, seq: 1 };
    expect(answers).toMatchObject([{ ok: true }, known, { ok: true, rev: 2 }, known]);
    // Its answer was lost, so the page sends it again.
    expect(await one(red, nothing)).toMatchObject(known);
    expect(await one(red, change('1 New Street', 'a'))).toMatchObject({ duplicate: true, rev: 2 });
    await clock.advance(rememberedMs);
    const seen = step('amended', 'red', '1', { id: 'c', details: { address: '835 Meluk Pass', rev: 1 } });
    expect(await one(red, seen)).toEqual(refused('conflict'));
  });

  it('without an id counts only while its record is the parcel’s latest', async () => {
    const claim = step('claimed', 'red', '1');
    const release = step('released', 'red', '1');
    await submit(red, order('red', '1'));
    expect(await submit(ana, claim, claim)).toMatchObject([{ seq: 2 }, { seq: 2, duplicate: true }]);
    expect(await submit(ana, claim, release)).toMatchObject([{ seq: 2, duplicate: true }, { seq: 3 }]);
    const again = await one(ana, claim);
    expect(again).toMatchObject({ ok: true, seq: 4 });
    expect(again).not.toHaveProperty('duplicate');
    // An order is the same order for ever, and another one under its id never is.
    expect(await one(red, order('red', '1'))).toMatchObject({ ok: true, seq: 1, rev: 1, duplicate: true });
    expect(await one(red, order('red', '1', undefined, 'Ida'))).toEqual(refused('conflict'));
    const note = step('note', 'red', '1', { details: { text: 'Hello' } });
    expect(await submit(red, note, note)).toMatchObject([{ rev: 5 }, { rev: 6 }]);
  });
});
