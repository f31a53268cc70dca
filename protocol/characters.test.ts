import { describe, expect, it } from 'vitest';
import { idProblem, isSeen, lineProblem, withTurnsShown } from './characters.ts';
import { parseCommand, parseHandshake } from './messages.ts';

const good = [
  'mi8qe',
  '1-206-flowers',
  '0',
  '...',
  '.a',
  '~',
  'a/b',
  '%2e',
  '#1001',
  'Zoë & Co',
  'お花',
  '😀',
  'a\u00a0b',
];
const bad = [
  '',
  '.',
  '..',
  ' a',
  'a\u00a0',
  'a\nb',
  'a\u0085b',
  'a\u202eb',
  'a\u2066b',
  'a\u200bb',
  '\ufeffa',
  'a\u00adb',
  'a\u2028b',
  '\u3164',
  '\u2800',
  'x'.repeat(129),
];

const order = { store: 'red', orderID: '1', customer: 'Hulda', address: '835 Meluk Pass' };
const isTaken = (read: () => unknown): boolean => {
  try {
    read();
    return true;
  } catch (error) {
    expect(error).toMatchObject({ code: 'bad-message', message: expect.stringMatching(/: ./) });
    return false;
  }
};

describe('an id', () => {
  it.each(good)('%j may be given', (id) => expect(idProblem(id)).toBeUndefined());
  it.each(bad)('%j may not', (id) => expect(idProblem(id)).toMatch(/^[a-z]/));

  it.each([
    ['an order’s', (id: string) => parseCommand({ event: 'pickup', payload: { ...order, orderID: id } })],
    ['a store’s', (id: string) => parseCommand({ event: 'pickup', payload: { ...order, store: id } })],
    ['a shop’s that connects', (id: string) => parseHandshake({ protocol: 1, role: 'vendor', store: id })],
    ['a driver’s', (id: string) => parseHandshake({ protocol: 1, role: 'driver', driver: id })],
    [
      'a new holder’s',
      (id: string) => parseCommand({ event: 'reassigned', payload: order, details: { driver: id } }),
    ],
  ])('%s is one of these', (_, read) => {
    expect(good.filter((id) => !isTaken(() => read(id)))).toEqual([]);
    expect(bad.filter((id) => isTaken(() => read(id)))).toEqual([]);
  });

  it('that an older log has is still understood: such a parcel can be brought to its end', () => {
    for (const orderID of ['.', '..', 'a\u202eb', '\u200b']) {
      expect(isTaken(() => parseCommand({ event: 'delivered', payload: { store: '..', orderID } }))).toBe(
        true,
      );
    }
  });
});

describe('a text without anything to see', () => {
  const empty = ['\u200b', '\u2060\ufeff', ' \u00a0', '\u202e', '\u3164', '\u2800'];

  it.each(empty)('%j is none', (text) => {
    expect(isSeen(text)).toBe(false);
    for (const part of [{ customer: text }, { address: text }]) {
      expect(isTaken(() => parseCommand({ event: 'pickup', payload: { ...order, ...part } }))).toBe(false);
    }
    const note = { event: 'note', payload: order, details: { text } };
    expect(isTaken(() => parseCommand(note))).toBe(false);
    const driver = { protocol: 1, role: 'driver', driver: 'ana', name: text };
    expect(isTaken(() => parseHandshake(driver))).toBe(false);
  });

  it.each(['a', '\u200bZoë', '孔', 'می\u200cخواهم', '👩‍🚒', '-'])('%j is one', (text) => {
    expect(isSeen(text)).toBe(true);
    expect(isTaken(() => parseCommand({ event: 'pickup', payload: { ...order, customer: text } }))).toBe(
      true,
    );
  });
});

it('what would turn a text around is written out', () => {
  expect(withTurnsShown('42\u202e1')).toBe('42\\u202e1');
  expect(withTurnsShown('شارع 12')).toBe('شارع 12');
});

it.each([
  ['', undefined],
  ['Mon–Sat 9–18 🏳️‍🌈', undefined],
  ['שלום\u200f!', undefined],
  ['a\nb', 'has a line break or another control character'],
  ['a\u2029b', 'has a line break or another control character'],
  ['\udc00', 'has a line break or another control character'],
  ['\u202eevil', 'has a character that turns the direction of what follows'],
  ['\u2066x', 'has a character that turns the direction of what follows'],
  ['\u200b', 'has nothing in it that can be seen'],
  [' \u3164', 'has nothing in it that can be seen'],
])('of %j as a line it is said: %s', (text, problem) => expect(lineProblem(text)).toBe(problem));
