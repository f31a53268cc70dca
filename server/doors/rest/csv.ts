/** Records as CSV for spreadsheets: RFC 4180, with a header row. */

import { type Cell, csvLine } from '../../../protocol/csv.ts';
import type { CapsRecord } from '../../../protocol/messages.ts';

/** In the table's order. The last column of each kind takes fields without a column of their own, as JSON. */
const columns: Readonly<Record<string, (record: CapsRecord) => Cell>> = {
  seq: ({ seq }) => seq,
  time: ({ time }) => time,
  occurredAt: ({ occurredAt }) => occurredAt,
  event: ({ event }) => event,
  status: ({ status }) => status,
  store: ({ payload }) => payload.store,
  orderID: ({ payload }) => payload.orderID,
  rev: ({ rev }) => rev,
  customer: ({ payload }) => payload.customer,
  address: ({ payload }) => payload.address,
  phone: ({ payload }) => payload.phone,
  dueAt: ({ payload }) => payload.dueAt,
  note: ({ payload }) => payload.note,
  more: ({ payload }) => {
    const { store, orderID, customer, address, phone, dueAt, note, ...more } = payload;
    return jsonOf(more);
  },
  role: ({ by }) => by.role,
  by: ({ by }) => by.id,
  name: ({ by }) => by.name,
  via: ({ via }) => via,
  details: ({ details }) => jsonOf(details ?? {}),
  holder: ({ holder }) => holder?.id,
};

export const csvHeader: string = csvLine(Object.keys(columns));

/** One line with its line break. */
export function csvOf(record: CapsRecord): string {
  return csvLine(Object.values(columns).map((cell) => cell(record)));
}

/** The line of a damaged record, of which only the seq is known. */
export function damagedCsv(seq: number): string {
  return csvLine(
    Object.keys(columns).map((name) => (name === 'seq' ? seq : name === 'event' ? 'damaged' : '')),
  );
}

function jsonOf(rest: object): Cell {
  return Object.keys(rest).length > 0 ? JSON.stringify(rest) : undefined;
}
