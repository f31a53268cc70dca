import { describe, expect, it, vi } from 'vitest';
import { cursorOf, parcelName, readCursor, uuidv7 } from './ids.ts';

describe('uuidv7', () => {
  it('has the form of RFC 9562 and begins with the time', () => {
    const id = uuidv7(0x0199_1234_5678);
    expect(id).toMatch(/^01991234-5678-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });

  it('sorts by time as text, across every byte boundary', () => {
    const moments = [0, 1, 255, 256, 2 ** 32 - 1, 2 ** 32, Date.now(), 2 ** 48 - 1];
    const ids = moments.map((moment) => uuidv7(moment));
    expect(ids.toSorted()).toEqual(ids);
  });

  it('is never the same twice', () => {
    expect(new Set(Array.from({ length: 10_000 }, () => uuidv7(1))).size).toBe(10_000);
  });

  it('ignores fractions of a millisecond', () => {
    expect(uuidv7(0x0199_1234_5678 + 0.9)).toMatch(/^01991234-5678-7/);
  });

  it('asks for randomness once for many ids, and uses no byte twice', () => {
    const handed = vi.spyOn(crypto, 'getRandomValues');
    const ids = Array.from({ length: 1_000 }, () => uuidv7(1).replaceAll('-', '').slice(16));
    expect(handed.mock.calls.length).toBeLessThan(10);
    // Eight bytes each, less two bits: any window of one id in another would be a byte used twice.
    const windows = ids.flatMap((id) => [2, 4, 6].map((at) => id.slice(at, at + 10)));
    expect(new Set(windows).size).toBe(windows.length);
    handed.mockRestore();
  });
});

it('gives different parcels different names', () => {
  expect(parcelName({ store: 'a b', orderID: 'c' })).not.toBe(parcelName({ store: 'a', orderID: 'b c' }));
});

describe('a cursor', () => {
  it('reads as it was written', () => {
    for (const seq of [0, 1, 999_999_999_999_999]) {
      expect(readCursor(cursorOf('k3_-x', seq))).toEqual({ epoch: 'k3_-x', seq });
    }
  });

  it.each(['', '0', '7', '.7', 'e.', 'e.-1', 'e.1.2', 'e.1 ', 'e.x', 'e.1e3', `e.${'9'.repeat(16)}`])(
    'is not "%s"',
    (text) => expect(readCursor(text)).toBeUndefined(),
  );
});
