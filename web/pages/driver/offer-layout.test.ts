import { expect, test } from 'vitest';
import { OfferLayout } from './offer-layout.ts';
import type { Offer } from './shift-state.ts';

function offer(orderID: string, state: Offer['state'] = 'open'): Offer {
  const time = new Date(0).toISOString();
  const payload = { store: 'red', orderID, customer: 'Zoë', address: '12 Elm Street' };
  const view = { payload, status: 'ready', rev: 1, attempts: 0, createdAt: time, changedAt: time } as const;
  return { known: { view }, state };
}

/** A board whose rows `inSight` are seen, one letter each. */
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

test('an offer in sight keeps its place when one above it is taken, and when one is due sooner', () => {
  const seen = new TestBoard();
  expect(seen.show('abcdef', '')).toBe('abcdef');
  expect(seen.show('bcdef', 'abc')).toBe('a!bcdef');
  expect(seen.show('xbcydef', 'abc')).toBe('a!bcxydef');
  expect(seen.places.overdue).toBe(1);
});

test('what was taken says so for six seconds and leaves its place empty, as long as one below it is on offer', () => {
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

test('where all in sight was taken the next ones come after two seconds', () => {
  const seen = new TestBoard();
  seen.show('abcdef', '');
  expect(seen.show('cdef', 'ab')).toBe('a!b!cdef');
  seen.now = 1_900;
  expect(seen.show('cdef', 'ab')).toBe('a!b!cdef');
  seen.now = 2_100;
  expect(seen.show('cdef', 'ab')).toBe('cdef');
});

test('where more than half of what is in sight is empty, others come once nobody touches the page', () => {
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

test('out of sight all is in order, above too where the browser keeps what is in sight in its place', () => {
  const anchored = new TestBoard();
  anchored.show('abcdef', '');
  expect(anchored.show('xbcdyf', 'cd')).toBe('xbcdyf');
  const other = new TestBoard();
  other.show('abcdef', '');
  expect(other.show('xbcdyf', 'cd', { isAnchored: false })).toBe('a!bcdxyf');
});

test('what somebody does puts all in order', () => {
  const seen = new TestBoard();
  seen.show('abcdef', '');
  seen.show('xcdef', 'abc');
  expect(seen.show('xcdef', 'abc', { mayMove: true })).toBe('xcdef');
});
