import { describe, expect, it } from 'vitest';
import { attacks, peoplesNames } from './characters.samples.ts';
import {
  escapeUnseen,
  escapeUnseenInJson,
  idProblem,
  isVisible,
  lineProblem,
  type TextKind,
  textProblem,
  withoutFaults,
} from './characters.ts';
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
  'Zoe\u0308',
  'お花',
  'ฟลอรา',
  'पुष्प',
  '😀',
  'a\u00a0b',
];
const bad = [
  '',
  '.',
  '..',
  ' a',
  'a\u00a0',
  '\u3164',
  '\u2800',
  '\u{1d159}',
  'x'.repeat(129),
  'علی\u200cرضا',
  '👩‍🚒',
];

const order = { store: 'red', orderID: '1', customer: 'Hulda', address: '835 Meluk Pass' };
/** @returns the error's message; undefined if the value is accepted */
const refusalOf = (read: () => unknown): string | undefined => {
  try {
    read();
    return undefined;
  } catch (error) {
    expect(error).toMatchObject({ code: 'bad-message', message: expect.stringMatching(/: ./) });
    return error instanceof Error ? error.message : '';
  }
};
const isTaken = (read: () => unknown): boolean => refusalOf(read) === undefined;

const ids = [
  ['payload.orderID', (id: string) => parseCommand({ event: 'pickup', payload: { ...order, orderID: id } })],
  ['payload.store', (id: string) => parseCommand({ event: 'pickup', payload: { ...order, store: id } })],
  ['store', (id: string) => parseHandshake({ protocol: 1, role: 'vendor', store: id })],
  ['driver', (id: string) => parseHandshake({ protocol: 1, role: 'driver', driver: id })],
  [
    'details.driver',
    (id: string) => parseCommand({ event: 'reassigned', payload: order, details: { driver: id } }),
  ],
  ['id', (id: string) => parseCommand({ event: 'in-transit', payload: order, id })],
] as const;
const names = [
  ['name', (name: string) => parseHandshake({ protocol: 1, role: 'driver', driver: 'ana', name })],
  [
    'details.name',
    (name: string) => parseCommand({ event: 'claimed', payload: order, details: { driver: 'ana', name } }),
  ],
] as const;
const detailed = (event: string, details: object) => () => parseCommand({ event, payload: order, details });
const texts = [
  ...(['customer', 'address', 'phone', 'note'] as const).map(
    (name) =>
      [
        `payload.${name}`,
        (text: string) => parseCommand({ event: 'pickup', payload: { ...order, [name]: text } }),
      ] as const,
  ),
  ['details.text', (text: string) => detailed('note', { text })()],
  ['details.reason', (text: string) => detailed('cancelled', { reason: text })()],
  ['details.receivedBy', (text: string) => detailed('delivered', { receivedBy: text })()],
] as const;

describe('an id', () => {
  it.each(good)('may be %j', (id) => expect(idProblem(id)).toBeUndefined());
  it.each(bad)('may not be %j', (id) => expect(idProblem(id)).toMatch(/^[a-z]/));

  it.each(ids)('%s follows these rules', (field, read) => {
    expect(good.filter((id) => !isTaken(() => read(id)))).toEqual([]);
    expect(bad.filter((id) => isTaken(() => read(id)))).toEqual([]);
    for (const { char, point } of attacks) {
      const text = `re${char}d`;
      expect(
        refusalOf(() => read(text)),
        point,
      ).toMatch(new RegExp(`^${field}: Has ${point}, `.replace('+', '\\+')));
    }
  });

  it('of an older log still works, so that such a parcel can be delivered', () => {
    for (const orderID of ['.', '..', 'a\u202eb', '\u200b', 'a\u0085b', '\u0301']) {
      const payload = { store: '..', orderID };
      expect(isTaken(() => parseCommand({ event: 'delivered', payload }))).toBe(true);
    }
  });
});

