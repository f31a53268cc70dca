import { io } from 'socket.io-client';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Answer, CapsRecord } from '../../../protocol/messages.ts';
import { type RealHub, startRealHub } from '../../../testkit/real-hub.ts';
import { orderOf, stepOf } from '../../../testkit/test-client.ts';

let hub: RealHub;

beforeAll(async () => {
  hub = await startRealHub();
  await send({ role: 'vendor', store: 'red' }, orderOf('red', '1'), orderOf('red', '2', { customer: 'Ida' }));
  await send({ role: 'vendor', store: 'blue' }, orderOf('blue', '1', { customer: 'Canary' }));
  await send(
    { role: 'driver', driver: 'ana' },
    ...['in-transit', 'delivered'].map((step) => stepOf(step, 'red', '1')),
  );
});
afterAll(() => hub.close());
afterEach(() => expect(hub.faults).toEqual([]));

async function send(who: object, ...commands: object[]): Promise<void> {
  const socket = io(`${hub.url}/caps`, {
    auth: { protocol: 1, ...who },
    transports: ['websocket'],
    forceNew: true,
  });
  const answers: Answer[] = await socket.emitWithAck('commands', commands);
  expect(answers.every(({ ok }) => ok)).toBe(true);
  socket.close();
}

interface Page {
  items: CapsRecord[];
  next: string;
  prev: string | null;
}

async function get<T>(path: string): Promise<T> {
  const response = await fetch(hub.url + path);
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toMatch(/^application\/json/);
  return (await response.json()) as T;
}
const seqs = ({ items }: Page): number[] => items.map(({ seq }) => seq);

describe('/api/events', () => {
  it('reads the newest page, back to the beginning and forwards to the end', async () => {
    const newest = await get<Page>('/api/events?limit=2');
    expect(seqs(newest)).toEqual([4, 5]);
    const older = await get<Page>(`/api/events?limit=2&before=${newest.prev}`);
    expect(seqs(older)).toEqual([2, 3]);
    const oldest = await get<Page>(`/api/events?limit=2&before=${older.prev}`);
    expect([seqs(oldest), oldest.prev]).toEqual([[1], null]);
    expect(seqs(await get<Page>(`/api/events?after=${oldest.next}`))).toEqual([2, 3, 4, 5]);
    expect(seqs(await get<Page>('/api/events?after=0&limit=500'))).toEqual([1, 2, 3, 4, 5]);
  });

  it('searches', async () => {
    expect(seqs(await get<Page>('/api/events?q=event:pickup%20-store:blue'))).toEqual([1, 2]);
    expect(seqs(await get<Page>('/api/events?q=driver:ana'))).toEqual([4, 5]);
    expect(seqs(await get<Page>('/api/events?q=ida'))).toEqual([2]);
  });

  it('narrows by field, each exactly', async () => {
    expect(seqs(await get<Page>('/api/events?event=in-transit'))).toEqual([4]);
    expect(seqs(await get<Page>('/api/events?q=event:ready'))).toEqual([1, 2, 3]);
    expect(seqs(await get<Page>('/api/events?event=pickup&store=RED&q=-order:2'))).toEqual([1]);
    expect(seqs(await get<Page>('/api/events?driver=ana&via=socket.io&after=4'))).toEqual([5]);
    expect(seqs(await get<Page>('/api/events?via=tcp'))).toEqual([]);
  });

  it('[A1] as a store or a driver it shows what they may see', async () => {
    const red = await get<Page>('/api/events?as=store:red');
    expect(seqs(red)).toEqual([1, 2, 3, 4]);
    expect(JSON.stringify(red)).not.toMatch(/blue|Canary/);
    expect(seqs(await get<Page>('/api/events?as=driver:ana'))).toEqual([4, 5]);
    expect(seqs(await get<Page>('/api/events?as=store:green'))).toEqual([]);
  });
});

describe('/api/orders', () => {
  const names = ({ items }: { items: { payload: { store: string; orderID: string } }[] }): string[] =>
    items.map(({ payload }) => `${payload.store}/${payload.orderID}`);

  it('lists what is for a time, with bounds that are included', async () => {
    const { items } = await get<{ items: { createdAt: string }[] }>('/api/orders?store=blue');
    const at = items[0]?.createdAt ?? '';
    const after = new Date(Date.parse(at) + 1).toISOString();
    expect(names(await get(`/api/orders?store=blue&dueFrom=${at}&dueTo=${at}`))).toEqual(['blue/1']);
    expect(names(await get(`/api/orders?store=blue&dueFrom=${after}`))).toEqual([]);
    expect(names(await get(`/api/orders?as=store:red&store=blue&dueTo=${after}`))).toEqual([]);
  });

  it('lists by status, store and driver, page by page', async () => {
    expect(names(await get('/api/orders'))).toEqual(['blue/1', 'red/2', 'red/1']);
    expect(names(await get('/api/orders?status=delivered'))).toEqual(['red/1']);
    expect(names(await get('/api/orders?status=open'))).toEqual(['blue/1', 'red/2']);
    expect(names(await get('/api/orders?status=open&store=red'))).toEqual(['red/2']);
    expect(names(await get('/api/orders?store=red'))).toEqual(['red/2', 'red/1']);
    expect(names(await get('/api/orders?driver=ana'))).toEqual(['red/1']);
    const first = await get<{ items: []; next: string }>('/api/orders?limit=2');
    const second = await get<{ items: []; next: null }>(`/api/orders?limit=2&cursor=${first.next}`);
    expect([...names(first), ...names(second)]).toEqual(['blue/1', 'red/2', 'red/1']);
    expect(second.next).toBeNull();
  });

  it('searches: event: is the status, driver: the holder', async () => {
    expect(names(await get('/api/orders?q=event:ready'))).toEqual(['blue/1', 'red/2']);
    expect(names(await get('/api/orders?q=driver:ana%20store:red'))).toEqual(['red/1']);
    expect(names(await get('/api/orders?q=meluk%20-canary&status=ready'))).toEqual(['red/2']);
    expect(names(await get('/api/orders?q=order:1%20-event:delivered'))).toEqual(['blue/1']);
    const first = await get<{ items: []; next: string }>('/api/orders?limit=2&q=meluk');
    const second = await get<{ items: []; next: null }>(`/api/orders?limit=2&q=meluk&cursor=${first.next}`);
    expect([...names(first), ...names(second)]).toEqual(['blue/1', 'red/2', 'red/1']);
    expect(second.next).toBeNull();
  });

  it('[A1] shows a store its own alone', async () => {
    expect(names(await get('/api/orders?as=store:red'))).toEqual(['red/2', 'red/1']);
    expect(names(await get('/api/orders?as=store:red&store=blue'))).toEqual([]);
  });

  it('tells one order’s life', async () => {
    type Life = { parcel: object; records: CapsRecord[]; tracking?: string };
    const life = await get<Life>('/api/orders/red/1?as=store:red');
    expect(life.parcel).toMatchObject({ status: 'delivered', holder: { id: 'ana' }, rev: 3 });
    expect(life.records.map(({ seq, event }) => [seq, event])).toEqual([
      [1, 'pickup'],
      [3, 'in-transit'],
      [4, 'delivered'],
    ]);
    expect(life.tracking).toMatch(new RegExp(`^${hub.url}/track/trk_[\\w-]{32}$`));
    const { tracking } = await get<Life>('/api/orders/red/1?as=driver:ana');
    expect(tracking).toBeUndefined();
  });
});
