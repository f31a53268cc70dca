import { expect, it } from 'vitest';
import type { Command } from '../../protocol/messages.ts';
import { SimulatedClock } from '../../testkit/simulation/clock.ts';
import { AnswerCache, knownSizeMax } from './answer-cache.ts';

const note = (id: string): Command => ({
  ...{ event: 'note', payload: { store: 'red', orderID: '1' }, details: { text: 'Ring twice.' } },
  id,
});

it('[S3] long answers are bounded by their size: the oldest go first', () => {
  const answers = new AnswerCache<{ readonly now: string }>(new SimulatedClock());
  const long = { now: 'x'.repeat(8_000) };
  const count = Math.ceil(knownSizeMax / 8_000) + 1;
  for (let i = 0; i < count; i += 1) answers.remember('ana', note(`n${i}`), long);
  expect(answers.of('ana', note('n0'))).toBeUndefined();
  expect(answers.of('ana', note(`n${count - 1}`))).toBe(long);
  expect(answers.of('ana', note(`n${count - 400}`))).toBe(long);
  answers.close();
});
