import { expect, it } from 'vitest';
import type { UnnumberedRecord } from '../../protocol/parcel.ts';
import { Row, type RowFields, storedRecord, storedText } from './row.ts';

const record: UnnumberedRecord = {
  ...{ event: 'pickup', time: '2026-11-20T18:03:11.246Z', status: 'ready', rev: 1, via: 'rest' },
  ...{
    payload: { store: 'red', orderID: '1', customer: 'Zoë “Q” \\ </script>', address: '{"seq":9,' },
    by: { role: 'vendor', id: 'red' },
  },
};
const fields: RowFields = {
  ...{ seq: 7, storeSeq: 3, store: 'red', orderID: '1', rev: 1, board: 'on', drivers: [] },
  text: storedText(record),
};

it('a record comes back from its text as it was, and begins with the seq of whoever reads it', () => {
  expect(storedRecord(storedText(record))).toEqual(record);
  const row = new Row(fields);
  for (const seq of [7, 3]) {
    expect(row.recordAs(seq)).toEqual({ seq, ...record });
    expect(row.jsonAs(seq)).toBe(JSON.stringify({ seq, ...record }));
    expect(JSON.stringify(row.recordAs(seq))).toBe(row.jsonAs(seq));
  }
});

it('is parsed when it is asked for and once, unless it was known or has been forgotten', () => {
  const row = new Row(fields);
  const parsed = row.record;
  expect(row.record).toBe(parsed);
  row.forgetRecord();
  expect(row.record).not.toBe(parsed);
  expect(row.record).toEqual(parsed);
  expect(new Row({ ...fields, text: 'never parsed' }, record).record).toBe(record);
});

it('is the same again after it was sent to another thread', () => {
  const row = new Row(fields, record);
  expect(row.recordAs(7)).toEqual({ seq: 7, ...record });
  const sent = new Row(structuredClone(row));
  expect(sent).toEqual(row);
  expect(sent.jsonAs(7)).toBe(row.jsonAs(7));
});
