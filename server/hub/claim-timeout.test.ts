import { rmSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Answer, CapsRecord, Command } from '../../protocol/messages.ts';
import type { Actor } from '../../protocol/parcel.ts';
import { admin, ana, ben, order, red, step } from '../../testkit/simulation/cast.ts';
import { SimulatedClock } from '../../testkit/simulation/clock.ts';
import { memoryFolder } from '../../testkit/simulation/disk.ts';
import { gathered } from '../../testkit/simulation/gathered.ts';
import { SimulatedReader } from '../../testkit/simulation/reader.ts';
import { SimulatedStore } from '../../testkit/simulation/store.ts';
import { viewOf } from '../access/access.ts';
import { openSqliteStore } from '../store/sqlite/sqlite.ts';
import type { Store } from '../store/store.ts';
import { type ClaimTimeout, startClaimTimeout } from './claim-timeout.ts';
import { DriverLiveness } from './driver-liveness.ts';
import { createHub, type Hub } from './hub.ts';
import { Presence } from './presence.ts';
import { Turns } from './turns.ts';

const timeoutMs = 1_800_000;
/** What a release may be late. */
const slackMs = 61_000;

let folder: string;
let clock: SimulatedClock;
let store: SimulatedStore;
let hub: Hub;
let presence: Presence;
let releases: ClaimTimeout;
let faults: string[];

async function open(): Promise<void> {
  store = new SimulatedStore(openSqliteStore(folder), clock);
  const liveness = new DriverLiveness();
  const turns = new Turns(clock);
  hub = await createHub({
    store,
    clock,
    onFault: () => {},
    turns,
    onAssigned: (parcel) => liveness.assigned(parcel),
  });
  presence = new Presence(clock, () => {}, undefined, liveness);
  const onFault = (_: unknown, what: string) => faults.push(what);
  releases = startClaimTimeout({ hub, store, liveness, turns, clock, timeoutMs, onFault });
}

async function close(): Promise<void> {
  releases.close();
  presence.close();
  await hub.close();
  await store.close();
}

beforeEach(async () => {
  folder = memoryFolder();
  clock = new SimulatedClock();
  faults = [];
  await open();
});
afterEach(async () => {
  await close();
  rmSync(folder, { recursive: true });
});

/** As a request does that comes and goes: a driver is heard of when it comes. */
async function send(actor: Actor, ...commands: Command[]): Promise<Answer[]> {
  const answers = await clock.settling(hub.submit(actor, 'rest', commands));
  if (actor.role === 'driver') presence.heard(actor.driver);
  return answers;
}

function read(actor: Actor): SimulatedReader {
  const reader = new SimulatedReader(
    viewOf(actor).feeds.map(({ name }) => name),
    0,
  );
  hub.subscribe(actor, 0, reader, reader.onLag);
  return reader;
}

async function life(orderID: string): Promise<CapsRecord[]> {
  const { records } = await clock.settling(hub.read.life(admin, { store: 'red', orderID }));
  return clock.settling(gathered(records));
}
const statusOf = async (orderID: string) => (await life(orderID)).at(-1)?.status;
const codes = (answers: Answer[]) => answers.map((answer) => (answer.ok ? 'ok' : answer.error.code));

