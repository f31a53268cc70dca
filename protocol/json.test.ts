import { describe, expect, it } from 'vitest';
import { CapsError } from './errors.ts';
import { fitsLimits, sameJson } from './json.ts';
import { limits } from './limits.ts';

function codeOf(value: unknown, bytesMax: number = limits.commandBytes): string {
  try {
    fitsLimits(value, bytesMax);
    return 'ok';
  } catch (error) {
    if (error instanceof CapsError) return error.code;
    throw error;
  }
}

describe('the limits of a value', () => {
  it('count bytes of UTF-8 text, exactly', () => {
    for (const value of [
      'x',
      'é',
      '😀',
      '\u0000',
      '"',
      [1, -1e-7, true, null],
      { a: ['ü', {}], b: '' },
      {},
      1e21,
    ]) {
      const bytes = Buffer.byteLength(JSON.stringify(value));
      // No value takes more than six times its text, and so each of these is measured exactly.
      expect([value, codeOf(value, bytes - 1), codeOf(value, bytes)]).toEqual([value, 'too-large', 'ok']);
    }
  });

  it.each([
    [{ a: { b: ['x', 'x'.repeat(1_025)] } }, 'a.b.1'],
    [{ a: [{ ['x'.repeat(1_025)]: 1 }] }, 'a.0'],
    [{ a: { b: '\ud83d' } }, 'a.b'],
    [JSON.parse('{"a":{"__proto__":1}}'), 'a'],
    ['x'.repeat(1_025), undefined],
  ])('name the part that is past them', (value, field) => {
    let details: unknown = 'none';
    try {
      fitsLimits(value, limits.commandBytes);
    } catch (error) {
      details = error instanceof CapsError ? error.details?.['field'] : error;
    }
    expect(details).toBe(field);
  });

  it('hold for the longest command there may be', () => {
    const chunks = (total: number): string[] => {
      const full = Array.from({ length: 15 }, () => 'x'.repeat(1_024));
      return [...full, 'x'.repeat(total - Buffer.byteLength(JSON.stringify([...full, ''])))];
    };
    for (const [bytes, code] of [
      [limits.commandBytes - 1, 'ok'],
      [limits.commandBytes, 'ok'],
      [limits.commandBytes + 1, 'too-large'],
    ] as const) {
      const value = chunks(bytes);
      expect(JSON.stringify(value)).toHaveLength(bytes);
      expect([bytes, codeOf(value)]).toEqual([bytes, code]);
    }
  });

  it('count levels, entries and characters', () => {
    const nested = (levels: number): unknown => JSON.parse('['.repeat(levels) + ']'.repeat(levels));
    expect([limits.depth, limits.depth + 1, 5_000].map((n) => codeOf(nested(n)))).toEqual([
      'ok',
      'too-large',
      'too-large',
    ]);
    const wide = (length: number): object =>
      Object.fromEntries(Array.from({ length }, (_, i) => [`k${i}`, 0]));
    expect([limits.keys, limits.keys + 1].map((n) => codeOf(wide(n)))).toEqual(['ok', 'too-large']);
    const list = (length: number): number[] => Array.from({ length }, () => 0);
    expect([limits.keys + 1, limits.commandBytes / 2].map((n) => codeOf(list(n)))).toEqual([
      'ok',
      'too-large',
    ]);
    const text = (length: number): object => ({ a: 'x'.repeat(length), ['x'.repeat(length)]: 1 });
    expect([limits.stringLength, limits.stringLength + 1].map((n) => codeOf(text(n)))).toEqual([
      'ok',
      'too-large',
    ]);
  });

  it('refuse values that would come back changed from the log', () => {
    expect(codeOf(JSON.parse('{"__proto__":1}'))).toBe('bad-message');
    expect(codeOf('\ud800')).toBe('bad-message');
    expect(codeOf({ '\udc00': 1 })).toBe('bad-message');
    expect(codeOf('😀')).toBe('ok');
    expect(codeOf({ a: new ArrayBuffer(1) })).toBe('bad-message');
    expect(codeOf(Buffer.from('a'))).toBe('bad-message');
  });
});

describe('sameJson', () => {
  it.each([
    [1, 1],
    [null, null],
    [
      { a: 1, b: [1, { c: null }] },
      { b: [1, { c: null }], a: 1 },
    ],
    [{ a: undefined }, {}],
    [[], []],
  ])('%j says the same as %j', (a, b) => {
    expect(sameJson(a, b)).toBe(true);
    expect(sameJson(b, a)).toBe(true);
  });

  it.each([
    [1, '1'],
    [0, null],
    [{}, null],
    [{}, []],
    [
      [1, 2],
      [2, 1],
    ],
    [[1], [1, 2]],
    [{ a: 1 }, { a: 2 }],
    [{ a: 1 }, { a: 1, b: 1 }],
    [{ a: null }, {}],
    [{ 0: 1 }, [1]],
  ])('%j does not say the same as %j', (a, b) => {
    expect(sameJson(a, b)).toBe(false);
    expect(sameJson(b, a)).toBe(false);
  });
});
