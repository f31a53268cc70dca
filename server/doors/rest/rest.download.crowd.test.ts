import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { type RealHub, startRealHub } from '../../../testkit/real-hub.ts';
import { openClient, orderOf } from '../../../testkit/test-client.ts';
import type { Deadlines } from '../../edge/listening.ts';

/** Far more than a connection and the kernel hold for a reader that does not read. */
const records = 1_600;
const more = Object.fromEntries(Array.from({ length: 12 }, (_, i) => [`part${i}`, 'x'.repeat(1_000)]));
const crowd = 1_000;

let hub: RealHub;
let answers: IncomingMessage[];

async function start(deadlines?: Deadlines): Promise<void> {
  hub = await startRealHub({ CAPS_RATE: 'off', CAPS_CONNECTIONS: 'off' }, deadlines);
  const shop = await openClient(hub.url, { role: 'vendor', store: 'red' });
  for (let at = 0; at < records; at += 50) {
    const some = Array.from({ length: 50 }, (_, i) => orderOf('red', `${at + i}`, more));
    const given = await shop.send(...some);
    expect(given.filter(({ ok }) => !ok)).toEqual([]);
  }
  shop.close();
}
beforeEach(() => {
  answers = [];
});
afterEach(() => {
  for (const answer of answers) answer.destroy();
});
async function end(): Promise<void> {
  await hub.close();
  expect(hub.faults).toEqual([]);
}

/** Resolves when the answer has begun; nothing of it is read. @param from the address of loopback that asks */
async function ask(path: string, from = '127.0.0.1'): Promise<IncomingMessage> {
  const request = get(hub.url + path, { agent: false, localAddress: from });
  const [answer] = (await once(request, 'response')) as [IncomingMessage];
  answer.on('error', () => {});
  answers.push(answer.pause());
  return answer;
}
const download = (from?: string) => ask('/api/events?format=ndjson', from);

/** What the hub holds for its readers, as it says itself to somebody else. */
async function held(): Promise<number> {
  const numbers = await text(await ask('/metrics', '127.0.0.9'));
  return Number(/^caps_answers_bytes (\d+)$/m.exec(numbers)?.[1]);
}

async function whole(answer: IncomingMessage | undefined): Promise<string> {
  return answer ? text(answer) : '';
}

async function linesOf(answer: IncomingMessage): Promise<number> {
  return (await text(answer)).trimEnd().split('\n').length;
}

describe('where nobody is cut off soon', () => {
  beforeAll(() => start());
  afterAll(end);

  it('[S3] a thousand downloads of one address that stand still: some are answered, the others are told to come again, nobody else waits, and all is free when they go', async () => {
    const nobody = await held();
    const all = await Promise.all(Array.from({ length: crowd }, () => download()));
    const begun = all.filter(({ statusCode }) => statusCode === 200);
    const refused = all.filter(({ statusCode }) => statusCode === 503);
    expect(begun.length).toBeGreaterThan(10);
    expect(begun.length + refused.length).toBe(crowd);
    expect(refused.map(({ headers }) => headers['retry-after'])).toEqual(refused.map(() => '1'));
    const [one] = refused;
    expect(JSON.parse(await whole(one))).toMatchObject({ code: 'busy', retryable: true });
    expect(await held()).toBeLessThan(9 * 1024 * 1024);
    expect(await linesOf(await download('127.0.0.2'))).toBe(records);

    for (const answer of all) answer.destroy();
    await vi.waitFor(async () => expect(await held()).toBe(nobody), { timeout: 60_000 });
    expect(await linesOf(await download())).toBe(records);
  });

  it('[S3] downloads of many addresses that stand still leave room for everybody’s pages', async () => {
    const crowds = ['127.0.1.1', '127.0.1.2', '127.0.1.3', '127.0.1.4', '127.0.1.5'];
    const all = await Promise.all(crowds.flatMap((from) => Array.from({ length: 20 }, () => download(from))));
    expect(all.filter(({ statusCode }) => statusCode === 200).length).toBeGreaterThan(50);
    expect(all.filter(({ statusCode }) => statusCode === 503).length).toBeGreaterThan(0);
    for (const from of ['127.0.0.2', ...crowds]) {
      const page = await ask('/api/orders?limit=1', from);
      expect([page.statusCode, JSON.parse(await whole(page)).items?.length]).toEqual([200, 1]);
    }
  });
});

it('[S3] an answer of which nothing is taken for too long is cut, and what it held is free', async () => {
  await start({ completeMs: 10_000, idleMs: 5_000, silentMs: 3_000 });
  onTestFinished(end);
  const nobody = await held();
  const all = await Promise.all(Array.from({ length: 10 }, () => download()));
  expect(all.map(({ statusCode }) => statusCode)).toEqual(all.map(() => 200));
  expect(await held()).toBeGreaterThan(nobody);
  await vi.waitFor(async () => expect(await held()).toBe(nobody), { timeout: 60_000 });
  // Half a file does not look like a whole one.
  await expect(whole(all[0])).rejects.toThrow();
});
