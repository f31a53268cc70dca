import { rmSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { NewRepeat } from '../../protocol/repeats.ts';
import { admin, ana, red } from '../../testkit/simulation/cast.ts';
import { SimulatedClock } from '../../testkit/simulation/clock.ts';
import { memoryFolder } from '../../testkit/simulation/disk.ts';
import { SimulatedStore, storeWith } from '../../testkit/simulation/store.ts';
import { openSqliteStore } from '../store/sqlite/sqlite.ts';
import type { Store } from '../store/store.ts';
import { createHub, type Hub } from './hub.ts';
import { type RepeatMaker, startRepeatMaker } from './repeat-maker.ts';
import { Turns } from './turns.ts';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
/** The simulated clock begins on Friday, 20 November 2026, at 19:00 in Berlin. */
const anna: NewRepeat = {
  ...{ rule: 'FREQ=WEEKLY;BYDAY=SA', from: '2026-11-20', start: '09:00', end: '12:00' },
  timeZone: 'Europe/Berlin',
  order: { customer: 'Café Anna', address: 'Rosenweg 14' },
};

let folder: string;
let clock: SimulatedClock;
let base: SimulatedStore;
let hub: Hub;
let makers: RepeatMaker[];
let faults: string[];
let missed: string[];

async function open(change: (store: Store) => Partial<Store> = () => ({})): Promise<void> {
  base = new SimulatedStore(openSqliteStore(folder), clock);
  const store = storeWith(base, change(base));
  const turns = new Turns(clock);
  hub = await createHub({ store, clock, turns, onFault: () => {} });
  makers = [makerOf(store, turns)];
}

function makerOf(store: Store, turns: Turns): RepeatMaker {
  return startRepeatMaker({
    ...{ hub, store, turns, clock },
    onFault: (_, what) => faults.push(what),
    onMissed: ({ orderID }, what) => missed.push(`${orderID} ${what}`),
  });
}

async function close(): Promise<void> {
  for (const maker of makers) maker.close();
  await hub.close();
  await base.close();
}

beforeEach(async () => {
  folder = memoryFolder();
  clock = new SimulatedClock();
  [faults, missed] = [[], []];
  await open();
});
afterEach(async () => {
  await close();
  rmSync(folder, { recursive: true });
  expect(faults).toEqual([]);
});

async function orders() {
  const page = await clock.settling(base.parcels({ order: 'oldest', limit: 100 }));
  return page.parcels.map(({ payload }) => payload);
}
const add = (wanted: NewRepeat = anna) => clock.settling(hub.repeats.add(red, 'red', wanted));
const told = async () => (await hub.repeats.list(red, 'red')).items.map((one) => one.told);

describe('an order that repeats', () => {
  it('is made on each of its days, an hour before it is offered, with the store’s lead', async () => {
    const { id, next } = await add({ ...anna, rule: 'FREQ=DAILY;INTERVAL=2', from: '2026-11-21' });
    expect(next).toBe('2026-11-21');
    // 19:00 to 6:59 in Berlin.
    await clock.advance(11.9 * hourMs);
    expect(await orders()).toEqual([]);
    await clock.advance(0.2 * hourMs);
    expect(await orders()).toMatchObject([
      {
        ...{ store: 'red', orderID: `${id}-2026-11-21`, customer: 'Café Anna' },
        ...{ notBefore: '2026-11-21T08:00:00.000Z', dueAt: '2026-11-21T11:00:00.000Z' },
      },
    ]);
    expect((await hub.repeats.list(red, 'red')).items).toMatchObject([{ id, next: '2026-11-23' }]);
    await hub.profiles.write(red, 'red', { leadMinutes: 24 * 60 });
    await clock.advance(24 * hourMs);
    expect(await orders()).toHaveLength(1);
    await clock.advance(2 * hourMs);
    expect(await orders()).toHaveLength(2);
  });

  it('is made once, though two hubs look, one was killed before it could note that, and its day is past', async () => {
    await add({ ...anna, rule: 'FREQ=DAILY', from: '2026-11-21' });
    await close();
    // Never notes what it has made.
    await open(({ repeats }) => ({
      repeats: {
        ...repeats,
        list: (query) => repeats.list(query),
        find: (store, id) => repeats.find(store, id),
        replace: async () => false,
      },
    }));
    makers.push(makerOf(base, new Turns(clock)));
    makers.shift()?.close();
    makers.push(makerOf(base, new Turns(clock)));
    await clock.advance(13 * hourMs);
    expect(await orders()).toHaveLength(1);
    await close();
    await clock.advance(20 * hourMs);
    await open();
    await clock.advance(hourMs);
    expect((await orders()).map(({ orderID }) => orderID.slice(-2))).toEqual(['21']);
    await clock.advance(12 * hourMs);
    expect(await orders()).toHaveLength(2);
    expect(missed).toEqual([]);
  });

  it('is made late if it is still of use; the days before are told, to its store and to dispatch', async () => {
    const { id } = await add({ ...anna, rule: 'FREQ=DAILY', from: '2026-11-21' });
    await close();
    // To Monday, 10:00 in Berlin.
    await clock.advance(2 * dayMs + 15 * hourMs);
    await open();
    await clock.advance(60_000);
    expect((await orders()).map(({ orderID }) => orderID)).toEqual([`${id}-2026-11-23`]);
    expect(await told()).toEqual([
      [
        { day: '2026-11-22', what: 'missed' },
        { day: '2026-11-21', what: 'missed' },
      ],
    ]);
    expect(missed).toEqual([`${id}-2026-11-22 missed`, `${id}-2026-11-21 missed`]);
    await close();
    await open();
    await clock.advance(60_000);
    expect(missed).toHaveLength(2);
  });

  it('has no orders of days before it was said, and keeps those that are made when it changes or ends', async () => {
    const today = { ...anna, rule: 'FREQ=DAILY', from: '2026-11-01', start: undefined };
    const { id } = await add({ ...today, end: '18:30' });
    await clock.advance(60_000);
    expect(await orders()).toEqual([]);
    await clock.settling(hub.repeats.change(red, 'red', id, { ...today, end: '20:00' }));
    await clock.advance(60_000);
    expect(await orders()).toMatchObject([
      { orderID: `${id}-2026-11-20`, dueAt: '2026-11-20T19:00:00.000Z' },
    ]);
    const order = { customer: 'Café Bo', address: 'Elm 1' };
    await clock.settling(hub.repeats.change(red, 'red', id, { ...today, end: '20:00', order }));
    await clock.advance(60_000);
    expect(await orders()).toMatchObject([{ customer: 'Café Anna' }]);
    expect(await clock.settling(hub.repeats.remove(red, 'red', id))).toBe(true);
    expect(await clock.settling(hub.repeats.remove(red, 'red', id))).toBe(false);
    await clock.advance(dayMs);
    expect(await orders()).toHaveLength(1);
    expect(missed).toEqual([]);
  });

  it('goes on when the clock was a year ahead for a while', async () => {
    const { id } = await add({ ...anna, rule: 'FREQ=DAILY', from: '2026-11-21' });
    clock.set(365 * dayMs);
    await clock.advance(11 * 60_000);
    clock.set(-365 * dayMs);
    expect(await hub.repeats.list(red, 'red')).toMatchObject({ items: [{ next: '2026-11-21' }] });
    await clock.advance(1.6 * dayMs);
    const made = (await orders()).map(({ orderID }) => orderID);
    expect(made).toEqual(expect.arrayContaining([`${id}-2026-11-21`, `${id}-2026-11-22`]));
  });

  it('is made though another one cannot be read, which is a fault of that one alone', async () => {
    await base.repeats.put(
      'blue',
      'BROKEN',
      JSON.stringify({ ...anna, rule: 'FREQ=DAILY;UNTIL=99999999', since: 0 }),
    );
    await add({ ...anna, rule: 'FREQ=DAILY', from: '2026-11-21' });
    await clock.advance(13 * hourMs);
    expect(await orders()).toHaveLength(1);
    expect(new Set(faults)).toEqual(new Set(['the repeating order BROKEN of blue could not be made']));
    faults = [];
  });

  it('is not kept if its days cannot be told', async () => {
    await expect(add({ ...anna, rule: 'FREQ=DAILY;UNTIL=99999999' })).rejects.toThrow();
    expect(await hub.repeats.list(red, 'red')).toEqual({ items: [] });
  });

  it('says what the clocks have made of its time', async () => {
    await add({ ...anna, rule: 'FREQ=DAILY', from: '2027-03-28', start: '02:30', end: '04:00' });
    await close();
    clock.set(Date.parse('2027-03-27T22:00:00Z') - clock.now());
    await open();
    await clock.advance(3 * hourMs);
    expect(await told()).toEqual([[{ day: '2027-03-28', what: 'moved' }]]);
    expect(await orders()).toMatchObject([{ notBefore: '2027-03-28T01:30:00.000Z' }]);
  });

  it('is refused for whoever is not its store, without a zone, and beyond the most of a store', async () => {
    await expect(hub.repeats.add(ana, 'red', anna)).rejects.toMatchObject({ code: 'not-allowed' });
    await expect(hub.repeats.list(red, 'blue')).rejects.toMatchObject({ code: 'not-allowed' });
    await expect(add({ ...anna, timeZone: undefined })).rejects.toMatchObject({
      details: { field: 'timeZone' },
    });
    const note = 'é'.repeat(2_000);
    await expect(add({ ...anna, order: { ...anna.order, note } })).rejects.toMatchObject({
      code: 'too-large',
    });
    for (let i = 0; i < 50; i += 1) await add({ ...anna, from: '2030-01-01' });
    await expect(add()).rejects.toMatchObject({ code: 'too-large' });
    await clock.settling(hub.repeats.add(admin, 'blue', anna));
  });
});

describe('what a store has repeat', () => {
  it('is listed with what is broken in it, which can be ended and keeps no other from its orders', async () => {
    const { id } = await add();
    const broken = { ...anna, since: 0, rule: 'FREQ=NEVER', told: [] };
    await base.repeats.put('red', 'AAAAAA', JSON.stringify(broken));
    await base.repeats.put('red', 'BBBBBB', '{"rule":');
    await base.repeats.put('red', 'CCCCCC', '"none"');
    await base.repeats.put(
      'red',
      'DDDDDD',
      JSON.stringify({ ...broken, rule: anna.rule, timeZone: 'Europe/Atlantis' }),
    );
    const listed = async () => (await clock.settling(hub.repeats.list(red, 'red'))).items;
    const empty = { rule: '', from: '', order: { customer: '', address: '' }, broken: true };
    expect(await listed()).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ id, next: '2026-11-21' }),
        { id: 'AAAAAA', rule: 'FREQ=NEVER', from: anna.from, order: anna.order, broken: true },
        { id: 'BBBBBB', ...empty },
        { id: 'CCCCCC', ...empty },
        expect.objectContaining({ id: 'DDDDDD', broken: true }),
      ]),
    );
    await clock.advance(12.1 * hourMs);
    expect(await orders()).toHaveLength(1);
    expect(faults).toContain('the repeating order AAAAAA of red could not be made');
    faults = [];
    expect(await clock.settling(hub.repeats.change(red, 'red', 'BBBBBB', anna))).toMatchObject({
      id: 'BBBBBB',
    });
    for (const one of ['AAAAAA', 'CCCCCC', 'DDDDDD'])
      expect(await clock.settling(hub.repeats.remove(red, 'red', one))).toBe(true);
    expect((await listed()).some((one) => one.broken)).toBe(false);
  });

  it('is never more than fifty, also when several hubs add to it at once', async () => {
    for (let i = 0; i < 49; i += 1) await base.repeats.put('red', `A${i}`, '{}');
    const other = await createHub({ store: base, clock, turns: new Turns(clock), onFault: () => {} });
    const tries = [hub, other, hub, other].map((one) => one.repeats.add(red, 'red', anna));
    const ends = await clock.settling(Promise.allSettled(tries));
    expect(ends.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(ends.find(({ status }) => status === 'rejected')).toMatchObject({ reason: { code: 'too-large' } });
    expect(await clock.settling(base.repeats.count('red'))).toBe(50);
    await other.close();
    faults = [];
  });
});
