/** The CSV table of orders. */

import { type Cell, csvLine } from '../../../protocol/csv.ts';
import type { ParcelView } from '../../../protocol/messages.ts';
import { zonedText } from '../../app/zoned-day.ts';
import type { OrderFacts } from './order-facts.ts';

/** Fields of an order, in the order of the columns. Further keys follow under their own names. */
export const orderFields = [
  'orderID',
  'customer',
  'address',
  'notBefore',
  'dueAt',
  'phone',
  'email',
  'note',
] as const;
export type OrderField = (typeof orderFields)[number];
/** The columns of tables that were exported before orders had windows. */
export const earlierFields: readonly OrderField[] = [
  'orderID',
  'customer',
  'address',
  'dueAt',
  'phone',
  'note',
];

/** What a table needs to know beside its orders. */
export interface TableParts {
  /** The shop's time zone, in which the hub's times are written. The shop's own times stay as it wrote them. */
  readonly zone: string;
  readonly factsOf: (parcel: ParcelView) => OrderFacts | undefined;
  /** The address that opens the parcel for whoever may see it. */
  readonly linkTo: (parcel: ParcelView) => string;
}

type HubCell = (parcel: ParcelView, facts: OrderFacts | undefined, parts: TableParts) => Cell;

/** The last columns hold the hub's data. An import ignores them. */
const hubColumns: readonly (readonly [name: string, cell: HubCell])[] = [
  ['status', ({ status }) => status],
  ['driver', ({ holder }) => holder?.name ?? holder?.id],
  ['attempts', ({ attempts }) => attempts],
  ['reason', (_, facts) => facts?.reason],
  ['deliveredAt', (_, facts, { zone }) => facts?.deliveredAt && zonedText(zone, facts.deliveredAt)],
  ['outcome', (_, facts) => facts?.outcome],
  ['receivedBy', (_, facts) => facts?.receivedBy],
  ['proof', (_, facts) => facts?.proofs.join(' ')],
  ['link', (parcel, _, { linkTo }) => linkTo(parcel)],
  ['createdAt', ({ createdAt }, _, { zone }) => zonedText(zone, createdAt)],
  ['changedAt', ({ changedAt }, _, { zone }) => zonedText(zone, changedAt)],
];
export const hubColumnNames: readonly string[] = hubColumns.map(([name]) => name);
/** Those of tables that were exported before deliveries had columns. */
export const earlierHubColumnNames: readonly string[] = [
  'status',
  'driver',
  'attempts',
  'createdAt',
  'changedAt',
];

/** Suffix of a heading whose cells are JSON, because not all of them are texts. */
export const jsonMark = ':json';

/** In a table of rows to mend: the column that says what is wrong. An import leaves it out. */
export const problemHeading = 'caps:problem';

export const template: string = csvLine(orderFields);

/** @returns the table of orders with all their keys. Importing it yields the same orders */
export function tableOf(parcels: readonly ParcelView[], parts: TableParts): string {
  // Further keys, and whether they need JSON.
  const more = new Map<string, boolean>();
  for (const { payload } of parcels) {
    for (const [key, value] of Object.entries(payload)) {
      if (key === 'store' || isOrderField(key)) continue;
      more.set(key, more.get(key) || key === '' || key.endsWith(jsonMark) || !isText(value));
    }
  }
  const lines = parcels.map((parcel) => {
    // A Map, because an object inherits names.
    const payload = new Map(Object.entries(parcel.payload));
    const facts = parts.factsOf(parcel);
    return csvLine([
      ...orderFields.map((key) => textOf(payload.get(key))),
      ...Array.from(more, ([key, isJson]) => (isJson ? jsonOf(payload.get(key)) : textOf(payload.get(key)))),
      ...hubColumns.map(([, cell]) => cell(parcel, facts, parts)),
    ]);
  });
  const names = Array.from(more, ([key, isJson]) => (isJson ? key + jsonMark : key));
  return csvLine([...orderFields, ...names, ...hubColumnNames]) + lines.join('');
}

function isOrderField(key: string): boolean {
  return orderFields.some((name) => name === key);
}

/** An empty text needs JSON, because an empty cell means no value. */
function isText(value: unknown): boolean {
  return typeof value === 'string' && value !== '';
}

function textOf(value: unknown): Cell {
  return typeof value === 'string' ? value : undefined;
}

function jsonOf(value: unknown): Cell {
  return typeof value === 'number' || value === undefined ? value : JSON.stringify(value);
}
