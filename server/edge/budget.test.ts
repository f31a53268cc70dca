import { beforeEach, expect, it } from 'vitest';
import { SimulatedClock } from '../../testkit/simulation/clock.ts';
import { Budget, type Length, type Share } from './budget.ts';

let clock: SimulatedClock;
let budget: Budget;
const limits = { total: 100, perAddress: 40, waitMs: 2_000, waitingMax: 4, waitingPerAddress: 3 };
const stays = new AbortController().signal;

beforeEach(() => {
  clock = new SimulatedClock();
  budget = new Budget(clock, limits);
});

const take = async (address: string, bytes: number, length: Length = 'page'): Promise<Share> => {
  const share = await budget.take(address, bytes, stays, length);
  if (!share) throw new Error('it has gone');
  return share;
};

/** Whether it has come by now. */
async function has(share: Promise<unknown>): Promise<boolean> {
  const none = {};
  return (await Promise.race([share, new Promise((resolve) => setImmediate(resolve, none))])) !== none;
}

it('[S3] one address gets its part, and another one gets something all the same', async () => {
  const first = await take('a', 30);
  const second = take('a', 30);
  expect(await has(second)).toBe(false);
  await take('b', 30);
  first.free();
  first.free();
  await second;
  expect(budget.held).toBe(60);
});

it('[S3] an answer without room is busy after a while, and so is one too many that waits', async () => {
  await take('a', 40);
  const waiting = [1, 2, 3].map((bytes) => budget.take('a', bytes, stays));
  await expect(budget.take('a', 1, stays)).rejects.toMatchObject({ code: 'busy', retryable: true });
  const refused = Promise.allSettled(waiting);
  await clock.advance(limits.waitMs);
  expect((await refused).map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
  expect(budget.held).toBe(40);
});

it('the address that holds least comes first, and within it the oldest request', async () => {
  const [a, b] = await Promise.all([take('a', 40), take('b', 20)]);
  const c = await take('c', 40);
  const order: string[] = [];
  for (const [address, bytes] of [
    ['b', 10],
    ['b', 5],
    ['d', 40],
  ] as const) {
    void take(address, bytes).then(() => order.push(`${address}${bytes}`));
  }
  c.free();
  await new Promise((resolve) => setImmediate(resolve));
  expect(order).toEqual(['d40']);
  a.resize(10);
  await new Promise((resolve) => setImmediate(resolve));
  expect(order).toEqual(['d40', 'b10', 'b5']);
  b.free();
  expect(budget.held).toBe(10 + 40 + 15);
});

it('nobody waits for somebody who has gone', async () => {
  const first = await take('a', 40);
  const gone = new AbortController();
  const left = budget.take('a', 40, gone.signal);
  const next = take('a', 10);
  gone.abort();
  expect(await left).toBeUndefined();
  first.free();
  await next;
  expect(await budget.take('a', 1, gone.signal)).toBeUndefined();
  expect(budget.held).toBe(10);
});

it('an answer that is larger than anybody may have takes all that one may have', async () => {
  await take('a', 1_000);
  expect(budget.held).toBe(limits.perAddress);
});

it('[S3] long answers have three quarters, in all and of one address, and a page finds room beside them', async () => {
  const long = await Promise.all(['a', 'b', 'c'].map((address) => take(address, 25, 'long')));
  expect(await has(take('d', 1, 'long'))).toBe(false);
  await take('d', 20);
  await take('a', 5);
  expect(budget.held).toBe(100);
  expect(await has(take('b', 1))).toBe(false);
  long[0]?.free();
  await new Promise((resolve) => setImmediate(resolve));
  expect(budget.held).toBe(100 - 25 + 1 + 1);
});

it('[S3] long answers of one address have three quarters at most, and no page waits behind one', async () => {
  await take('a', 1_000, 'long');
  expect(budget.held).toBe(30);
  const waiting = take('a', 1, 'long');
  expect(await has(waiting)).toBe(false);
  await take('a', 10);
  expect(budget.held).toBe(40);
});
