import { rmSync } from 'node:fs';
import { Webhook as Verifier } from 'standardwebhooks';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Actor } from '../../protocol/parcel.ts';
import type { IssuedWebhook, NewWebhook } from '../../protocol/webhooks.ts';
import { admin, ana, blue, red, step } from '../../testkit/simulation/cast.ts';
import { SimulatedClock } from '../../testkit/simulation/clock.ts';
import { memoryFolder } from '../../testkit/simulation/disk.ts';
import { SimulatedStore } from '../../testkit/simulation/store.ts';
import { feedLimits } from '../hub/feed.ts';
import { createHub, type Hub } from '../hub/hub.ts';
import { joinLimits } from '../hub/joins.ts';
import { openSqliteStore } from '../store/sqlite/sqlite.ts';
import type { SendResult } from './http-client.ts';
import { WebhookSender } from './webhook-sender.ts';
import { Webhooks } from './webhooks.ts';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const url = 'https://shop.example/hook';

interface Message {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly at: number;
}

let folder: string;
let clock: SimulatedClock;
let store: SimulatedStore;
let hub: Hub;
let webhooks: Webhooks;
let sender: WebhookSender;
let faults: string[];
let paused: string[];
/** All that was sent, and how it is answered. */
let sent: Message[];
let answer: (message: Message) => SendResult | Promise<SendResult>;
let credential = 'open';
let isKeyed = false;

const status = (code: number, retryAfterMs?: number): SendResult => ({
  ...{ kind: 'answered', status: code, ms: 5 },
  retryAfterMs,
});

async function open(): Promise<void> {
  store = new SimulatedStore(openSqliteStore(folder), clock);
  // Nobody reads a feed, so none of them has to be looked after for days.
  const limits = { feeds: { ...feedLimits, sweepMs: dayMs }, joins: joinLimits };
  hub = await createHub({ store, clock, limits, onFault: () => {} });
  start();
}

function start(): void {
  const client = {
    faultOf: () => undefined,
    post: async (to: URL, headers: Readonly<Record<string, string>>, body: string) => {
      const message = { url: to.href, headers, body, at: clock.now() };
      sent.push(message);
      return answer(message);
    },
  };
  const made = new WebhookSender({
    ...{ store, hub, client, clock, isKeyed, chance: () => 0.5 },
    onFault: (_, what) => faults.push(what),
    onPaused: ({ id }, why) => paused.push(`${id} ${why}`),
  });
  sender = made;
  const access = { credentialOf: () => credential };
  webhooks = new Webhooks({ store, hub, access, clock, client, onChange: () => made.changed() });
}

async function close(): Promise<void> {
  const closing = sender.close();
  // What is under way is answered, as the client would answer it at once.
  await clock.advance(15_000);
  await closing;
  await clock.settling(hub.close());
  await store.close();
}

beforeEach(async () => {
  folder = memoryFolder();
  clock = new SimulatedClock();
  [faults, paused, sent, credential, isKeyed] = [[], [], [], 'open', false];
  answer = () => status(204);
  await open();
});
afterEach(async () => {
  await close();
  rmSync(folder, { recursive: true });
  vi.useRealTimers();
  expect(faults).toEqual([]);
});

async function order(of: string, orderID: string): Promise<void> {
  const payload = { store: of, orderID, customer: 'Hulda Parker', address: '835 Meluk Pass' };
  const [said] = await clock.settling(
    hub.submit({ role: 'vendor', store: of }, 'rest', [{ event: 'pickup', payload }]),
  );
  expect(said).toMatchObject({ ok: true });
}
async function collect(of: string, orderID: string): Promise<void> {
  const [said] = await clock.settling(hub.submit(ana, 'rest', [step('in-transit', of, orderID)]));
  expect(said).toMatchObject({ ok: true });
}
const add = (actor: Actor = red, more: Partial<NewWebhook> = {}): Promise<IssuedWebhook> =>
  clock.settling(webhooks.add(actor, { url, ...more }));
const find = async (actor: Actor, id: string) => clock.settling(webhooks.find(actor, id));
const dataOf = ({ body }: Message) => JSON.parse(body).data as { seq: number; event: string };
const idsOf = (messages: readonly Message[]) => messages.map(({ headers }) => headers['webhook-id']);
const seqs = () => sent.map((message) => dataOf(message).seq);

