import { expect, it } from 'vitest';
import { CallerQueue } from './caller-queue.ts';

function drained(queue: CallerQueue<string>): string[] {
  const all: string[] = [];
  for (let one = queue.next(); one !== undefined; one = queue.next()) all.push(one);
  return all;
}

it('a caller with one request waits for one of each other caller, however many those have', () => {
  const queue = new CallerQueue<string>();
  for (const one of ['a1', 'a2', 'a3', 'a4']) queue.push('a', one);
  for (const one of ['b1', 'c1', 'c2']) queue.push(one.charAt(0), one);
  expect(queue.next()).toBe('a1');
  queue.push('a', 'a5');
  expect(drained(queue)).toEqual(['b1', 'c1', 'a2', 'c2', 'a3', 'a4', 'a5']);
  expect(queue.next()).toBeUndefined();
});

it('[S1] more than it holds is refused as busy, of one caller and of all, and there is room again afterwards', () => {
  const queue = new CallerQueue<string>();
  const fill = (caller: string): number => {
    for (let count = 0; ; count += 1) {
      try {
        queue.push(caller, caller);
      } catch (error) {
        expect(error).toMatchObject({ code: 'busy', retryable: true });
        return count;
      }
    }
  };
  const mine = fill('a');
  expect(fill('b')).toBe(mine);
  let all = 2 * mine;
  for (let i = 0; i < 100; i += 1) all += fill(`c${i}`);
  expect(fill('late')).toBe(0);
  expect(drained(queue)).toHaveLength(all);
  expect(fill('a')).toBe(mine);
});
