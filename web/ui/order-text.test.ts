import { expect, test } from 'vitest';
import { localText } from '../app/due-time.ts';
import { amendmentOf, emptyText, orderOf, problemsOf, textOf } from './order-text.ts';

const now = Date.parse('2026-11-30T08:00:00.000Z');
const at = (hours: number) => new Date(now + hours * 3_600_000).toISOString();
const order = {
  store: 'red',
  orderID: '1042',
  customer: 'Élodie Marchand',
  address: '12 rue du Bac\n75007 Paris',
  dueAt: new Date(now + 6 * 3_600_000 + 12_345).toISOString(),
  phone: '+33 1 23',
};
const typed = { ...emptyText, customer: 'Zoë', address: '12 Elm Street' };

test('only what was typed anew is amended, whatever the form cannot show of the rest', () => {
  const before = textOf(order);
  expect(before.address).toBe('12 rue du Bac, 75007 Paris');
  expect(amendmentOf(before, before)).toEqual({});
  expect(amendmentOf(before, { ...before, address: ' 14 rue du Bac ', phone: '' })).toEqual({
    address: '14 rue du Bac',
    phone: null,
  });
  expect(amendmentOf(before, { ...before, dueAt: localText(at(8)), notBefore: localText(at(7)) })).toEqual({
    dueAt: at(8),
    notBefore: at(7),
  });
});

test('a new order has the parts that are given', () => {
  expect(orderOf(typed)).toEqual({ customer: 'Zoë', address: '12 Elm Street' });
  expect(orderOf({ ...typed, email: 'zoe@flowers.example', dueAt: localText(at(2)) })).toEqual({
    customer: 'Zoë',
    address: '12 Elm Street',
    email: 'zoe@flowers.example',
    dueAt: at(2),
  });
});

test('a window that ends before it begins is refused under its end', () => {
  const reversed = { ...typed, notBefore: localText(at(4)), dueAt: localText(at(2)) };
  expect(problemsOf(reversed, now)).toEqual({ dueAt: expect.stringContaining('before “Not before”') });
  expect(problemsOf({ ...reversed, dueAt: localText(at(4)) }, now)).toEqual({});
});

test('an order that is late already can still be corrected', () => {
  const before = textOf({ ...order, dueAt: at(-1) });
  expect(problemsOf({ ...before, address: '1 Road' }, now, before)).toEqual({});
  expect(problemsOf({ ...before, dueAt: localText(at(-2)) }, now, before)).toEqual({
    dueAt: expect.stringContaining('still to come'),
  });
  // The other end of its window was moved past it.
  expect(problemsOf({ ...before, notBefore: localText(at(1)) }, now, before)).toHaveProperty('dueAt');
  expect(problemsOf({ ...before, customer: ' ' }, now, before)).toHaveProperty('customer');
});

test('a time of the night in which the shop’s clocks change is not guessed', () => {
  const found = (dueAt: string) =>
    problemsOf({ ...emptyText, customer: 'a', address: 'b', dueAt }, 0, undefined, 'Europe/Berlin').dueAt;
  expect(found('2027-03-28T02:30')).toBe(
    'The clocks are set forward over this time that night: choose another one.',
  );
  expect(found('2026-10-25T02:30')).toBe('The clocks show this time twice that night: choose another one.');
  expect(found('2026-10-25T03:30')).toBeUndefined();
  expect(found('2026-02-30T03:30')).toBe('Enter a day and a time.');
});

test('times are those of the shop’s zone', () => {
  const typed = { ...emptyText, customer: 'a', address: 'b', dueAt: '2026-11-30T14:30' };
  const order = orderOf(typed, 'Asia/Tokyo');
  expect(order.dueAt).toBe('2026-11-30T05:30:00.000Z');
  expect(textOf(order, 'Asia/Tokyo').dueAt).toBe('2026-11-30T14:30');
});
