import { rmSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Answer, CapsRecord } from '../../protocol/messages.ts';
import type { Actor } from '../../protocol/parcel.ts';
import { admin, ana, order, red, step } from '../../testkit/simulation/cast.ts';
import { SimulatedClock } from '../../testkit/simulation/clock.ts';
import { memoryFolder } from '../../testkit/simulation/disk.ts';
import { createPins } from '../access/pins.ts';
import { openSqliteStore } from '../store/sqlite/sqlite.ts';
import type { Store } from '../store/store.ts';
import { rememberedMs } from './answer-cache.ts';
import type { Door } from './commit.ts';
import { createHub, type Hub } from './hub.ts';

let folder: string;
let clock: SimulatedClock;
let store: Store;
let hub: Hub;
/** The PIN on the page of the parcel's customer, and ten that are none. */
let right: string;
let wrong: string[];

async function open(): Promise<void> {
  store = openSqliteStore(folder);
  hub = await createHub({ store, clock, onFault: (error) => expect.fail(String(error)) });
}
async function close(): Promise<void> {
  await hub.close();
  await store.close();
}
async function restart(): Promise<void> {
  await close();
  await open();
}

beforeEach(async () => {
  folder = memoryFolder();
  clock = new SimulatedClock();
  await open();
  await send(red, order('red', '1'));
  await send(ana, step('in-transit', 'red', '1'));
  right = hub.read.pinOf({ role: 'customer', parcel: { store: 'red', orderID: '1' } });
  wrong = Array.from({ length: 10 }, (_, at) => String((Number(right) + 1 + at) % 10_000).padStart(4, '0'));
});
afterEach(async () => {
  await close();
  rmSync(folder, { recursive: true });
});

async function send(actor: Actor, command: ReturnType<typeof step>, door: Door = 'rest'): Promise<Answer> {
  const [answer] = await clock.settling(hub.submit(actor, door, [command]));
  if (!answer) throw new Error('answered');
  return answer;
}
function type(pin: string | undefined, more: { id?: string; door?: Door } = {}): Promise<Answer> {
  const { id, door } = more;
  const details = { kind: 'pin', text: pin, rev: 2 };
  return send(ana, step('proof', 'red', '1', { details, ...(id ? { id } : {}) }), door);
}
const told = (answer: Answer) => (answer.ok ? answer.pin : `${answer.error.code}: ${answer.error.message}`);
const usedUp = 'not-allowed: Five PINs were wrong. Dispatch has to look at this parcel.';
async function everything(): Promise<string> {
  const { rows } = await store.read({ kind: 'all' }, { after: 0, limit: 1_000 });
  return rows.map(({ text }) => text).join('\n');
}

it('the customer’s PIN proves the delivery, and the hub keeps only that it was right', async () => {
  expect(right).toMatch(/^\d{4}$/);
  expect(await type(right)).toMatchObject({ ok: true, pin: 'right', rev: 3, status: 'in-transit' });
  expect(await type(wrong[0])).toMatchObject({ ok: true, pin: 'right', duplicate: true, rev: 3 });
  expect(await hub.read.parcel(red, { store: 'red', orderID: '1' })).toMatchObject({
    proofs: [{ kind: 'pin', text: 'right', rev: 2 }],
  });
});

