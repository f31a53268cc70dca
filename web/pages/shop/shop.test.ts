import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Author, ParcelView } from '../../../protocol/messages.ts';
import {
  type HandWire,
  handDial,
  pageTimers,
  recordOfRed,
  restoreBrowser,
  stubBrowser,
  viewOfRed,
} from '../../../testkit/stub-browser.ts';
import { safeLocalStorage } from '../../app/safe-storage.ts';
import { Shop } from './shop.ts';

const ana: Author = { role: 'driver', id: 'ana' };

let hub: HandWire;
let shop: Shop;
/** What the hub answers when it is asked for a list of orders; undefined: that it cannot. */
let list: (path: string) => unknown;

/** Opens the page; the hub has answered for its list unless that takes longer than a frame. */
async function open(): Promise<void> {
  const { dial, wire } = handDial();
  shop = new Shop('red', { dial, timers: pageTimers });
  hub = wire();
  await frame();
}

const listed = (asOf: string, ...items: ParcelView[]) => ({ items, next: null, asOf });

beforeEach(async () => {
  safeLocalStorage.forget('cursor.store.red');
  list = () => listed('e.0', viewOfRed('old', 'delivered', 4, 'ana'));
  stubBrowser((path) =>
    path === '/api/hub' ? { version: '0', access: 'keyed', addresses: [] } : list(path),
  );
  await open();
});
afterEach(() => {
  shop.close();
  restoreBrowser();
});

/** Until what came by itself is drawn. */
const frame = () => vi.advanceTimersByTimeAsync(350);
const statuses = () => shop.state.get().orders.map(({ view }) => [view.payload.orderID, view.status]);
const thanked = () => shop.state.get().thanks.map(({ orderID }) => orderID);

/** Nobody has opened this shop in this browser before. */
function forget(): void {
  shop.close();
  safeLocalStorage.forget('cursor.store.red');
}

/** The shop has seen order `a` on its way at seq 2; at seq 3 it is delivered. */
const onItsWay = viewOfRed('a', 'in-transit', 2, 'ana');
const delivery = recordOfRed('a', 3, 'delivered', 'delivered', ana);

test('what is delivered between the list and the connection is shown and thanked for', async () => {
  forget();
  list = () => listed('e.2', onItsWay);
  await open();
  expect(statuses()).toEqual([['a', 'in-transit']]);
  expect(hub.handshake).toMatchObject({ after: 'e.2' });
  await vi.advanceTimersByTimeAsync(2_500);
  hub.welcome(3);
  hub.events('store', 2, [delivery]);
  await frame();
  expect(statuses()).toEqual([['a', 'delivered']]);
  expect(thanked()).toEqual(['a']);
});

test('[D3] a shop that was away goes on where it stopped reading, and thanks for each delivery once', async () => {
  hub.welcome(2);
  hub.parcels([viewOfRed('a', 'in-transit', 2, 'ana'), viewOfRed('b', 'in-transit', 2, 'ana')], 2);
  hub.events('store', 2, [recordOfRed('a', 3, 'delivered', 'delivered', ana)]);
  await frame();
  expect(thanked()).toEqual(['a']);

  shop.close();
  await open();
  expect(hub.handshake).toMatchObject({ after: 'e.3' });
  hub.welcome(4);
  hub.events('store', 3, [recordOfRed('b', 3, 'delivered', 'delivered', ana)]);
  await frame();
  expect(thanked()).toEqual(['b']);
  expect(statuses()).toContainEqual(['old', 'delivered']);
});

test('an order shows as sending, then as the hub has it', async () => {
  hub.welcome();
  hub.parcels();
  shop.drafts.send({ customer: 'Zoë', address: '12 Elm Street' });
  await frame();
  expect(shop.state.get().drafts).toHaveLength(1);
  expect(hub.commands).toMatchObject([{ event: 'pickup', payload: { store: 'red', customer: 'Zoë' } }]);
});

test('an order id that is taken is made anew, without a word', async () => {
  hub.welcome();
  hub.parcels();
  const ids = new Set<string>();
  hub.answer = ({ payload }) => {
    ids.add(payload.orderID);
    return ids.size === 1
      ? { ok: false, error: { code: 'conflict', message: 'Used.', retryable: false } }
      : { ok: true, seq: 1, rev: 1, status: 'ready', time: '2026-01-01T00:01:00.000Z' };
  };
  shop.drafts.send({ customer: 'Zoë', address: '12 Elm Street' });
  await frame();
  expect(ids.size).toBe(2);
  expect(shop.state.get().drafts).toEqual([]);
  expect(shop.state.get().counts.ready).toBe(1);
});

test('a refused order stays, says why, and can be let go', async () => {
  hub.welcome();
  hub.parcels();
  hub.answer = () => ({ ok: false, error: { code: 'too-large', message: 'Too long.', retryable: false } });
  shop.drafts.send({ customer: 'Zoë', address: '12 Elm Street' });
  await frame();
  const [draft] = shop.state.get().drafts;
  expect(draft?.refused).toBe('Too long.');
  shop.drafts.dismiss(draft?.order.orderID ?? '');
  await frame();
  expect(shop.state.get().drafts).toEqual([]);
});

test('a cancellation can be taken back by its rev', async () => {
  hub.welcome();
  hub.parcels([viewOfRed('a', 'ready', 1)]);
  hub.answer = ({ event }) =>
    event === 'cancelled'
      ? { ok: true, seq: 2, rev: 2, status: 'cancelled', time: '2026-01-01T00:01:00.000Z' }
      : { ok: true, seq: 3, rev: 3, status: 'ready', time: '2026-01-01T00:01:01.000Z' };
  await shop.actions.step('a', 'cancelled');
  await frame();
  expect(statuses()).toContainEqual(['a', 'cancelled']);
  expect(shop.state.get().actions.get('a')).toEqual({ kind: 'undo', rev: 2 });
  await shop.actions.undo('a');
  await frame();
  expect(hub.commands.at(-1)).toMatchObject({ event: 'corrected', details: { rev: 2 } });
  expect(statuses()).toContainEqual(['a', 'ready']);
  expect(shop.state.get().actions.size).toBe(0);
});

test('what a driver says stands at the order until it was read', async () => {
  hub.welcome();
  hub.parcels([viewOfRed('a', 'in-transit', 2, 'ana')]);
  hub.events('store', 0, [recordOfRed('a', 3, 'note', 'in-transit', ana, { text: 'Which bell?' })]);
  await frame();
  expect(shop.state.get().said.get('a')).toEqual({ from: 'ana', text: 'Which bell?' });
  shop.actions.read('a');
  await frame();
  expect(shop.state.get().said.size).toBe(0);
});
