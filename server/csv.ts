/** Records as a table for spreadsheets: RFC 4180, with a header row. */

import type { CapsRecord } from '../protocol/messages.ts';

type Cell = string | number | undefined;

/** In the order of the table. What stands in no column of its own is in the last of its kind, as JSON. */
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
};

export const csvHeader: string = lineOf(Object.keys(columns));

/** One line, its end included. */
export function csvOf(record: CapsRecord): string {
  return lineOf(Object.values(columns).map((cell) => cell(record)));
}

function lineOf(cells: readonly Cell[]): string {
  return `${cells.map(quoted).join(',')}\r\n`;
}

function quoted(cell: Cell): string {
  if (typeof cell !== 'string') return String(cell ?? '');
  const text = defused(cell);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** What a customer typed must not become a formula on dispatch's machine: an apostrophe makes it text. */
function defused(text: string): string {
  return /^\s*[=+\-@]|^[\t\r]/.test(text) ? `'${text}` : text;
}

function jsonOf(rest: object): Cell {
  return Object.keys(rest).length > 0 ? JSON.stringify(rest) : undefined;
}
