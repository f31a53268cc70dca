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
const withdraw = vi.fn<(id: string) => boolean>();
const dismiss = vi.fn<(id: string) => void>();
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
    client: { command, withdraw, dismiss },
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

const changes = { address: '1 New Street', rev: 4 };

test('a change of an order is kept like any command, and its form says why it was refused', async () => {
  command.mockResolvedValueOnce(yes).mockResolvedValueOnce(no);
  expect(await actions.amend('a', changes)).toBeUndefined();
  expect(command.mock.calls[0]).toEqual([
    expect.objectContaining({ event: 'amended', details: changes, id: expect.any(String) }),
    { keep: true },
  ]);
  expect(await actions.amend('a', changes)).toMatchObject({ code: 'wrong-status' });
  // The form has said it: nothing stays behind.
  expect(dismiss).toHaveBeenCalledTimes(1);
  expect(state()).toBeUndefined();
});

test('a change without a connection shows on its order, and can be taken back until it is sent', async () => {
  vi.useFakeTimers();
  command.mockReturnValue(new Promise(() => {}));
  const saved = actions.amend('a', changes);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(state()).toEqual({ kind: 'amending' });
  withdraw.mockReturnValueOnce(false).mockReturnValueOnce(true);
  expect(actions.leave('a')).toBe(false);
  expect(actions.leave('a')).toBe(true);
  expect(await saved).toBe('withdrawn');
  expect(state()).toBeUndefined();
  vi.useRealTimers();
});

test('a change that was left when it may have been sent is changed back, and nothing else with it', async () => {
  let answer = (_: Answer): void => {};
  const answered = new Promise<Answer>((resolve) => {
    answer = resolve;
  });
  command.mockReturnValueOnce(answered).mockResolvedValueOnce(yes);
  const saved = actions.amend('a', { note: 'Ring twice', rev: 4 });
  expect(actions.leave('a')).toBe(false);
  answer(yes);
  await saved;
  expect(command.mock.calls[1]?.[0]).toMatchObject({ event: 'amended', details: { note: null, rev: 5 } });
});

test('a change that an earlier page left is sent, and its refusal stays until somebody has read it', async () => {
  const payload = { store: 'red', orderID: 'a' };
  const left = { command: { event: 'amended' as const, payload, details: changes, id: 'c1' }, at: 0 };
  let answer = (_: Answer): void => {};
  const answered = new Promise<Answer>((resolve) => {
    answer = resolve;
  });
  actions.restore({ waiting: [{ ...left, answer: answered }], refused: [] });
  expect(state()).toEqual({ kind: 'amending' });
  answer(no);
  await vi.waitFor(() => expect(state()).toMatchObject({ kind: 'refused' }));
  expect(dismiss).not.toHaveBeenCalled();
  actions.acknowledge('a');
  expect(dismiss).toHaveBeenCalledWith('c1');
});
