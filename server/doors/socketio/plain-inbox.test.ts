import { setImmediate as turn } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { limits } from '../../../protocol/limits.ts';
import { PlainInbox, type PlainPacket } from './plain-inbox.ts';

/** An inbox, the lots in which it is handled, and how many of them are let go on. */
function boxOf() {
  const lots: string[][] = [];
  const failed: string[] = [];
  const gates: PromiseWithResolvers<void>[] = [];
  const handled = (lot: readonly PlainPacket[]): Promise<void> => {
    lots.push(lot.map(({ args }) => `${args[0]}`));
    const origins = Promise.withResolvers<void>();
    gates.push(origins);
    return origins.promise;
  };
  const busy: boolean[] = [];
  const inbox = new PlainInbox({
    onBusy: (isBusy) => void busy.push(isBusy),
    onEvents: handled,
    onOther: (said) => handled([said]),
    onError: (_, { args }) => void failed.push(`${args[0]}`),
  });
  const say = (word: string, ...names: string[]) => {
    for (const name of names) inbox.push({ word, args: [name], answer: () => {} });
  };
  const next = async (error?: Error) => {
    await turn();
    if (error) gates.shift()?.reject(error);
    else gates.shift()?.resolve();
    await turn();
  };
  return { lots, failed, busy, say, next };
}

it('events that follow each other are asked together, the rest one by one, all in their order', async () => {
  const { lots, say, next } = boxOf();
  say('pickup', 'a', 'b');
  say('join', 'c');
  say('getAll', 'd');
  say('delivered', 'e');
  await next();
  say('in-transit', 'f');
  for (let i = 0; i < 4; i += 1) await next();
  expect(lots).toEqual([['a', 'b'], ['c'], ['d'], ['e', 'f']]);
});

it('a thousand orders at once are four lots, and it is busy until the last is handled', async () => {
  const { busy, lots, say, next } = boxOf();
  say('pickup', ...Array.from({ length: 1_000 }, (_, i) => `${i}`));
  for (let i = 0; i < 3; i += 1) await next();
  expect(busy).toEqual([true]);
  await next();
  expect(busy).toEqual([true, false]);
  expect(lots.map(({ length }) => length)).toEqual([limits.batch, limits.batch, limits.batch, 232]);
  expect(lots.flat()).toEqual(Array.from({ length: 1_000 }, (_, i) => `${i}`));
});

it('what cannot be handled does not keep the rest from it', async () => {
  const { lots, failed, say, next } = boxOf();
  say('pickup', 'a', 'b');
  say('join', 'c');
  await next(new Error('broken'));
  await next();
  expect([failed, lots]).toEqual([
    ['a', 'b'],
    [['a', 'b'], ['c']],
  ]);
});
