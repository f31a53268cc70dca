import { beforeEach, expect, test } from 'vitest';
import { viewOfRed } from '../../../testkit/stub-browser.ts';
import { safeLocalStorage } from '../../app/safe-storage.ts';
import { cancellableAmong, forgetSamples, noteSample, ownSamples } from './open-samples.ts';

beforeEach(() => safeLocalStorage.forget('samples.red'));

test('samples are known to this browser by their shop, until they were offered', () => {
  for (const orderID of ['a', 'b']) noteSample('red', orderID);
  expect([ownSamples('red'), ownSamples('blue')]).toEqual([['a', 'b'], []]);
  forgetSamples('red');
  expect(ownSamples('red')).toEqual([]);
});

test('the latest thousand are known', () => {
  for (let i = 0; i <= 1_000; i += 1) noteSample('red', `s${i}`);
  const known = ownSamples('red');
  expect([known.length, known[0], known.at(-1)]).toEqual([1_000, 's1', 's1000']);
});

test('those that nobody carries can be cancelled, and what is no sample is never among them', () => {
  const orders = (
    [
      ['a', 'ready'],
      ['b', 'claimed'],
      ['c', 'in-transit'],
      ['d', 'delivered'],
      ['e', 'cancelled'],
      ['own', 'ready'],
    ] as const
  ).map(([orderID, status]) => ({ view: viewOfRed(orderID, status, 2) }));
  expect(cancellableAmong(['a', 'b', 'c', 'd', 'e', 'unknown'], orders)).toEqual(['a', 'b']);
});
