import { describe, expect, it, test } from 'vitest';
import {
  effectOf,
  eventNames,
  holderRuleOf,
  isAttempt,
  isCorrectable,
  isFinished,
  isHeld,
  isRemark,
  life,
  statuses,
} from './events.ts';

test('a status is either open, held or finished', () => {
  expect(statuses.filter((status) => isHeld(status) && isFinished(status))).toEqual([]);
  expect(statuses.filter((status) => !isHeld(status) && !isFinished(status))).toEqual(['ready']);
});

describe.each(eventNames)('%s', (event) => {
  const ways = life.filter((step) => step.event === event);

  it('can happen', () => expect(ways.length).toBeGreaterThan(0));

  it('as a remark changes neither status nor holder nor attempts', () => {
    if (!isRemark(event)) return expect(effectOf(event)).not.toBe('remark');
    expect(ways.map(({ to }) => to)).toEqual(ways.map(() => 'same'));
    expect([holderRuleOf(event), isAttempt(event), isCorrectable(event)]).toEqual(['same', false, false]);
  });

  it('creates a parcel only if it has none before it', () => {
    expect(ways.some(({ from }) => from.includes('none'))).toBe(effectOf(event) === 'begin');
  });

  it('restores an earlier state only as a correction', () => {
    const goesBack = ways.some(({ to }) => to === 'before') || holderRuleOf(event) === 'before';
    expect(goesBack).toBe(effectOf(event) === 'correct');
  });

  it('leaves no holder if the parcel is ready or cancelled after it', () => {
    const isFree = ways.some(({ to }) => to === 'ready' || to === 'cancelled');
    expect(holderRuleOf(event) === 'nobody').toBe(isFree);
  });
});

test('an event of a later hub has no known effect', () => {
  expect([effectOf('photo-added'), holderRuleOf('photo-added'), isAttempt('photo-added')]).toEqual([
    undefined,
    'same',
    false,
  ]);
  expect(isCorrectable('photo-added')).toBe(false);
});