describe('a driver who claimed a parcel and says nothing more', () => {
  beforeEach(async () => {
    await send(red, order('red', '1'));
    await send(ana, step('claimed', 'red', '1'));
  });

  it('keeps it for the whole time, then it is on the board again, by the hub, with the reason', async () => {
    const [own, board] = [read(ana), read(ben)];
    await clock.advance(timeoutMs - 1);
    expect(await statusOf('1')).toBe('claimed');
    await clock.advance(slackMs);
    expect((await life('1')).at(-1)).toMatchObject({
      event: 'released',
      status: 'ready',
      by: { role: 'hub', id: 'hub' },
      via: 'hub',
      details: { reason: 'no sign of life' },
    });
    expect(own.seqs('own')).toEqual([2, 3]);
    expect(board.seqs('board')).toContain(3);
    expect(codes(await send(ben, step('claimed', 'red', '1')))).toEqual(['ok']);
  });

  it('[C2] and then comes back: it is theirs again if nobody took it, else they are told who did', async () => {
    await send(red, order('red', '2'));
    await send(ana, step('claimed', 'red', '2'));
    await clock.advance(timeoutMs + slackMs);
    await send(ben, step('claimed', 'red', '2'));
    const late = [step('in-transit', 'red', '1'), step('in-transit', 'red', '2')];
    expect(codes(await send(ana, ...late, step('released', 'red', '2')))).toEqual([
      'ok',
      'taken',
      'stale-claim',
    ]);
  });

  it.each<[string, () => void]>([
    ['a request now and then', () => presence.heard('ana')],
    [
      'a connection that comes and goes',
      () => presence.enter({ role: 'driver', who: 'ana', door: 'tcp' }).leave(),
    ],
  ])('unless there is %s', async (_, sign) => {
    for (let i = 0; i < 3; i += 1) {
      await clock.advance(timeoutMs - 1);
      sign();
    }
    expect(await statusOf('1')).toBe('claimed');
    await clock.advance(timeoutMs + slackMs);
    expect(await statusOf('1')).toBe('ready');
  });

  it('unless a connection stays, of several the last; being off duty is no silence', async () => {
    const two = [1, 2].map(() => presence.enter({ role: 'driver', who: 'ana', door: 'socket.io' }));
    two[0]?.duty('off');
    await clock.advance(2 * timeoutMs);
    two[0]?.leave();
    two[0]?.leave();
    await clock.advance(2 * timeoutMs);
    expect(await statusOf('1')).toBe('claimed');
    two[1]?.leave();
    await clock.advance(timeoutMs - 1);
    expect(await statusOf('1')).toBe('claimed');
    await clock.advance(slackMs);
    expect(await statusOf('1')).toBe('ready');
  });

  it('is not heard of through a store of the same name, or another driver', async () => {
    presence.enter({ role: 'vendor', who: 'ana', door: 'tcp' });
    presence.enter({ role: 'driver', who: 'anna', door: 'tcp' });
    await clock.advance(timeoutMs + slackMs);
    expect(await statusOf('1')).toBe('ready');
  });

  it('has the whole time again after the hub was started again', async () => {
    await clock.advance(timeoutMs - 1);
    await close();
    await open();
    await clock.advance(timeoutMs - 1);
    expect(await statusOf('1')).toBe('claimed');
    await clock.advance(slackMs);
    expect(await statusOf('1')).toBe('ready');
  });

  it.each([24, -24])('does not become silent by a clock that is set by %i hours', async (hours) => {
    clock.set(hours * 3_600_000);
    await clock.advance(timeoutMs - 1);
    expect(await statusOf('1')).toBe('claimed');
    await clock.advance(slackMs);
    expect(await statusOf('1')).toBe('ready');
  });

  it('[S4] keeps it while the disk fails, and not for longer', async () => {
    store.refusesToWrite = true;
    await clock.advance(timeoutMs + slackMs);
    expect(await statusOf('1')).toBe('claimed');
    store.refusesToWrite = false;
    store.failure = new Error('disk');
    await clock.advance(slackMs);
    expect(new Set(faults)).toEqual(new Set(['silent drivers could not be looked for']));
    store.failure = undefined;
    await clock.advance(slackMs);
    expect(await statusOf('1')).toBe('ready');
  });
});

it('a plain driver is heard of through any connection of its address', async () => {
  await send(red, order('red', '1'), order('red', '2'));
  await send({ role: 'driver', driver: 'plain:10.0.0.5' }, step('claimed', 'red', '1'));
  await send({ role: 'driver', driver: 'plain:10.0.0.6' }, step('claimed', 'red', '2'));
  presence.enter({ role: 'plain', who: '10.0.0.5', driver: 'plain:10.0.0.5', door: 'socket.io' });
  await clock.advance(timeoutMs + slackMs);
  expect([await statusOf('1'), await statusOf('2')]).toEqual(['claimed', 'ready']);
});

