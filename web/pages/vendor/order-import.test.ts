import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Answer, Order } from '../../../protocol/messages.ts';
import { restoreBrowser, stubBrowser } from '../../testing.ts';
import { OrderImport, resultOf } from './order-import.ts';

const recorded = { ok: true, rev: 1, status: 'ready', time: '2026-01-01T00:00:00.000Z' } as const;
const conflict: Answer = { ok: false, error: { code: 'conflict', message: 'Used.', retryable: false } };
const file = (rows: readonly string[]) => new File([['customer,address', ...rows].join('\n')], 'a.csv');
const many = Array.from({ length: 250 }, (_, i) => `Customer ${i},Road`);

beforeEach(() => stubBrowser());
afterEach(restoreBrowser);

async function stateOf(orders: OrderImport) {
  await vi.advanceTimersByTimeAsync(50);
  return orders.state.get();
}

test('nothing is sent before somebody says so, and then in pieces', async () => {
  const sent: Order[] = [];
  const orders = new OrderImport('red', {
    seq: () => 0,
    place: async (order) => {
      sent.push(order);
      return { ...recorded, seq: sent.length };
    },
  });
  await orders.read(file(many));
  expect(await stateOf(orders)).toMatchObject({ kind: 'preview', name: 'a.csv', bad: [] });
  expect(sent).toEqual([]);
  await orders.send();
  expect(sent).toHaveLength(250);
  expect(await stateOf(orders)).toMatchObject({ kind: 'done', wasStopped: false, placed: 250, known: 0 });
});

test('stopped, it ends with the piece that is on its way', async () => {
  let sent = 0;
  const orders = new OrderImport('red', {
    seq: () => 0,
    place: async () => {
      sent += 1;
      if (sent === 150) orders.stop();
      return { ...recorded, seq: sent };
    },
  });
  await orders.read(file(many));
  await orders.send();
  expect(sent).toBe(200);
  expect(await stateOf(orders)).toMatchObject({ kind: 'done', wasStopped: true, placed: 200 });
});

test('what was there before is told from what was sent twice, and from what is refused', async () => {
  const answers: Answer[] = [
    { ...recorded, duplicate: true, seq: 7 },
    { ...recorded, duplicate: true, seq: 8 },
    { ...recorded, seq: 9 },
    conflict,
  ];
  const orders = new OrderImport('red', { seq: () => 7, place: async () => answers.shift() ?? conflict });
  await orders.read(file(many.slice(0, 4)));
  await orders.send();
  const state = await stateOf(orders);
  expect(state).toMatchObject({ kind: 'done', placed: 2, known: 1, refused: [{ why: 'Used.' }] });
  expect(state.kind === 'done' && resultOf(state)).toBe(
    '2 orders were placed. 1 was there already. 1 was refused.',
  );
});

test('a file that is none says why, and another can be chosen', async () => {
  const orders = new OrderImport('red', { seq: () => 0, place: async () => conflict });
  await orders.read(new File([''], 'empty.csv'));
  expect(await stateOf(orders)).toEqual({ kind: 'choose', problem: 'This file is empty.' });
  await orders.send();
  await orders.read(file(['Hulda,1 Road']));
  expect((await stateOf(orders)).kind).toBe('preview');
});