describe('a webhook', () => {
  it('gets each record after it was made, signed as the reference library wants it', async () => {
    await order('red', 'old');
    const { id, secret } = await add();
    expect(secret).toMatch(/^whsec_/);
    await order('red', '1');
    await collect('red', '1');
    await clock.advance(200);
    expect(seqs()).toEqual([2, 3]);
    vi.useFakeTimers({ toFake: ['Date'], now: clock.now() });
    for (const { headers, body } of sent) {
      expect(new Verifier(secret).verify(body, headers)).toEqual(JSON.parse(body));
      expect(() => new Verifier(secret).verify(body.replace('Hulda', 'Hilda'), headers)).toThrow();
    }
    vi.useRealTimers();
    const page = await clock.settling(hub.read.events(red, { after: '1', limit: 9, terms: [] }));
    expect(sent.map(dataOf)).toEqual(page.items);
    expect(sent.map(({ body }) => JSON.parse(body))).toMatchObject([
      { type: 'pickup', timestamp: page.items[0]?.time },
      { type: 'in-transit', timestamp: page.items[1]?.time },
    ]);
    expect(await find(red, id)).toMatchObject({ status: 'active', seq: 3, behind: 0 });
  });

  it('[A1] of a store gets that store’s records with its own seqs, one of dispatch all', async () => {
    await add(red);
    await add(admin, { url: 'https://dispatch.example/' });
    for (const [of, id] of [
      ['blue', '1'],
      ['red', '1'],
      ['blue', '2'],
    ] as const)
      await order(of, id);
    await clock.advance(200);
    const of = (to: string) => sent.filter((message) => message.url === to).map(dataOf);
    expect(of(url)).toMatchObject([{ seq: 1, payload: { store: 'red' } }]);
    expect(of('https://dispatch.example/').map(({ seq }) => seq)).toEqual([1, 2, 3]);
    expect(
      sent
        .filter((message) => message.url === url)
        .map(({ body }) => body)
        .join(),
    ).not.toContain('blue');
  });

  it('gets only the events that it names, and does not stay behind', async () => {
    const { id } = await add(red, { events: ['in-transit'] });
    await order('red', '1');
    await collect('red', '1');
    await order('red', '2');
    await clock.advance(200);
    expect(sent.map((message) => dataOf(message).event)).toEqual(['in-transit']);
    expect(await find(red, id)).toMatchObject({ seq: 3, behind: 0 });
  });

  it('that is down for almost three days gets all of it, in order, each once by its id', async () => {
    const { id } = await add();
    let isUp = false;
    answer = () => (isUp ? status(200) : { kind: 'failed', fault: 'no-connection', ms: 3 });
    for (let i = 1; i <= 20; i += 1) {
      await order('red', `${i}`);
      await clock.advance((71 / 20) * hourMs);
    }
    // One record at a time, less and less often.
    expect(new Set(seqs())).toEqual(new Set([1]));
    expect(sent.length).toBeGreaterThan(20);
    expect(sent.length).toBeLessThan(40);
    expect(new Set(idsOf(sent)).size).toBe(1);
    expect(await find(red, id)).toMatchObject({
      ...{ status: 'active', seq: 0, behind: 20 },
      failing: { fault: 'no-connection', tries: sent.length },
    });
    [isUp, sent] = [true, []];
    await clock.advance(5 * hourMs);
    expect(seqs()).toEqual(Array.from({ length: 20 }, (_, i) => i + 1));
    expect(new Set(idsOf(sent)).size).toBe(20);
    expect(await find(red, id)).toMatchObject({ seq: 20, behind: 0 });
    expect(paused).toEqual([]);
  });

  it('that is down for longer is paused and told, and goes on where it stopped', async () => {
    const { id } = await add();
    answer = () => status(500);
    for (const name of ['1', '2', '3']) await order('red', name);
    await clock.advance(dayMs * 3 + hourMs);
    expect(paused).toEqual([`${id} failing`]);
    const before = sent.length;
    const [first] = sent;
    expect((sent.at(-1)?.at ?? 0) - (first?.at ?? 0)).toBe(dayMs * 3);
    await clock.advance(dayMs);
    expect(sent).toHaveLength(before);
    expect(await find(red, id)).toMatchObject({ status: 'paused', reason: 'failing', seq: 0, behind: 3 });
    answer = () => status(200);
    sent = [];
    await clock.settling(webhooks.resume(red, id));
    await clock.advance(200);
    expect(seqs()).toEqual([1, 2, 3]);
    expect(idsOf(sent)[0]).toBe(first?.headers['webhook-id']);
    expect(await find(red, id)).toMatchObject({ status: 'active', seq: 3 });
  });

  it('whose receiver says 410 is sent nothing more', async () => {
    const { id } = await add();
    answer = () => status(410);
    for (const name of ['1', '2']) await order('red', name);
    await clock.advance(dayMs);
    expect(seqs()).toEqual([1]);
    expect(paused).toEqual([`${id} gone`]);
    expect(await find(red, id)).toMatchObject({ status: 'disabled', reason: 'gone', behind: 2 });
  });

  it('that asks for time gets it, up to an hour', async () => {
    await add();
    const waits = [30_000, 9 * hourMs, 0];
    answer = () => (waits.length > 0 ? status(429, waits.shift()) : status(200));
    await order('red', '1');
    await clock.advance(3 * hourMs);
    const times = sent.map(({ at }) => at - (sent[0]?.at ?? 0));
    expect(times).toEqual([0, 30_000, 30_000 + hourMs, 35_000 + hourMs]);
  });

  it('is sent again from any seq, under the same ids', async () => {
    const { id } = await add();
    for (const name of ['1', '2', '3']) await order('red', name);
    await clock.advance(200);
    const ids = idsOf(sent);
    await expect(clock.settling(webhooks.replay(red, id, 4))).rejects.toThrow('The last seq is 3.');
    await clock.settling(webhooks.replay(red, id, 2));
    await clock.advance(200);
    expect(seqs()).toEqual([1, 2, 3, 2, 3]);
    expect(idsOf(sent).slice(3)).toEqual(ids.slice(1));
  });

  it('shows its last hundred tries, and nothing of what was in them', async () => {
    const { id } = await add();
    for (let i = 1; i <= 103; i += 1) await order('red', `${i}`);
    await clock.advance(2_000);
    const { items = [] } = (await clock.settling(webhooks.deliveries(red, id))) ?? {};
    expect(items.map(({ seq }) => seq)).toEqual(Array.from({ length: 100 }, (_, i) => 103 - i));
    expect(items[0]).toEqual({ time: expect.any(String), seq: 103, event: 'pickup', status: 204, ms: 5 });
    expect(JSON.stringify(items)).not.toContain('Hulda');
    expect(await clock.settling(webhooks.deliveries(blue, id))).toBeUndefined();
  });

  it('is signed with both secrets for a day after another one was made', async () => {
    const { id, secret: old } = await add();
    const { secret, oldSecretUntil } = (await clock.settling(webhooks.rotate(red, id))) ?? { secret: '' };
    expect(oldSecretUntil).toBe(new Date(clock.now() + dayMs).toISOString());
    const passes = ({ headers, body, at }: Message) => {
      vi.useFakeTimers({ toFake: ['Date'], now: at });
      const isGood = [old, secret].map((one) => {
        try {
          return new Verifier(one).verify(body, headers) !== undefined;
        } catch {
          return false;
        }
      });
      vi.useRealTimers();
      return isGood;
    };
    await order('red', '1');
    await clock.advance(dayMs);
    await order('red', '2');
    await clock.advance(200);
    expect(sent.map(passes)).toEqual([
      [true, true],
      [false, true],
    ]);
  });

  it('ends with the key that made it, and goes on with the one that resumes it', async () => {
    const { id: ofAnybody } = await add();
    isKeyed = true;
    await close();
    await open();
    await clock.advance(200);
    expect(await find(red, ofAnybody)).toMatchObject({ status: 'paused', reason: 'key' });
    paused = [];
    const key = { role: 'vendor', owner: 'red', name: '', hint: '', createdAt: '' } as const;
    for (const id of ['one', 'two']) {
      await clock.settling(store.keys.add({ ...key, id, hash: Buffer.alloc(32, id) }));
    }
    credential = 'key:one';
    const { id } = await add();
    await order('red', '1');
    await clock.advance(200);
    await clock.settling(store.keys.revoke('one', '2026-11-20T18:00:00.000Z'));
    await order('red', '2');
    await clock.advance(200);
    expect(seqs()).toEqual([1]);
    expect(paused).toEqual([`${id} key`]);
    credential = 'key:two';
    await clock.settling(webhooks.resume(red, id));
    await clock.advance(200);
    expect(seqs()).toEqual([1, 2]);
    // Also while nothing happens.
    await clock.settling(store.keys.revoke('two', '2026-11-20T18:00:00.000Z'));
    await clock.advance(61_000);
    expect(await find(red, id)).toMatchObject({ status: 'paused', reason: 'key' });
  });

  it('is sent a record again, with the same id, if the hub was killed before it could note the answer', async () => {
    await add();
    answer = () => new Promise(() => {});
    await order('red', '1');
    await order('red', '2');
    await clock.advance(200);
    expect(seqs()).toEqual([1]);
    // What was killed says nothing more; another one begins on the same store.
    answer = () => status(200);
    start();
    await clock.advance(200);
    expect(seqs()).toEqual([1, 1, 2]);
    expect(new Set(idsOf(sent)).size).toBe(2);
  });

  it('goes on where it stopped after a restart, and removed gets nothing', async () => {
    const { id } = await add();
    await order('red', '1');
    await clock.advance(200);
    await close();
    await open();
    await order('red', '2');
    await clock.advance(200);
    expect(seqs()).toEqual([1, 2]);
    expect(await clock.settling(webhooks.remove(blue, id))).toBe(false);
    expect(await clock.settling(webhooks.remove(red, id))).toBe(true);
    await order('red', '3');
    await clock.advance(hourMs);
    expect(seqs()).toEqual([1, 2]);
    expect(await store.outbound.count('try')).toBe(0);
  });

  it('paused while it is sent to keeps its place, and is sent that record once more when it goes on', async () => {
    const { id } = await add();
    let take: (result: SendResult) => void = () => {};
    answer = () => new Promise((resolve) => (take = resolve));
    await order('red', '1');
    await clock.advance(200);
    await clock.settling(webhooks.pause(red, id));
    take(status(200));
    await clock.advance(200);
    expect(await find(red, id)).toMatchObject({ status: 'paused', reason: 'asked', seq: 0 });
    answer = () => status(200);
    await clock.settling(webhooks.resume(red, id));
    await clock.advance(200);
    expect(idsOf(sent)[1]).toBe(idsOf(sent)[0]);
    expect(seqs()).toEqual([1, 1]);
  });
});

it('one that never answers holds up no other, and a few are sent to at once', async () => {
  let under = 0;
  let most = 0;
  answer = async ({ url: to }) => {
    if (to.includes('slow')) {
      under += 1;
      most = Math.max(most, under);
      await clock.wait(15_000);
      under -= 1;
      return { kind: 'failed', fault: 'timeout', ms: 15_000 };
    }
    return status(200);
  };
  for (let shop = 0; shop < 6; shop += 1) {
    for (let i = 0; i < 9; i += 1)
      await add({ role: 'vendor', store: `shop${shop}` }, { url: 'https://slow.example/' });
  }
  await add(red);
  for (let shop = 0; shop < 6; shop += 1) await order(`shop${shop}`, '1');
  await order('red', '1');
  await clock.advance(300);
  expect(most).toBe(16);
  await clock.advance(30_000);
  expect(sent.filter((message) => message.url === url)).toHaveLength(1);
  expect(most).toBe(16);
});

it('without a webhook nothing is read, and no timer runs', async () => {
  const before = clock.pending;
  await order('red', '1');
  await clock.advance(5_000);
  expect(clock.pending).toBeLessThanOrEqual(before);
  expect(sender.counts.webhooks).toEqual({ active: 0, failing: 0, paused: 0 });
});
