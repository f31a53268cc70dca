import { beforeEach, expect, it } from 'vitest';
import { SimulatedClock } from '../../testkit/simulation/clock.ts';
import { Faults } from './faults.ts';

let clock: SimulatedClock;
let lines: string[];
let faults: Faults;

beforeEach(() => {
  clock = new SimulatedClock();
  lines = [];
  const write =
    (level: string) => (fields: { times?: number; seconds?: number; err?: unknown }, words: string) => {
      const { times, seconds, err } = fields;
      const more = [
        times && `times ${times}`,
        seconds && `seconds ${seconds}`,
        err ? 'with its stack' : undefined,
      ];
      lines.push([level, words, ...more.filter(Boolean)].join(' | '));
    };
  faults = new Faults({ error: write('error'), warn: write('warn') }, clock);
});

const full = Object.assign(new Error('database or disk is full'), { code: 'ERR_SQLITE_ERROR' });
const words = 'a commit failed: database or disk is full';
const told = () => lines.splice(0);

it('[S4] a full disk is one line when it begins, a count each minute, and one line when it is over', async () => {
  for (let i = 0; i < 10; i += 1) faults.report(full, 'a commit failed');
  expect(told()).toEqual([`error | ${words}`]);
  await clock.advance(60_000);
  expect(told()).toEqual([`error | ${words}: again, in the last minute | times 9`]);
  for (let i = 0; i < 5; i += 1) faults.report(full, 'a commit failed');
  await clock.advance(30_000);
  faults.mended('a commit failed');
  expect(told()).toEqual([`warn | ${words}: this is over | times 15 | seconds 90`]);
  faults.mended('a commit failed');
  await clock.advance(600_000);
  expect(told()).toEqual([]);
  faults.report(full, 'a commit failed');
  expect(told()).toEqual([`error | ${words}`]);
});

it('a fault that nobody mends is over when it has not been seen for a minute', async () => {
  for (let i = 0; i < 3; i += 1) faults.report(full, 'a subscription could not start');
  await clock.advance(180_000);
  expect(told()).toEqual([
    'error | a subscription could not start: database or disk is full',
    'error | a subscription could not start: database or disk is full: again, in the last minute | times 2',
    'warn | a subscription could not start: database or disk is full: this has not been seen for a minute | times 3 | seconds 120',
  ]);
});

it('a bug is told with its stack, each of several, once', async () => {
  for (const name of ['a is not a function', 'b is not a function', 'a is not a function'])
    faults.report(new TypeError(name), 'a request could not be handled');
  expect(told()).toEqual(Array(2).fill('error | a request could not be handled | with its stack'));
  faults.report(new TypeError('a is not a function'), 'another thing');
  expect(told()).toHaveLength(1);
});

it('however many faults differ, what is kept is bounded', async () => {
  for (let i = 0; i < 1_000; i += 1) faults.report(new Error(`no. ${i}`), 'a request could not be handled');
  expect(lines).toHaveLength(101);
  expect(clock.pending).toBe(101);
  faults.close();
  expect(clock.pending).toBe(0);
});
