import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Status, statuses } from './events.ts';
import type { CapsRecord } from './messages.ts';
import { areOfParcels, matches, matchesParcel, parseSearch, statusesLeft } from './search.ts';

describe('parseSearch', () => {
  const word = (value: string, exclude = false) => ({ value, exclude });

  it.each([
    ['', []],
    ['  \t ', []],
    ['Hulda  Parker', [word('hulda'), word('parker')]],
    ['-red', [word('red', true)]],
    ['"Meluk Pass"', [word('meluk pass')]],
    ['-"Meluk Pass"', [word('meluk pass', true)]],
    ['event:Delivered', [{ field: 'event', ...word('delivered') }]],
    ['EVENT:x', [{ field: 'event', ...word('x') }]],
    ['-store:red', [{ field: 'store', ...word('red', true) }]],
    ['driver:"Ana Maria"', [{ field: 'driver', ...word('ana maria') }]],
    [
      'via:tcp order:7',
      [
        { field: 'via', ...word('tcp') },
        { field: 'order', ...word('7') },
      ],
    ],
    ['colour:red', [word('colour:red')]],
    ['order:', [word('order:')]],
    ['""', []],
    ['-', [word('-')]],
    ['"open', [word('"open')]],
  ])('%s', (text, terms) => expect(parseSearch(text)).toEqual(terms));

  it('never fails, and never makes an empty term', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) =>
        parseSearch(text).every(({ value }) => value !== ''),
      ),
    );
  });
});

describe('matches', () => {
  const record: CapsRecord = {
    seq: 7,
    event: 'attempt-failed',
    time: '2026-11-20T18:03:11.246Z',
    status: 'failed',
    rev: 4,
    payload: {
      store: 'Red',
      orderID: 'Mi8qe',
      customer: 'Hulda Parker',
      address: '835 Meluk Pass',
      weight: 3,
    },
    details: { reason: 'not-home' },
    by: { role: 'driver', id: 'd-1', name: 'Ana Maria' },
    via: 'tcp',
  };
  const given = (text: string, more: Partial<CapsRecord> = {}) =>
    matches({ ...record, ...more }, parseSearch(text));

  it.each([
    '',
    'hulda',
    'ulda',
    'PASS',
    '"hulda parker"',
    'not-home',
    'ana',
    'event:failed',
    'event:attempt-failed',
    'store:red',
    'order:mi8qe',
    'via:tcp',
    'driver:d-1',
    'driver:"ana maria"',
    '-blue',
    '-store:blue event:failed parker',
  ])('finds it by: %s', (text) => expect(given(text)).toBe(true));

  it.each([
    'blue',
    'hulda blue',
    '-hulda',
    '"parker hulda"',
    'event:fail',
    'event:delivered',
    'store:re',
    'order:8',
    'via:rest',
    'driver:ana',
    '-driver:d-1',
    '-event:failed',
  ])('does not find it by: %s', (text) => expect(given(text)).toBe(false));

  it.each([
    ['elodie', 'Élodie Marchand'],
    ['ÉLODIE', 'elodie'],
    ['e\u0301lodie', '\u00c9lodie'],
    ['istanbul', 'İstanbul'],
    ['"grosse strasse"', 'Große\u00a0Straße'],
    ['autobahn', 'Auto\u00adbahn'],
    ['+49170123456', 'tel. +49 170 123-456'],
    ['"+49 170 123 456"', '+49170123456'],
    ['+49 170 123 456', '+49170123456'],
    ['store:cafe', 'x'],
    ['driver:jose', 'x'],
    ['order:a-ubung', 'x'],
  ])('what people take for the same meets: %s in %s', (text, customer) => {
    const payload = { store: 'Café', orderID: 'A-Übung', customer, address: '1' };
    const by = { role: 'driver', id: 'José' } as const;
    expect(given(text, { payload, by })).toBe(true);
    const view = { payload, status: 'ready', rev: 1, attempts: 0, createdAt: '', changedAt: '' } as const;
    expect(matchesParcel({ ...view, holder: by }, parseSearch(text), 0)).toBe(true);
  });

  it.each(['order:101', 'order:1', 'elodia'])('does not find another order or customer: %s', (text) => {
    expect(given(text, { payload: { ...record.payload, orderID: '10-1', customer: 'Élodie' } })).toBe(false);
  });

  it('joins the record’s texts once for any number of words', () => {
    let reads = 0;
    const record: CapsRecord = {
      seq: 1,
      event: 'note',
      time: '',
      status: 'ready',
      rev: 1,
      via: 'hub',
      by: { role: 'hub', id: 'hub' },
      get payload() {
        reads += 1;
        return { store: 'red', orderID: '1', customer: 'Hulda', address: '835 Meluk Pass' };
      },
    };
    expect(matches(record, parseSearch('hulda meluk pass 835 -parker -elm'))).toBe(true);
    expect(reads).toBe(1);
  });

  it('counts the driver for whom dispatch acted as the driver, and dispatch not', () => {
    const by = { role: 'admin', id: 'admin' } as const;
    const forBen = { by, details: { driver: 'd-2', name: 'Ben' } };
    expect(given('driver:d-2', forBen)).toBe(true);
    expect(given('driver:ben', forBen)).toBe(true);
    expect(given('driver:admin', forBen)).toBe(false);
    expect(given('driver:admin', { by })).toBe(false);
  });
});

describe('what a parcel is now', () => {
  const now = Date.parse('2026-11-30T10:00:00Z');
  const given = (text: string, status: Status, dueAt?: string): boolean => {
    const payload = {
      store: 'red',
      orderID: '1',
      customer: 'is:late',
      address: '1',
      ...(dueAt ? { dueAt } : {}),
    };
    const view = { payload, status, rev: 1, attempts: 0, createdAt: '', changedAt: '' };
    return matchesParcel(view, parseSearch(text), now);
  };
  const [past, future] = ['2026-11-30T10:59:59+01:00', '2026-11-30T10:00:00Z'];

  it.each([
    ['is:open', ['ready', 'claimed', 'in-transit', 'failed', 'returning']],
    ['-is:open', ['delivered', 'returned', 'cancelled']],
    ['IS:Late', ['ready', 'claimed', 'in-transit', 'failed']],
    ['-is:late', ['returning', 'delivered', 'returned', 'cancelled']],
    ['is:open -is:late', ['returning']],
    ['is:late event:failed', ['failed']],
  ])('%s', (text, expected) => {
    expect(statuses.filter((status) => given(text, status, past))).toEqual(expected);
    // The list reads these statuses alone.
    expect(statusesLeft(statuses, parseSearch(text))).toEqual(expect.arrayContaining(expected));
  });

  it('is late only past its due time', () => {
    expect([past, future, undefined].map((due) => given('is:late', 'ready', due))).toEqual([
      true,
      false,
      false,
    ]);
    expect([past, future, undefined].map((due) => given('-is:late', 'ready', due))).toEqual([
      false,
      true,
      true,
    ]);
  });

  it('is one of two words; another is a word like any', () => {
    expect(parseSearch('is:lately is:"late" "is:late"').map(({ field }) => field)).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    expect(areOfParcels(parseSearch('elm -is:late'))).toBe(true);
    expect(given('"is:late"', 'ready')).toBe(true);
  });
});
