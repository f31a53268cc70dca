import { expect, test } from 'vitest';
import { OfferLayout } from './offer-layout.ts';
import type { Offer } from './session-state.ts';

function offer(orderID: string, state: Offer['state'] = 'open'): Offer {
  const time = new Date(0).toISOString();
  const payload = { store: 'red', orderID, customer: 'Zoë', address: '12 Elm Street' };
  const view = { payload, status: 'ready', rev: 1, attempts: 0, createdAt: time, changedAt: time } as const;
  return { known: { view }, state };
}

/** A board on which each letter is an offer; the letters `inSight` are visible. */
class TestBoard {
  readonly places = new OfferLayout();
  now = 0;

  show(offers: string, inSight: string, { mayMove = false, isIdle = false, isAnchored = true } = {}): string {
    const rows = this.places.arrange({
      offers: Array.from(offers, (id) => offer(id)),
      isInSight: (key) => inSight.includes(key.slice(-1)),
      mayMove,
      isIdle,
      isAnchored,
      now: this.now,
    });
    const marks = { said: '!', empty: '_' };
    return rows.map(({ key, gone }) => key.slice(-1) + (gone ? marks[gone] : '')).join('');
  }
}

test('a visible offer keeps its position when one above is taken or a more urgent one arrives', () => {
  const seen = new TestBoard();
  expect(seen.show('abcdef', '')).toBe('abcdef');
  expect(seen.show('bcdef', 'abc')).toBe('a!bcdef');
  expect(seen.show('xbcydef', 'abc')).toBe('a!bcxydef');
  expect(seen.places.overdue).toBe(1);
});

test('a taken offer says so for six seconds and then leaves an empty place above the offers below', () => {
  const seen = new TestBoard();
  seen.show('abc', '');
  seen.show('ac', 'abc');
  seen.now = 5_900;
  expect(seen.show('ac', 'abc')).toBe('ab!c');
  expect(seen.places.changesAt).toBe(6_000);
  seen.now = 6_100;
  expect(seen.show('ac', 'abc')).toBe('ab_c');
  expect(seen.show('a', 'abc')).toBe('ab_c!');
  seen.now = 13_000;
  expect(seen.show('a', 'abc')).toBe('a');
});

test('when all visible offers are taken, the next ones appear after two seconds', () => {
  const seen = new TestBoard();
  seen.show('abcdef', '');
  expect(seen.show('cdef', 'ab')).toBe('a!b!cdef');
  seen.now = 1_900;
  expect(seen.show('cdef', 'ab')).toBe('a!b!cdef');
  seen.now = 2_100;
  expect(seen.show('cdef', 'ab')).toBe('cdef');
});

test('when more than half of the visible places are empty, other offers appear once the page is idle', () => {
  const seen = new TestBoard();
  seen.show('abcdefgh', '');
  expect(seen.show('efgh', 'abcde')).toBe('a!b!c!d!efgh');
  seen.now = 5_900;
  expect(seen.show('efgh', 'abcde', { isIdle: true })).toBe('a!b!c!d!efgh');
  seen.now = 6_100;
  expect(seen.show('efgh', 'abcde')).toBe('a_b_c_d_efgh');
  expect(seen.places.changesAt).toBe(7_100);
  expect(seen.show('efgh', 'abcde', { isIdle: true })).toBe('efgh');
});

test('invisible offers are sorted; those above only if the browser has scroll anchoring', () => {
  const anchored = new TestBoard();
  anchored.show('abcdef', '');
  expect(anchored.show('xbcdyf', 'cd')).toBe('xbcdyf');
  const other = new TestBoard();
  other.show('abcdef', '');
  expect(other.show('xbcdyf', 'cd', { isAnchored: false })).toBe('a!bcdxyf');
});

test('after a user’s action all offers are sorted', () => {
  const seen = new TestBoard();
  seen.show('abcdef', '');
  seen.show('xcdef', 'abc');
  expect(seen.show('xcdef', 'abc', { mayMove: true })).toBe('xcdef');
});
