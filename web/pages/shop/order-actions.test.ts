import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Answer, Command } from '../../../protocol/messages.ts';
import {
  pageTimers,
  recordOfRed,
  restoreBrowser,
  stubBrowser,
  viewOfRed,
} from '../../../testkit/stub-browser.ts';
import { OrderActions } from './order-actions.ts';
import { Orders } from './orders.ts';

const command = vi.fn<(command: Partial<Command>) => Promise<Answer>>();
const recorded = vi.fn();
const changed = vi.fn();
let orders: Orders;
let actions: OrderActions;

beforeEach(() => {
  vi.resetAllMocks();
  stubBrowser();
  orders = new Orders();
  orders.view(viewOfRed('a', 'failed', 4));
  actions = new OrderActions({
    store: 'red',
    client: { command },
    timers: pageTimers,
    orders,
    recorded,
    changed,
  });
});
afterEach(restoreBrowser);

const yes: Answer = { ok: true, seq: 5, rev: 5, status: 'cancelled', time: '2026-01-01T00:01:00.000Z' };
const no: Answer = {
  ok: false,
  error: { code: 'wrong-status', message: 'It is on its way.', retryable: false },
};
const state = () => actions.states.get('a');

test('Cancel works until the hub answers, and then can be undone by its rev for 20 seconds', async () => {
  command.mockResolvedValue(yes);
  const done = actions.step('a', 'cancelled');
  expect(state()).toEqual({ kind: 'working' });
  await done;
  expect(recorded).toHaveBeenCalledWith({ event: 'cancelled', payload: { store: 'red', orderID: 'a' } }, yes);
  expect(state()).toEqual({ kind: 'undo', rev: 5 });
  await vi.advanceTimersByTimeAsync(20_000);
  expect(state()).toBeUndefined();
});

test('Undo corrects the step, once', async () => {
  command.mockResolvedValue(yes);
  await actions.step('a', 'cancelled');
  await actions.undo('a');
  await actions.undo('a');
  expect(command.mock.calls.map(([{ event, details }]) => [event, details])).toEqual([
    ['cancelled', undefined],
    ['corrected', { rev: 5 }],
  ]);
  expect(state()).toBeUndefined();
});

test('a refusal stays on the order until the shop has seen it', async () => {
  command.mockResolvedValue(no);
  await actions.step('a', 'cancelled');
  expect(state()).toEqual({ kind: 'refused', message: expect.any(String) });
  expect(recorded).not.toHaveBeenCalled();
  actions.acknowledge('a');
  expect(state()).toBeUndefined();
});

test('the order keeps its place while an action on it goes on', async () => {
  orders.view({ ...viewOfRed('b', 'ready', 1), createdAt: '2026-02-01T00:00:00.000Z' });
  expect(orders.placed.ids()).toEqual(['a', 'b']);
  command.mockResolvedValue(yes);
  await actions.step('a', 'cancelled');
  orders.seen(recordOfRed('a', 5, 'cancelled', 'cancelled', { role: 'vendor', id: 'red' }));
  expect(orders.placed.ids()).toEqual(['a', 'b']);
  actions.acknowledge('a');
  expect(orders.placed.ids()).toEqual(['b', 'a']);
});

test('a note says why the hub refused it', async () => {
  command.mockResolvedValueOnce(yes).mockResolvedValueOnce(no);
  expect(await actions.note('a', 'Side door.')).toBeUndefined();
  expect(await actions.note('a', 'Side door.')).toEqual(expect.any(String));
  expect(command.mock.calls[0]?.[0]).toMatchObject({ event: 'note', details: { text: 'Side door.' } });
});

test('a note of the driver is unread until the shop reads it', () => {
  const ana = { role: 'driver', id: 'ana' } as const;
  orders.record(recordOfRed('a', 5, 'note', 'failed', ana, { text: 'Which bell?' }));
  expect(orders.said.size).toBe(1);
  actions.read('a');
  expect(orders.said.size).toBe(0);
});
