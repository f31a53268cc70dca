import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { restoreBrowser, stubBrowser } from '../../../testkit/stub-browser.ts';
import { draftPrefix, ListHold } from './list-hold.ts';

beforeEach(() => stubBrowser());
afterEach(() => restoreBrowser());

const keys = (text: string) => Array.from(text);

test('shows rows in their order while nobody uses the list', () => {
  const hold = new ListHold();
  const [first, second] = [keys('bc'), keys('abc')];
  expect(hold.arrange(first)).toBe(first);
  expect(hold.arrange(second)).toBe(second);
});

test('keeps the rows while somebody uses the list; new ones wait for three seconds', async () => {
  const hold = new ListHold();
  hold.arrange(keys('bcd'));
  hold.touch();
  expect(hold.arrange(keys('abcd'))).toEqual(keys('bcd'));
  expect(hold.arrange(keys('adc'))).toEqual(keys('cd'));
  await vi.advanceTimersByTimeAsync(1_000);
  expect(hold.waiting.get()).toBe(1);
  const before = hold.released.get();
  await vi.advanceTimersByTimeAsync(2_100);
  expect(hold.released.get()).toBeGreaterThan(before);
  expect(hold.arrange(keys('adc'))).toEqual(keys('adc'));
});

test('keeps the rows while a finger is down; release shows the waiting ones', async () => {
  const hold = new ListHold();
  hold.arrange(keys('b'));
  hold.press();
  await vi.advanceTimersByTimeAsync(20_000);
  expect(hold.arrange(keys('ab'))).toEqual(keys('b'));
  hold.lift();
  hold.release();
  expect(hold.arrange(keys('ab'))).toEqual(keys('ab'));
});

test('a draft keeps its row when it becomes an order', () => {
  const hold = new ListHold();
  hold.arrange([`${draftPrefix}x`, 'b']);
  hold.touch();
  expect(hold.arrange(['a', 'x', 'b'])).toEqual(['x', 'b']);
});