describe('[C3] no timer takes a parcel that is in somebody’s hands', () => {
  it('whatever became of it, and for however long nothing is heard', async () => {
    const ids = ['in-transit', 'failed', 'again', 'returning', 'delivered', 'collected at once', 'claimed'];
    await send(red, ...ids.map((id) => order('red', id)));
    const claimed = ids.filter((id) => id !== 'collected at once');
    await send(ana, ...claimed.map((id) => step('claimed', 'red', id)));
    await send(ana, ...ids.filter((id) => id !== 'claimed').map((id) => step('in-transit', 'red', id)));
    const notHome = (id: string) => step('attempt-failed', 'red', id, { details: { reason: 'not-home' } });
    await send(ana, notHome('failed'), notHome('again'), step('retried', 'red', 'again'));
    await send(ana, step('returning', 'red', 'returning'), step('delivered', 'red', 'delivered'));
    const before = await Promise.all(ids.map(statusOf));
    await clock.advance(3 * timeoutMs);
    expect(await Promise.all(ids.map(statusOf))).toEqual([...before.slice(0, -1), 'ready']);
  });

  it('also if a timer should ask for it', async () => {
    await send(red, order('red', '1'));
    await send(ana, step('in-transit', 'red', '1'));
    for (const actor of [{ role: 'hub' }, { role: 'hub', rev: 2 }] as const) {
      expect(codes(await send(actor, step('released', 'red', '1')))).toEqual(['wrong-status']);
    }
  });

  it('of the hub and a driver who collects in the same moment, who comes first wins; the other is told', async () => {
    await send(red, order('red', '1'), order('red', '2'), order('red', '3'));
    await send(ana, ...['1', '2', '3'].map((id) => step('claimed', 'red', id)));
    const take = (id: string) => hub.submit({ role: 'hub', rev: 2 }, 'hub', [step('released', 'red', id)]);
    const collect = (id: string) => hub.submit(ana, 'tcp', [step('in-transit', 'red', id)]);
    const snatch = (id: string) => hub.submit(ben, 'tcp', [step('claimed', 'red', id)]);
    const all = [collect('1'), take('1'), take('2'), collect('2'), take('3'), snatch('3'), collect('3')];
    const answers = await clock.settling(Promise.all(all));
    // Nobody took the second one meanwhile: that Ana has it is all the news there is.
    expect(codes(answers.flat())).toEqual(['ok', 'stale-claim', 'ok', 'ok', 'ok', 'ok', 'taken']);
    expect((await life('1')).map(({ event }) => event)).toEqual(['pickup', 'claimed', 'in-transit']);
  });

  const fenced: typeof hub.submit = (...asked) => hub.submit(...asked);
  /** The mutant: it does not say what it has seen. */
  const unfenced: typeof hub.submit = (_, door, commands) => hub.submit({ role: 'hub' }, door, commands);
  it.each([
    ['what changed hands after the hub looked is let alone', fenced, []],
    ['and a hub that would take whatever is there now is found out', unfenced, ['released hub']],
  ])('%s', async (_, submit, more) => {
    await send(red, order('red', '1'));
    await send(ana, step('claimed', 'red', '1'));
    releases.close();
    let moves: Promise<Answer[]> | undefined;
    // The hub's page is on its way when Ana gives back and Ben claims.
    const parcels: Store['parcels'] = async (query) => {
      const page = await store.parcels(query);
      if (clock.now() - start > timeoutMs) {
        liveness.seen('ben');
        moves ??= hub
          .submit(ana, 'tcp', [step('released', 'red', '1')])
          .then(() => hub.submit(ben, 'tcp', [step('claimed', 'red', '1')]));
      }
      await moves;
      return page;
    };
    const start = clock.now();
    const liveness = new DriverLiveness();
    releases = startClaimTimeout({
      hub: { submit },
      store: { holders: (...asked) => store.holders(...asked), parcels },
      liveness,
      turns: new Turns(clock),
      clock,
      timeoutMs,
      onFault: () => {},
    });
    await clock.advance(timeoutMs + slackMs + 30_000);
    expect(codes((await moves) ?? [])).toEqual(['ok']);
    expect((await life('1')).map(({ event, by }) => `${event} ${by.id}`)).toEqual([
      'pickup red',
      'claimed ana',
      'released ana',
      'claimed ben',
      ...more,
    ]);
  });
});

