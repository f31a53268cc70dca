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

test('a status is open, held or finished, and never two of these', () => {
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

  it('begins a life where it comes from nothing, and only there', () => {
    expect(ways.some(({ from }) => from.includes('none'))).toBe(effectOf(event) === 'begin');
  });

  it('goes back where it takes something back, and only there', () => {
    const goesBack = ways.some(({ to }) => to === 'before') || holderRuleOf(event) === 'before';
    expect(goesBack).toBe(effectOf(event) === 'correct');
  });

  it('ends with nobody where the parcel is open again or called off', () => {
    const isFree = ways.some(({ to }) => to === 'ready' || to === 'cancelled');
    expect(holderRuleOf(event) === 'nobody').toBe(isFree);
  });
});

test('of an event that a later hub has, nothing is known', () => {
  expect([effectOf('photo-added'), holderRuleOf('photo-added'), isAttempt('photo-added')]).toEqual([
    undefined,
    'same',
    false,
  ]);
  expect(isCorrectable('photo-added')).toBe(false);
});
