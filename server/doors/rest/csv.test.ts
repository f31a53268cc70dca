import { describe, expect, it } from 'vitest';
import type { CapsRecord } from '../../../protocol/messages.ts';
import { csvHeader, csvOf } from './csv.ts';

const record: CapsRecord = {
  ...{ seq: 7, event: 'delivered', time: '2026-11-20T18:03:11.246Z', status: 'delivered', rev: 3 },
  payload: { store: 'red', orderID: '1', customer: 'Hulda', address: '835 Meluk Pass' },
  ...{ by: { role: 'driver', id: 'ana', name: 'Ana' }, holder: { id: 'ana' }, via: 'tcp' },
};
/** By the name of the column. */
const cells = (payload: object, more: Partial<CapsRecord> = {}): Record<string, string> => {
  const line = csvOf({ ...record, payload: { ...record.payload, ...payload }, ...more });
  expect(line.endsWith('\r\n')).toBe(true);
  const values = [...line.slice(0, -2).matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^",\r\n]*))/g)].map(
    ([, quoted, bare]) => quoted?.replaceAll('""', '"') ?? bare ?? '',
  );
  const names = csvHeader.trimEnd().split(',');
  expect(values).toHaveLength(names.length);
  return Object.fromEntries(names.map((name, i) => [name, values[i] ?? '']));
};

describe('a record as a line of a table', () => {
  it('has a cell for each column', () => {
    expect(csvOf(record)).toBe(
      '7,2026-11-20T18:03:11.246Z,,delivered,delivered,red,1,3,Hulda,835 Meluk Pass,,,,,driver,ana,Ana,tcp,,ana\r\n',
    );
  });

  it.each(['a,b', 'say "hi"', 'two\nlines', 'two\r\nlines', '"', ',', 'Ünï ☃ 😀', ''])(
    'keeps whatever was typed: %j',
    (customer) => expect(cells({ customer })).toMatchObject({ customer, address: '835 Meluk Pass' }),
  );

  it.each([
    '=1+1',
    '+49 30 1',
    '-2',
    '@sum(a1)',
    ' =1',
    '\t=1',
    '\r=1',
    '=a,"b"',
    '\tx',
    '＝1+1',
    '＋1',
    '－1',
    '＠sum(a1)',
  ])('gives no spreadsheet a formula: %j', (customer) =>
    expect(cells({ customer })).toMatchObject({ customer: `'${customer}` }),
  );

  it('leaves out nothing that has no column of its own', () => {
    const all = cells({ weight: 3, gift: 'yes, please' }, { details: { receivedBy: '=x' } });
    expect(JSON.parse(all['more'] ?? '')).toEqual({ weight: 3, gift: 'yes, please' });
    expect(JSON.parse(all['details'] ?? '')).toEqual({ receivedBy: '=x' });
  });
});