describe('whoever is given a parcel by somebody else has the whole time from then', () => {
  const to = (driver: string) => ({ details: { driver } });

  it('by dispatch', async () => {
    await clock.advance(3 * timeoutMs);
    await send(red, order('red', '1'), order('red', '2'));
    await send(admin, step('claimed', 'red', '1', to('ana')));
    await send(ben, step('claimed', 'red', '2'));
    await clock.advance(timeoutMs - 60_000);
    await send(admin, step('reassigned', 'red', '2', to('ana')));
    await clock.advance(59_999);
    expect([await statusOf('1'), await statusOf('2')]).toEqual(['claimed', 'claimed']);
    await clock.advance(90_000);
    expect([await statusOf('1'), await statusOf('2')]).toEqual(['ready', 'claimed']);
    await clock.advance(timeoutMs);
    expect(await statusOf('2')).toBe('ready');
  });

  it('by a correction', async () => {
    await send(red, order('red', '1'));
    await send(ana, step('claimed', 'red', '1'));
    await clock.advance(timeoutMs + slackMs);
    expect(codes(await send(admin, step('corrected', 'red', '1', { details: { rev: 3 } })))).toEqual(['ok']);
    await clock.advance(timeoutMs - 1);
    expect(await statusOf('1')).toBe('claimed');
    await clock.advance(slackMs);
    expect(await statusOf('1')).toBe('ready');
  });
});

it('many hundred parcels of many drivers: each silent one’s is released once, and no other', async () => {
  const count = 800;
  const ids = Array.from({ length: count }, (_, i) => `${i}`);
  await send(red, ...ids.map((id) => order('red', id)));
  const drivers = Array.from({ length: 40 }, (_, i) => `driver-${i}`);
  for (const [i, driver] of drivers.entries()) {
    const mine = ids.filter((id) => Number(id) % drivers.length === i);
    await send({ role: 'driver', driver }, ...mine.map((id) => step('claimed', 'red', id)));
    if (i % 4 === 0) presence.enter({ role: 'driver', who: driver, door: 'rest' });
  }
  const reader = read(admin);
  await clock.advance(timeoutMs + slackMs);
  const kept = ids.filter((id) => (Number(id) % drivers.length) % 4 === 0);
  const { parcels } = await store.parcels({ order: 'oldest', statuses: ['claimed'], limit: count });
  expect(parcels.map(({ payload }) => payload.orderID)).toEqual(kept);
  expect(reader.seqs('log')).toHaveLength(2 * count + count - kept.length);
  // And stays at rest.
  const { head } = hub;
  await clock.advance(2 * timeoutMs);
  expect(hub.head).toBe(head);
});

it('looks no more once it is closed, which may happen twice', async () => {
  await send(red, order('red', '1'));
  await send(ana, step('claimed', 'red', '1'));
  releases.close();
  releases.close();
  await clock.advance(3 * timeoutMs);
  expect(await statusOf('1')).toBe('claimed');
});

it('[S3] of very many drivers the latest signs of life are remembered; the others count as heard of with the last one forgotten', () => {
  const liveness = new DriverLiveness(2);
  for (const driver of ['ana', 'ben', 'cem']) {
    liveness.nextRound();
    liveness.seen(driver);
  }
  expect(['ana', 'ben', 'cem', 'nobody'].map((driver) => liveness.lastOf(driver))).toEqual([1, 2, 3, 1]);
});
