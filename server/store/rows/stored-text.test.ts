import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { CapsRecord } from '../../../protocol/messages.ts';
import { matches, parseSearch } from '../../../protocol/search.ts';
import { storedText } from '../row.ts';
import { mayAnswer } from './stored-text.ts';

const letters = [...'aAbB"ßΣé\u00ad\u00a0😀 -:/123456\n\\\u0000\ud83d'].map((letter) => fc.constant(letter));
const text = fc.string({ unit: fc.oneof(...letters), maxLength: 12 });

it('a stored text that is passed over unread never answers to the search', () => {
  const property = fc.property(
    text,
    text,
    text,
    fc.nat(12),
    fc.nat(12),
    (name, customer, typed, from, to) => {
      const record: CapsRecord = {
        ...{ seq: 1, event: 'note', status: 'ready', rev: 1, via: 'rest', time: '2026-11-20T18:03:11.246Z' },
        ...{
          payload: { store: 'red', orderID: '1', customer, address: 'Elm' },
          by: { role: 'admin', id: 'x', name },
        },
      };
      const stored = storedText(record);
      for (const q of [typed, customer.slice(from, to), `"${name.slice(from, to)}"`, 'elm -oak order:1']) {
        const terms = parseSearch(q);
        if (matches(record, terms)) expect(mayAnswer(terms)(stored), q).toBe(true);
      }
    },
  );
  fc.assert(property, { numRuns: 2_000 });
});

it('a plain text without a word of the search is passed over', () => {
  const stored = '"event":"note","payload":{"customer":"Hulda Parker"}}';
  expect(
    ['hulda', 'HULDA -elm', '"da par"', 'order:1', '123456'].map((q) => mayAnswer(parseSearch(q))(stored)),
  ).toEqual([true, true, true, true, true]);
  expect(mayAnswer(parseSearch('emil'))(stored)).toBe(false);
});

it('an order that is not late yet is passed over, and one that may be is not', () => {
  const now = Date.parse('2026-11-30T10:00:00Z');
  const late = mayAnswer(parseSearch('is:late'), now);
  const stored = (...dues: string[]) => dues.map((due) => `"payload":{"dueAt":"${due}"}`).join();
  expect(late('"payload":{"customer":"Hulda Parker"}')).toBe(false);
  expect(late(stored('2026-11-30T10:00:00Z'))).toBe(false);
  expect(late(stored('2026-11-30T10:59:59+01:00'))).toBe(true);
  // As it was placed, and as it was amended.
  expect(late(stored('2026-12-01T10:00:00Z', '2026-11-29T10:00:00Z'))).toBe(true);
  expect(mayAnswer(parseSearch('-is:late'), now)(stored('2026-12-01T10:00:00Z'))).toBe(true);
});
