/** Orders as a table: the columns that go out. */

import { type Cell, csvLine } from '../../../protocol/csv.ts';
import type { ParcelView } from '../../../protocol/messages.ts';

/** What a shop may give, in the order of the columns. Further keys of an order follow under their own names. */
export const orderFields = ['orderID', 'customer', 'address', 'dueAt', 'phone', 'note'] as const;
export type OrderField = (typeof orderFields)[number];

/** What the hub tells: it goes out, at the end, and coming in it is passed over. */
const hubColumns: readonly (readonly [name: string, cell: (parcel: ParcelView) => Cell])[] = [
  ['status', ({ status }) => status],
  ['driver', ({ holder }) => holder?.name ?? holder?.id],
  ['attempts', ({ attempts }) => attempts],
  ['createdAt', ({ createdAt }) => createdAt],
  ['changedAt', ({ changedAt }) => changedAt],
];
export const hubColumnNames: readonly string[] = hubColumns.map(([name]) => name);

/** Behind a column’s name: its cells are JSON, because not all of them are text. */
export const jsonMark = ':json';

export const template: string = csvLine(orderFields);

/** A table of orders, the columns of others included. Read again, each order is what it was. */
export function tableOf(parcels: readonly ParcelView[]): string {
  // By key, whether it needs JSON.
  const more = new Map<string, boolean>();
  for (const { payload } of parcels) {
    for (const [key, value] of Object.entries(payload)) {
      if (key === 'store' || isOrderField(key)) continue;
      more.set(key, more.get(key) || key === '' || key.endsWith(jsonMark) || !isText(value));
    }
  }
  const lines = parcels.map((parcel) => {
    // An object has more names than it was given.
    const payload = new Map(Object.entries(parcel.payload));
    return csvLine([
      ...orderFields.map((key) => textOf(payload.get(key))),
      ...Array.from(more, ([key, isJson]) => (isJson ? jsonOf(payload.get(key)) : textOf(payload.get(key)))),
      ...hubColumns.map(([, cell]) => cell(parcel)),
    ]);
  });
  const names = Array.from(more, ([key, isJson]) => (isJson ? key + jsonMark : key));
  return csvLine([...orderFields, ...names, ...hubColumnNames]) + lines.join('');
}

function isOrderField(key: string): boolean {
  return orderFields.some((name) => name === key);
}

/** An empty cell is no value. */
function isText(value: unknown): boolean {
  return typeof value === 'string' && value !== '';
}

function textOf(value: unknown): Cell {
  return typeof value === 'string' ? value : undefined;
}

function jsonOf(value: unknown): Cell {
  return typeof value === 'number' || value === undefined ? value : JSON.stringify(value);
}
