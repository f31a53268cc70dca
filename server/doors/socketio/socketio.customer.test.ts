import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Client, connect } from '../../../client/client.ts';
import type { CapsRecord, Parcels, Welcome } from '../../../protocol/messages.ts';
import { type RealHub, startRealHub } from '../../../testkit/real-hub.ts';
import {
  dial,
  next,
  openClient,
  orderOf,
  refusalOf,
  stepOf,
  type TestClient,
} from '../../../testkit/test-client.ts';

let hub: RealHub;
let shop: TestClient;
let ana: TestClient;
/** Of the order `mine`. */
let key: string;

beforeAll(async () => {
  hub = await startRealHub();
  shop = await openClient(hub.url, { role: 'vendor', store: 'red' });
  ana = await openClient(hub.url, { role: 'driver', driver: 'ana', name: 'Ana' });
  await shop.send(orderOf('red', 'before'), orderOf('red', 'mine'), orderOf('red', 'after'));
  const life = await fetch(`${hub.url}/api/orders/red/mine?as=store:red`);
  const { tracking } = (await life.json()) as { tracking: string };
  key = tracking.replace(/^.*\//, '');
});
afterAll(async () => {
  shop.close();
  ana.close();
  await hub.close();
  expect(hub.faults).toEqual([]);
});

const customer = (more: object = {}) =>
  dial(`${hub.url}/caps`, { protocol: 1, role: 'customer', key, ...more });

describe('a customer', () => {
  it('[A1] sees their own parcel and nothing of the others of the shop, counted in its own records', async () => {
    const socket = customer();
    const heard: unknown[] = [];
    socket.onAny((...message: unknown[]) => heard.push(message));
    const [welcome, parcels] = await Promise.all([
      next<Welcome>(socket, 'welcome'),
      next<Parcels>(socket, 'parcels'),
    ]);
    expect(welcome).toMatchObject({ head: 1, actor: { role: 'customer', id: 'customer' } });
    expect(parcels).toMatchObject({ upTo: 1, more: false, items: [{ payload: { orderID: 'mine' } }] });
    const moved = next(socket, 'events');
    await ana.send(stepOf('claimed', 'red', 'after'), stepOf('claimed', 'red', 'mine'));
    expect(await moved).toMatchObject({ feed: 'parcel', prev: 1, upTo: 2, records: [{ event: 'claimed' }] });
    expect(JSON.stringify(heard)).not.toMatch(/before|after/);
    socket.close();
  });

  it('is told of the parcel when it has long been delivered', async () => {
    await ana.send(stepOf('in-transit', 'red', 'mine'), stepOf('delivered', 'red', 'mine'));
    const socket = customer();
    const { items } = await next<Parcels>(socket, 'parcels');
    expect(items).toMatchObject([{ payload: { orderID: 'mine' }, status: 'delivered' }]);
    socket.close();
  });

  it('[A1] can only write on the parcel, and only on their own', async () => {
    const client = await openClient(hub.url, { role: 'customer', key });
    const note = (orderID: string) => stepOf('note', 'red', orderID, { details: { text: 'Second floor' } });
    const delivered = stepOf('delivered', 'red', 'mine');
    const placed = orderOf('red', 'more');
    const answers = await client.send(note('mine'), note('before'), note('none'), delivered, placed);
    expect(answers.map((answer) => (answer.ok ? 'ok' : answer.error.code))).toEqual([
      ...['ok', 'unknown-parcel', 'unknown-parcel', 'not-allowed', 'not-allowed'],
    ]);
    client.close();
  });

  it.each([undefined, 'trk_', `trk_${'A'.repeat(32)}`, 'red', 'x'.repeat(1_000)])(
    '[A1] is nobody with another key, whatever it is: %s',
    async (wrong) => {
      const socket = customer({ key: wrong });
      expect(await refusalOf(socket)).toBe('unauthorized');
    },
  );

  it('[D3] follows through the SDK, and goes on where they were', async () => {
    const seen: CapsRecord[] = [];
    const follow = (after?: string): Client => {
      const client = connect({ url: hub.url, identity: { role: 'customer', key }, after });
      client.on('events', ({ records }) => seen.push(...records));
      return client;
    };
    const live = (client: Client) =>
      new Promise<void>((resolve) => client.on('state', ({ kind }) => kind === 'live' && resolve()));
    const first = follow('0');
    await live(first);
    const { cursor } = first;
    first.close();
    await shop.send(stepOf('note', 'red', 'mine', { details: { text: 'Thank you' } }));
    const second = follow(cursor);
    await live(second);
    second.close();
    expect(seen.map(({ seq, event }) => [seq, event])).toEqual([
      ...[
        [1, 'pickup'],
        [2, 'claimed'],
        [3, 'in-transit'],
        [4, 'delivered'],
      ],
      ...[
        [5, 'note'],
        [6, 'note'],
      ],
    ]);
  });
});