describe('a name', () => {
  it.each(peoplesNames)('may be %s: %j, and so may every text', (_script, name) => {
    expect(lineProblem(name)).toBeUndefined();
    for (const [, read] of [...names, ...texts]) expect(refusalOf(() => read(name))).toBeUndefined();
    expect(escapeUnseen(name)).toBe(name);
    expect(withoutFaults(name, 'name')).toBe(name);
  });

  it.each(attacks)('may not contain $point', ({ char, point }) => {
    for (const [field, read] of names) {
      const said = refusalOf(() => read(`re${char}d`));
      expect(said).toMatch(new RegExp(`^${field}: Has ${point}, `.replace('+', '\\+')));
    }
    expect(escapeUnseen(`re${char}d`)).toMatch(/^[ -~]+$/);
    expect(withoutFaults(`re${char}d`, 'name')).toBe('red');
  });

  it('may have marks only on letters, and few on one', () => {
    for (const name of ['\u0301ana', 'ana \u0301', `Z${'\u0301'.repeat(11)}`]) {
      expect(lineProblem(name)).toMatch(/^has U\+0301, (a mark without its letter|one mark too many)/);
      expect(idProblem(name)).toBe(lineProblem(name));
    }
  });
});

describe('a text', () => {
  it.each(attacks.filter(({ harms }) => harms))(
    'may not contain $point, which changes its neighbours',
    (attack) => {
      for (const [field, read] of texts) {
        const said = refusalOf(() => read(`1 Main${attack.char} St`));
        expect(said).toMatch(new RegExp(`^${field}: Has ${attack.point}, `.replace('+', '\\+')));
      }
    },
  );

  it('may have several lines and harmless leftovers of programs', () => {
    for (const text of [
      '1 Main St\r\nFlat 2\u2028Town',
      'a\tb',
      '\u200bZoë',
      'Stra\u00adße',
      '\u2068ana\u2069',
    ]) {
      for (const [, read] of texts) expect(refusalOf(() => read(text))).toBeUndefined();
    }
    expect(textProblem('\u2068ana')).toMatch(/^has U\+2068, /);
  });

  it.each([
    '\u200b',
    '\u2060\ufeff',
    ' \u00a0',
    '\u202e',
    '\u3164',
    '\u2800',
    '\u{1d159}',
    '\u{13441} \ufffc',
  ])('%j is none: there is nothing to see', (text) => {
    expect(isVisible(text)).toBe(false);
    for (const [, read] of [...names, ...texts]) expect(isTaken(() => read(text))).toBe(false);
  });
});

describe('an escaped text', () => {
  it.each([
    ['42\u202e1', '42\\u202e1'],
    ['شارع 12', 'شارع 12'],
    ['a\nb\tc', 'a\\nb\\tc'],
    ['\u001b[2J\u009b2J\u007f', '\\u001b[2J\\u009b2J\\u007f'],
    ['a\u{e0041}', 'a\\u{e0041}'],
    ['\ud800', '\\ud800'],
    ['می\u200cخواهم 👩‍🚒 🏴\u{e0067}\u{e0062}\u{e0077}\u{e006c}\u{e0073}\u{e007f}', undefined],
  ])('%j is written out where it would not be seen', (text, expected = text) => {
    expect(escapeUnseen(text)).toBe(expected);
  });

  it('has the same value as JSON', () => {
    const value = attacks.map(({ char }) => `re${char}d`);
    const json = escapeUnseenInJson(`${JSON.stringify(value, null, 2)}\n`);
    expect(json).toMatch(/^[\n -~]+$/);
    expect(JSON.parse(json)).toEqual(value);
  });
});

it.each([
  ['', undefined],
  ['Mon–Sat 9–18 🏳️‍🌈', undefined],
  ['שלום\u200f!', undefined],
  ['a\nb', 'has U+000A, a line break or a tab'],
  ['a\u2029b', 'has U+2029, a line break or a tab'],
  ['\udc00', 'has U+DC00, half of a character'],
  ['\u202eevil', 'has U+202E, which turns the direction of what follows'],
  ['\u2066x', 'has U+2066, which turns the direction of what follows'],
  ['\u200b', 'has U+200B, which cannot be seen'],
  ['a\ue000', 'has U+E000, which stands for no letter or sign'],
  ['  ', 'has nothing in it that can be seen'],
])('of %j as a line it is said: %s', (text, problem) => expect(lineProblem(text)).toBe(problem));

it('checks a long text in linear time', () => {
  const kinds: readonly TextKind[] = ['id', 'name', 'text'];
  for (const char of ['\u2066', '\u0301', 'a\u200d', '\u{e0041}']) {
    for (const kind of kinds) expect(withoutFaults(char.repeat(100_000), kind).length).toBeGreaterThan(-1);
  }
});