describe('[S3] a script that guesses PINs', () => {
  it.each(['with ids', 'without'])(
    'has five tries, over doors and over a start of the hub, %s',
    async (ids) => {
      const doors: Door[] = ['socket.io', 'tcp', 'rest'];
      for (const [at, pin] of wrong.slice(0, 3).entries()) {
        const answer = await type(pin, {
          door: doors[at] ?? 'rest',
          ...(ids === 'with ids' ? { id: pin } : {}),
        });
        expect(told(answer)).toBe('wrong');
      }
      await restart();
      for (const pin of wrong.slice(3, 5)) expect(told(await type(pin))).toBe('wrong');
      for (const pin of [right, wrong[5], right]) expect(told(await type(pin))).toBe(usedUp);
      await restart();
      expect(told(await type(right))).toBe(usedUp);
    },
  );

  it('learns nothing by another PIN under the same command id', async () => {
    expect(told(await type(wrong[0], { id: 'x' }))).toBe('wrong');
    for (const pin of [...wrong, right]) {
      expect(await type(pin, { id: 'x' })).toMatchObject({ ok: true, duplicate: true, pin: 'wrong', rev: 3 });
    }
    // The refusals are alike as well, also when they are remembered no more.
    for (const pin of wrong.slice(1, 5)) await type(pin);
    for (const pin of [wrong[5], right]) expect(told(await type(pin, { id: 'y' }))).toBe(usedUp);
    await clock.advance(rememberedMs + 1);
    for (const pin of [right, wrong[5]]) expect(told(await type(pin, { id: 'y' }))).toBe(usedUp);
  });

  it('all at once has five tries', async () => {
    const guesses = [...wrong, right].map((text) =>
      step('proof', 'red', '1', { details: { kind: 'pin', text, rev: 2 } }),
    );
    const answers = await clock.settling(hub.submit(ana, 'tcp', guesses));
    expect(answers.map(told)).toEqual([...Array(5).fill('wrong'), ...Array(6).fill(usedUp)]);
  });

  it('makes dispatch look, and what dispatch has seen may be tried five times more', async () => {
    for (const pin of wrong.slice(0, 5)) await type(pin);
    const parcel = () => hub.read.parcel(admin, { store: 'red', orderID: '1' });
    expect((await parcel()).urgent).toMatchObject({ rev: 7, about: 'pin', by: 'Ana' });
    await send(admin, step('seen', 'red', '1', { details: { rev: 7 } }));
    expect((await parcel()).urgent).toBeUndefined();
    for (const pin of wrong.slice(5, 9)) expect(told(await type(pin))).toBe('wrong');
    expect(told(await type(right))).toBe('right');
  });
});

it('a PIN is in no record, right or wrong', async () => {
  for (const pin of [...wrong.slice(0, 4), right]) await type(pin, { id: `try ${wrong.indexOf(pin)}` });
  const log = await everything();
  for (const pin of [...wrong.slice(0, 4), right]) expect(log).not.toContain(`"${pin}"`);
  expect(log).toContain('"text":"wrong","rev":2,"tries":4');
  expect(log).toContain('"text":"right","rev":2');
});

it('each parcel has its own PIN, the same at every hub on the log, and another log has others', () => {
  const [one, same, other] = [1, 1, 2].map((byte) => createPins(new Uint8Array(32).fill(byte)));
  const ids = Array.from({ length: 200 }, (_, at) => ({ store: 'red', orderID: `${at}` }));
  const pins = ids.map((id) => one?.pinOf(id));
  expect(pins).toEqual(ids.map((id) => same?.pinOf(id)));
  expect(new Set(pins).size).toBeGreaterThan(180);
  const alike = ids.filter((id) => one?.pinOf(id) === other?.pinOf(id));
  expect(alike.length).toBeLessThan(3);
  // Ids that read the same when they are joined are two parcels.
  expect(one?.pinOf({ store: 'red', orderID: '11' })).not.toBe(one?.pinOf({ store: 'red1', orderID: '1' }));
});

describe('a customer', () => {
  const buyer: Actor = { role: 'customer', parcel: { store: 'red', orderID: '1' } };

  it('reads neither what is for dispatch nor how PINs were tried, live or later', async () => {
    const heard: string[] = [];
    const sink = { queued: 0, queuedSize: 0, send: (one: { json: string }) => void heard.push(one.json) };
    const feed = hub.subscribe(
      buyer,
      undefined,
      { ...sink, drained: async () => {}, fail: () => {} },
      () => {},
    );
    await clock.advance(20);
    await send(ana, step('note', 'red', '1', { details: { text: 'dog bites', urgent: true } }));
    await send(ana, step('note', 'red', '1', { details: { text: 'five minutes' } }));
    await type(wrong[0]);
    await clock.advance(20);
    feed.close();
    const { records, parcel } = await hub.read.life(buyer, { store: 'red', orderID: '1' });
    const read: CapsRecord[] = [];
    for await (const record of records) read.push(record);
    const { items } = await hub.read.events(buyer, { limit: 100, terms: [] });
    for (const text of [heard.join(), JSON.stringify([read, parcel]), JSON.stringify(items)]) {
      expect(text).toContain('five minutes');
      expect(text).not.toMatch(/dog bites|wrong|tries/);
    }
    // Nothing is missing: the seqs have no holes.
    expect(read.map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5]);
  });

  it('finds nothing by words that are not for them', async () => {
    await send(ana, step('note', 'red', '1', { details: { text: 'dog bites', urgent: true } }));
    const found = await hub.read.events(buyer, { limit: 100, terms: [{ value: 'bites', exclude: false }] });
    expect(found.items).toEqual([]);
  });
});
