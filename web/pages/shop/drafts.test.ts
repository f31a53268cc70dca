import { beforeEach, expect, test, vi } from 'vitest';
import type { Answer, Command } from '../../../protocol/messages.ts';
import { Drafts } from './drafts.ts';

const order = { customer: 'Zoë', address: '12 Elm Street' };
const yes: Answer = { ok: true, seq: 1, rev: 1, status: 'ready', time: '2026-01-01T00:01:00.000Z' };
const no = (code: 'conflict' | 'id-reused' | 'too-large'): Answer => ({
  ok: false,
  error: { code, message: 'Too long.', retryable: false },
});

const command = vi.fn<(command: Partial<Command>) => Promise<Answer>>();
const recorded = vi.fn();
const renumbered = vi.fn();
const changed = vi.fn();
let drafts: Drafts;
let number: number;

beforeEach(() => {
  vi.resetAllMocks();
  number = 1_000;
  drafts = new Drafts({
    store: 'red',
    client: { command },
    numbers: { next: () => String(++number) },
    recorded,
    renumbered,
    changed,
  });
});

const answers = () => new Promise((resolve) => setTimeout(resolve));
const sentCommandIds = () => new Set(command.mock.calls.map(([{ id }]) => id));
const sentIds = () => command.mock.calls.map(([{ payload }]) => payload?.orderID);
const firstId = () => drafts.list[0]?.order.orderID ?? '';

test('an order shows as a draft until the hub has answered, the newest first', async () => {
  command.mockReturnValueOnce(new Promise(() => {})).mockResolvedValueOnce(yes);
  drafts.send(order);
  drafts.send({ ...order, customer: 'Ola' });
  expect(drafts.list.map((draft) => draft.order.customer)).toEqual(['Ola', 'Zoë']);
  expect(command).toHaveBeenCalledWith({
    event: 'pickup',
    payload: { ...order, store: 'red', orderID: expect.any(String) },
    id: expect.any(String),
  });
  await answers();
  expect(drafts.list.map((draft) => draft.order.customer)).toEqual(['Zoë']);
  expect(recorded).toHaveBeenCalledOnce();
});

test('the list is the same array until a draft comes, changes or goes', () => {
  command.mockReturnValue(new Promise(() => {}));
  drafts.send(order);
  const { list } = drafts;
  drafts.found('another');
  expect(drafts.list).toBe(list);
  drafts.found(firstId());
  expect(drafts.list).toEqual([]);
});

test('a number that another order has is replaced by the next one, and nothing is lost', async () => {
  command.mockResolvedValueOnce(no('conflict')).mockResolvedValueOnce(yes);
  drafts.send(order);
  await answers();
  expect(sentIds()).toEqual(['1001', '1002']);
  expect(renumbered).not.toHaveBeenCalled();
  expect(recorded).toHaveBeenCalledOnce();
  expect(drafts.list).toEqual([]);
});

test('an order is not taken for a repeat of the one that has its number and says the same, however young that is', async () => {
  const time = new Date().toISOString();
  command.mockResolvedValueOnce({ ...yes, duplicate: true, time }).mockResolvedValueOnce(yes);
  drafts.send(order);
  await answers();
  expect(sentIds()).toEqual(['1001', '1002']);
  expect(recorded).toHaveBeenCalledOnce();
  expect(drafts.list).toEqual([]);
});

test('an order that went twice, because its first answer was lost, is one order', async () => {
  command.mockResolvedValueOnce({ ...yes, duplicate: true }).mockResolvedValueOnce(no('id-reused'));
  drafts.send(order);
  await answers();
  expect(sentCommandIds().size).toBe(1);
  expect(drafts.list).toEqual([]);
});

test('two orders that say the same are two commands', () => {
  command.mockReturnValue(new Promise(() => {}));
  drafts.send(order);
  drafts.send(order);
  expect(sentCommandIds().size).toBe(2);
});

test('a shop whose numbers are all taken gets letters in the end', async () => {
  command.mockImplementation(async ({ payload }) =>
    /^\d+$/.test(payload?.orderID ?? '') ? no('conflict') : yes,
  );
  drafts.send(order);
  await answers();
  expect(sentIds().at(-1)).toMatch(/^[a-z2-9]{6}$/);
  expect(recorded).toHaveBeenCalledOnce();
});

test('a number that was taken while its order waited to be retried is replaced', async () => {
  command
    .mockResolvedValueOnce(no('too-large'))
    .mockResolvedValueOnce(no('conflict'))
    .mockResolvedValueOnce(yes);
  drafts.send(order);
  await answers();
  drafts.retry(firstId());
  await answers();
  expect(sentIds()).toEqual(['1001', '1001', '1002']);
  expect(sentCommandIds().size).toBe(1);
});

test('people who had time to read a number hear that its order got another one', async () => {
  const { promise, resolve } = Promise.withResolvers<Answer>();
  command.mockReturnValueOnce(promise).mockResolvedValueOnce(yes);
  drafts.send(order);
  const later = vi.spyOn(Date, 'now').mockReturnValue(Date.now() + 60_000);
  resolve(no('conflict'));
  await answers();
  later.mockRestore();
  expect(renumbered).toHaveBeenCalledExactlyOnceWith({ ...order, store: 'red', orderID: '1002' }, '1001');
});

test('a refused order says why, and goes again under the same id', async () => {
  command.mockResolvedValueOnce(no('too-large')).mockResolvedValueOnce(yes);
  drafts.send(order);
  await answers();
  expect(drafts.list).toMatchObject([{ refused: 'Too long.' }]);
  drafts.retry(firstId());
  expect(drafts.list[0]?.refused).toBeUndefined();
  await answers();
  expect(drafts.list).toEqual([]);
  const [first, second] = command.mock.calls.map(([{ payload }]) => payload?.orderID);
  expect(second).toBe(first);
});

test('a refused order stays when another till’s order gets its number, and goes under the next one', async () => {
  command
    .mockResolvedValueOnce(no('too-large'))
    .mockResolvedValueOnce(no('conflict'))
    .mockResolvedValueOnce(yes);
  drafts.send(order);
  await answers();
  drafts.found('1001');
  expect(drafts.list).toMatchObject([{ order, refused: 'Too long.' }]);
  drafts.retry('1001');
  await answers();
  expect(sentIds()).toEqual(['1001', '1001', '1002']);
  expect(drafts.list).toEqual([]);
});

test('a refused order goes when the shop dismisses it', async () => {
  command.mockResolvedValueOnce(no('too-large'));
  drafts.send(order);
  await answers();
  drafts.dismiss(firstId());
  expect(drafts.list).toEqual([]);
});

test('a closed page sends nothing and records nothing', async () => {
  command.mockResolvedValueOnce(yes);
  drafts.send(order);
  drafts.close();
  drafts.send(order);
  await answers();
  expect(command).toHaveBeenCalledOnce();
  expect(recorded).not.toHaveBeenCalled();
});
