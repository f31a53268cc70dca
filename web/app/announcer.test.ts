import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Announcer } from './announcer.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('announces the first sentence at once, and the latest of each topic together after five seconds', () => {
  const announcer = new Announcer();
  const said: string[] = [];
  announcer.subscribe(() => said.push(announcer.get()));
  announcer.say('a', () => 'First.');
  announcer.say('a', () => 'Second.');
  announcer.say('a', () => 'Third.');
  announcer.say('b', () => 'Other.');
  expect(said).toEqual(['First.']);
  vi.advanceTimersByTime(5_000);
  expect(said).toEqual(['First.', 'Third. Other.']);
  vi.advanceTimersByTime(60_000);
  expect(said).toHaveLength(2);
  announcer.close();
});
