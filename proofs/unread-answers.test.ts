import { mkdtempSync, rmSync } from 'node:fs';
import { get, type IncomingMessage } from 'node:http';
import { connect as connectTcp, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { connect, type NewCommand } from '../client/client.ts';
import type { CapsRecord, ParcelView } from '../protocol/messages.ts';
import { type HubProcess, startHub } from '../testkit/hub-process.ts';

/** Clients that send a request and do not read the answer. */
const readers = 15;
/**
 * Records of some 10 kB in the log, and in one parcel: a whole answer is larger than the kernel's buffers for its
 * connection, so that a hub which makes it at once grows past the limit.
 */
const orders = 350;
const notes = 350;
const records = orders + notes;
const part = 'x'.repeat(1_000);
const parts = Object.fromEntries(Array.from({ length: 10 }, (_, i) => [`part${i}`, part]));
/** Limit of the hub's live memory for all of these clients. */
const growthMaxBytes = 32 * 1024 * 1024;

const folder = mkdtempSync(join(tmpdir(), 'caps-'));
const scale = join(folder, 'scale');
let hub: HubProcess;
let tracking: string;

beforeAll(async () => {
  hub = await startHub({
    node: [
      ...['--max-old-space-size=128', '--max-semi-space-size=8'],
      ...['--expose-gc', '--import=./testkit/weigh.ts'],
    ],
    env: { WEIGH_AT: scale },
  });
  const shop = connect({ url: hub.url, identity: { role: 'vendor', store: 'red' } });
  const send = async (commands: NewCommand[]) => {
    const answers = await Promise.all(commands.map((command) => shop.command(command)));
    expect(answers.filter(({ ok }) => !ok)).toEqual([]);
  };
  await send(
    Array.from({ length: orders }, (_, i) => ({
      event: 'pickup',
      payload: { store: 'red', orderID: String(i), customer: 'Hulda', address: 'Pass', ...parts },
    })),
  );
  const payload = { store: 'red', orderID: '7' };
  await send(
    Array.from({ length: notes }, (_, i) => ({ event: 'note', payload, details: { text: String(i) } })),
  );
  shop.close();
  // Clients that read take what the first such load needs once, whatever it holds.
  const encodings = Array.from({ length: readers }, (_, i) => (i % 2 === 0 ? 'gzip' : 'identity'));
  await Promise.all(
    encodings.map(async (encoding) =>
      (await asked('/api/events?format=csv', { 'accept-encoding': encoding })).whole(),
    ),
  );
  const life = JSON.parse(await (await asked('/api/orders/red/7')).whole()) as { tracking: string };
  tracking = new URL(life.tracking).pathname;
}, 120_000);
afterAll(async () => {
  await hub.dispose();
  rmSync(folder, { recursive: true });
});

/** An answer that stays unread until the end. */
interface Unread {
  readonly status: number;
  /** Resolves with the whole answer or, for a stream, with everything up to `end`. */
  whole(end?: string): Promise<string>;
  close(): void;
}

/** Resolves when the answer has begun. @param from the client's loopback address */
function asked(path: string, headers: Record<string, string> = {}, from = '127.0.0.1'): Promise<Unread> {
  return new Promise((resolve, reject) => {
    const options = { agent: false, headers, localAddress: from } as const;
    get(`${hub.url}${path}`, options, (response: IncomingMessage) => {
      response.pause();
      response.on('error', () => {});
      resolve({
        status: response.statusCode ?? 0,
        whole: (end) => (end === undefined ? text(response) : textUntil(response, end)),
        close: () => void response.destroy(),
      });
    }).on('error', reject);
  });
}

async function textUntil(response: IncomingMessage, end: string): Promise<string> {
  let all = '';
  for await (const chunk of response.setEncoding('utf8')) {
    all += String(chunk);
    // Searches only the new data.
    if (all.indexOf(end, all.length - String(chunk).length - end.length) >= 0) break;
  }
  return all;
}

/** The hub's memory after a garbage collection, in bytes; the maximum of so many measurements. */
async function memory(looks = 1): Promise<number> {
  let most = 0;
  for (let look = 0; look < looks; look += 1) most = Math.max(most, Number(await text(connectTcp(scale))));
  return most;
}

const stream = { accept: 'text/event-stream' };
const linesOf = (whole: string) => whole.trimEnd().split('\n');
const seqsFrom = (first: number, count: number) => Array.from({ length: count }, (_, i) => first + i);
const seqs = (items: readonly CapsRecord[]) => items.map(({ seq }) => seq);

interface Case {
  readonly path: () => string;
  readonly headers?: Record<string, string>;
  /** Throws if the answer is incomplete. */
  readonly check?: (whole: string) => void;
  /** It is a stream. */
  readonly isStream?: boolean;
  /** The stream's last part. */
  readonly end?: string;
}

const cases: Readonly<Record<string, Case>> = {
  'the log as a table': {
    path: () => '/api/events?format=csv',
    check: (whole) => expect(whole.trimEnd().split('\r\n')).toHaveLength(records + 1),
  },
  'the log as lines of JSON': {
    path: () => '/api/events?format=ndjson',
    check: (whole) => {
      const all = linesOf(whole).map((line) => JSON.parse(line) as CapsRecord);
      expect(seqs(all)).toEqual(seqsFrom(1, records));
    },
  },
  'the log as lines of JSON, compressed': {
    path: () => '/api/events?format=ndjson',
    headers: { 'accept-encoding': 'gzip' },
  },
  'a search’s result as a table': { path: () => '/api/events?format=csv&q=hulda' },
  'pages of the log': {
    path: () => '/api/events?limit=500&after=0',
    check: (whole) => {
      const { items, next } = JSON.parse(whole) as { items: CapsRecord[]; next: string };
      expect(seqs(items)).toEqual(seqsFrom(1, items.length));
      expect(next).toMatch(new RegExp(`\\.${items.length}$`));
      expect(whole.length).toBeLessThan(600_000);
    },
  },
  'pages of a search': { path: () => '/api/events?limit=500&q=hulda' },
  'pages of orders': {
    path: () => '/api/orders?limit=500',
    check: (whole) => {
      const { items, next } = JSON.parse(whole) as { items: ParcelView[]; next: string };
      expect(items.map(({ payload }) => payload.orderID)).toEqual(
        items.map((_, i) => String(orders - 1 - i)),
      );
      expect(next).toMatch(new RegExp(`\\.${orders - items.length + 1}$`));
      expect(whole.length).toBeLessThan(600_000);
    },
  },
  'the life of a parcel': {
    path: () => '/api/orders/red/7',
    check: (whole) => {
      const life = JSON.parse(whole) as { records: CapsRecord[]; parcel: ParcelView };
      expect(life.records.map(({ rev }) => rev)).toEqual(seqsFrom(1, notes + 1));
      expect(life.parcel.rev).toBe(notes + 1);
    },
  },
  'a stream of all that was': {
    path: () => '/api/events?after=0',
    headers: stream,
    isStream: true,
    end: `"seq":${records},`,
    check: (whole) => {
      const all = [...whole.matchAll(/^data: \{"seq":(\d+),/gm)].map(([, seq]) => Number(seq));
      expect(all).toEqual(seqsFrom(1, records));
    },
  },
  'a stream of news': { path: () => '/api/connections', headers: stream, isStream: true },
  'who is connected': { path: () => '/api/connections' },
  'the customer’s page': { path: () => tracking },
  'the customer’s page as a stream': { path: () => `${tracking}/live`, isStream: true },
  'the numbers of the hub': { path: () => '/metrics' },
  'the document of REST': { path: () => '/openapi.json' },
  'the documentation’s script': { path: () => '/docs/swagger-ui-bundle.js' },
};

test.each(Object.entries(cases))(
  '[S1][S2][S3] %s, asked for by fifteen who do not read, costs bounded memory and keeps nobody else waiting',
  {
    timeout: 120_000,
  },
  async (name, { path, headers, check, isStream = false, end }) => {
    // One client reads first, to fill the caches.
    const first = await asked(path(), headers);
    if (isStream) first.close();
    else await first.whole();
    const before = await memory();
    const all = await Promise.all(Array.from({ length: readers }, () => asked(path(), headers)));
    onTestFinished(() => {
      for (const one of all) one.close();
    });
    const most = await memory(2);
    console.log(`${name}: ${before} bytes before, ${most} while ${readers} do not read`);
    expect(most - before).toBeLessThan(growthMaxBytes);
    const answered = all.filter(({ status }) => status === 200);
    expect(answered.length).toBeGreaterThan(10);
    for (const { status } of all) expect([200, 503]).toContain(status);

    const good = await asked('/api/events?limit=10', {}, '127.0.0.2');
    expect(JSON.parse(await good.whole())).toMatchObject({ items: { length: 10 } });

    const [one, ...others] = answered;
    if (check) check((await one?.whole(end)) ?? '');
    for (const other of [...others, ...(isStream && one ? [one] : [])]) other.close();
    // Their addresses have their full allowance again.
    const next = await asked('/api/events?limit=10');
    expect(next.status).toBe(200);
    await next.whole();
  },
);

/** Resolves when a connection has received data, which it does not read. */
function unreadSocket(port: number, request: string): Promise<Socket> {
  return new Promise((resolve) => {
    const socket = connectTcp(port, '127.0.0.1', () => socket.write(request));
    socket.once('readable', () => resolve(socket));
  });
}

test('[S2][S3] a thousand requests in one packet get their answers in sequence', {
  timeout: 120_000,
}, async () => {
  const before = await memory();
  const request = 'GET /api/events?limit=500 HTTP/1.1\r\nhost: localhost\r\n\r\n';
  const sockets = await Promise.all(
    Array.from({ length: 4 }, () => unreadSocket(Number(new URL(hub.url).port), request.repeat(1_000))),
  );
  const most = await memory(2);
  console.log(`pipelined: ${before} bytes before, ${most} while they are not read`);
  expect(most - before).toBeLessThan(growthMaxBytes);
  const good = await asked('/api/events?limit=10', {}, '127.0.0.2');
  expect(good.status).toBe(200);
  await good.whole();
  for (const socket of sockets) socket.destroy();
});
