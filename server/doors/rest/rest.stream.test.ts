import { request } from 'node:http';
import { connect, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { cursorOf, readCursor } from '../../../protocol/ids.ts';
import { type RealHub, startRealHub } from '../../../testkit/real-hub.ts';
import { type Message, openStream, recordsIn, type Stream } from '../../../testkit/rest-client.ts';
import { openClient, orderOf } from '../../../testkit/test-client.ts';

let hub: RealHub;
let streams: Stream[];

beforeEach(async () => {
  hub = await startRealHub();
  streams = [];
});
afterEach(async () => {
  for (const stream of streams) stream.close();
  await hub.close();
  expect(hub.faults).toEqual([]);
});

/** Resolves when the stream has said its place: what happens from now on is in it. */
async function follow(
  query = '',
  headers: Record<string, string> = {},
  path = '/api/events',
): Promise<Stream> {
  const stream = await openStream(`${hub.url}${path}?${query}`, headers);
  streams.push(stream);
  expect(stream.response.headers['content-type']).toBe('text/event-stream');
  await stream.until(({ id, event }) => id !== undefined || event === 'presence');
  return stream;
}

async function post(path: string, body: object = {}): Promise<{ seq: number }> {
  const response = await fetch(`${hub.url}/api/orders${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  const text = await response.text();
  expect(response.ok, text).toBe(true);
  return JSON.parse(text);
}
const place = (store: string, orderID: string, more = {}) =>
  post('', { store, orderID, customer: 'Hulda', address: '835 Meluk Pass', ...more });
const step = (event: string, key: string, driver = 'ana', body = {}) =>
  post(`/${key}/${event}?as=driver:${driver}`, body);
const cancel = (key: string) => post(`/${key}/cancelled`);

const isOf = (event: string, orderID: string) => (message: Message) =>
  recordsIn([message]).some((one) => one.event === event && one.payload.orderID === orderID);
const seqs = ({ messages }: Stream): number[] => recordsIn(messages).map(({ seq }) => seq);
const lastId = ({ messages }: Stream): string => messages.findLast(({ id }) => id !== undefined)?.id ?? '';
const epoch = (stream: Stream): string => readCursor(lastId(stream))?.epoch ?? '';

describe('a stream of events', () => {
  it('[D3] begins now, says the cursor of each record, and goes on where one was', async () => {
    await place('red', '1');
    const first = await follow();
    expect(lastId(first)).toBe(cursorOf(epoch(first), 1));
    await place('red', '2');
    await place('red', '3');
    await first.until(isOf('pickup', '3'));
    const ids = first.messages.filter(({ data }) => data).map(({ id }) => id);
    expect(ids).toEqual([2, 3].map((seq) => cursorOf(epoch(first), seq)));
    first.close();

    await place('red', '4');
    // A browser that comes back sends the same address, and where it was.
    const again = await follow('after=0', { 'last-event-id': cursorOf(epoch(first), 2) });
    await place('red', '5');
    await again.until(isOf('pickup', '5'));
    expect(seqs(again)).toEqual([3, 4, 5]);
    for (const after of ['1', cursorOf(epoch(first), 1)]) {
      const resumed = await follow(`after=${after}`);
      await resumed.until(isOf('pickup', '5'));
      expect(seqs(resumed)).toEqual([2, 3, 4, 5]);
    }
  });

  it('[D3] of another log’s cursor it says so, and begins now', async () => {
    await place('red', '1');
    for (const [query, headers] of [
      ['after=abcdef012345.1', {}],
      ['after=99', {}],
      ['', { 'last-event-id': 'nonsense' }],
    ] as const) {
      const stream = await follow(query, headers);
      const [reset, where] = stream.messages;
      expect(reset).toEqual({ event: 'reset', data: '{"reason":"bad-cursor"}' });
      expect(where).toEqual({ id: expect.stringMatching(/\.1$/) });
    }
    await place('red', '2');
    const [, , last] = streams;
    await last?.until(isOf('pickup', '2'));
    expect(last && recordsIn(last.messages).map(({ payload }) => payload.orderID)).toEqual(['2']);
  });

  it('[A1] gives a store its own in its own count', async () => {
    const red = await follow('as=store:red&after=0');
    await place('blue', '1', { customer: 'Canary' });
    await place('red', '1');
    await place('blue', '2');
    await cancel('red/1');
    await red.until(isOf('cancelled', '1'));
    expect(seqs(red)).toEqual([1, 2]);
    expect(lastId(red)).toBe(cursorOf(epoch(red), 2));
    expect(JSON.stringify(red.messages)).not.toMatch(/blue|Canary/);
  });

  it('merges what a driver sees: offers, their end, and the driver’s own, each once and in order', async () => {
    const ana = await follow('as=driver:ana&name=Ana');
    const ben = await follow('as=driver:ben');
    await place('red', '1');
    await place('red', '2');
    // One after the other has been heard: what happens at once comes as what it comes to.
    await step('claimed', 'red/1');
    await ben.until(({ event }) => event === 'gone');
    await step('released', 'red/1');
    await ben.until(isOf('released', '1'));
    await step('in-transit', 'red/1');
    await cancel('red/2');
    await place('red', '3');
    for (const stream of [ana, ben]) await stream.until(isOf('pickup', '3'));
    expect(seqs(ana)).toEqual([1, 2, 3, 4, 5, 7]);
    expect(seqs(ben)).toEqual([1, 2, 4, 7]);
    const gone = ben.messages.flatMap(({ event, data = '' }) => (event === 'gone' ? JSON.parse(data) : []));
    expect(gone).toEqual([
      { store: 'red', orderID: '1', by: 'ana' },
      { store: 'red', orderID: '1', by: 'ana' },
      { store: 'red', orderID: '2', by: 'red' },
    ]);

    // Who was away hears what it comes to: parcel 1 is one's own, and 2 is nobody's any more.
    const late = await follow('as=driver:ana&after=0');
    await late.until(isOf('pickup', '3'));
    expect(seqs(late)).toEqual([3, 4, 5, 7]);
  });

  it('filters on the server, and moves the place of who hears nothing', async () => {
    for (let i = 1; i <= 300; i += 1) await place(i % 2 ? 'red' : 'blue', `${i}`);
    const quiet = await follow('after=0&event=delivered');
    await quiet.until(({ id }) => (readCursor(id ?? '')?.seq ?? 0) >= 250);
    const some = await follow('after=0&store=blue&via=rest&q=-order:2');
    const none = await follow('driver=ben');
    await step('claimed', 'red/1');
    await step('in-transit', 'red/1');
    await step('delivered', 'red/1');
    await step('claimed', 'blue/4', 'ben');
    await Promise.all([
      quiet.until(isOf('delivered', '1')),
      some.until(isOf('claimed', '4')),
      none.until(isOf('claimed', '4')),
    ]);
    expect(seqs(quiet)).toEqual([303]);
    expect(seqs(some)).toHaveLength(150);
    expect(seqs(none)).toEqual([304]);
    const driver = await follow('as=driver:cleo&event=pickup');
    await place('red', 'offer');
    await step('claimed', 'red/offer');
    await place('red', 'last');
    await driver.until(isOf('pickup', 'last'));
    expect(driver.messages.filter(({ event }) => event === 'gone')).toEqual([]);
  });

  it('[D3] hears of everything once, however it is cut off and comes back', async () => {
    const heard: number[] = [];
    let stream = await follow();
    const writing = (async () => {
      for (let i = 1; i <= 120; i += 1) await place('red', `${i}`);
    })();
    for (let round = 0; round < 12; round += 1) {
      const sofar = heard.length;
      await stream.until((message) => recordsIn([message]).some(({ seq }) => seq > sofar + 3));
      stream.close();
      heard.push(...seqs(stream));
      stream = await follow('', { 'last-event-id': lastId(stream) });
    }
    await writing;
    await stream.until(isOf('pickup', '120'));
    heard.push(...seqs(stream));
    expect(heard).toEqual(Array.from({ length: 120 }, (_, i) => i + 1));
  });
});

describe('a reader that does not read', () => {
  it('[S2] is read to from the log at its own pace, and gets everything once', async () => {
    const note = 'x'.repeat(1_000);
    const more = Object.fromEntries(Array.from({ length: 12 }, (_, i) => [`k${i}`, note]));
    const watch = await follow('', {}, '/api/connections');
    const slow = connect(hub.port, '127.0.0.1');
    slow.write('GET /api/events?after=0 HTTP/1.1\r\nhost: localhost\r\naccept: text/event-stream\r\n\r\n');
    await new Promise((resolve) => slow.once('readable', resolve));
    slow.pause();
    // More than the two ends of a connection keep for each other, and the hub for one reader.
    const shop = await openClient(hub.url, { role: 'vendor', store: 'red' });
    const batch = (from: number) => Array.from({ length: 64 }, (_, i) => orderOf('red', `${from + i}`, more));
    const batches = 32;
    for (let i = 0; i < batches; i += 1) await shop.send(...batch(i * 64));
    shop.close();
    await watch.until(({ data }) => data?.includes('"lagging":true') ?? false);
    // Everyone else is served meanwhile.
    const live = await follow();
    await place('red', 'last', more);
    await live.until(isOf('pickup', 'last'));
    const all = Array.from({ length: batches * 64 + 1 }, (_, i) => i + 1);
    expect(await wholeOf(slow, '"orderID":"last"')).toEqual(all);
  });
});

/** The seqs of all that comes until this text does. */
function wholeOf(socket: Socket, end: string): Promise<number[]> {
  return new Promise((resolve) => {
    const chunks: string[] = [];
    socket.setEncoding('utf8');
    socket.on('data', (chunk: string) => {
      const tail = (chunks.at(-1) ?? '').slice(-end.length) + chunk;
      chunks.push(chunk);
      if (!tail.includes(end)) return;
      socket.destroy();
      resolve(Array.from(chunks.join('').matchAll(/\ndata: \{"seq":(\d+),/g), ([, seq]) => Number(seq)));
    });
    socket.resume();
  });
}

describe('who is connected', () => {
  it('is told once and as it changes: streams are in it while they last', async () => {
    const watch = await follow('', {}, '/api/connections');
    const red = await follow('as=store:red&name=Flowers');
    const { data } = await watch.until(({ data }) => data?.includes('Flowers') ?? false);
    const joined = JSON.parse(data ?? '').joined;
    expect(joined).toContainEqual(
      expect.objectContaining({ role: 'vendor', who: 'red', name: 'Flowers', door: 'rest' }),
    );
    const { items } = (await (await fetch(`${hub.url}/api/connections`)).json()) as {
      items: { who: string }[];
    };
    expect(items.map(({ who }) => who)).toEqual(['admin', 'red']);
    red.close();
    await watch.until(({ data }) => (data && JSON.parse(data).left?.length > 0) || false);
  });

  it('dispatch is told of what was refused and through which door, but not of lost races', async () => {
    const watch = await follow('', {}, '/api/connections');
    await place('red', '1');
    await step('claimed', 'red/1');
    for (const event of ['claimed', 'delivered']) {
      await fetch(`${hub.url}/api/orders/red/1/${event}?as=driver:ben`, { method: 'POST' });
    }
    const { data } = await watch.until(({ event }) => event === 'notice');
    expect(JSON.parse(data ?? '[]')).toEqual([
      expect.objectContaining({ kind: 'refused', code: 'stale-claim', door: 'rest', who: 'ben', count: 1 }),
    ]);
  });
});

describe('[S4] when the hub stops', () => {
  it('streams end in order, behind all that was recorded', async () => {
    const all = await Promise.all([follow(), follow('as=driver:ana'), follow('', {}, '/api/connections')]);
    await place('red', '1');
    const started = performance.now();
    await hub.close();
    await Promise.all(all.map(({ ended }) => ended));
    expect(performance.now() - started).toBeLessThan(900);
    expect(all.every(({ response }) => response.complete)).toBe(true);
    const [dispatch, ana] = all;
    expect([dispatch && seqs(dispatch), ana && seqs(ana)]).toEqual([[1], [1]]);
  });

  it('one that is not read does not hold it up', async () => {
    const asking = request(`${hub.url}/api/events`, { headers: { accept: 'text/event-stream' } });
    asking.end();
    await new Promise((resolve) => asking.once('response', resolve));
    await hub.close();
    asking.destroy();
  });
});
