/** Orders as a table: the columns that go out, and what comes of a table that comes in. */

import { type Cell, csvLine, unguarded } from '../../../protocol/csv.ts';
import { CapsError } from '../../../protocol/errors.ts';
import { fitsLimits } from '../../../protocol/json.ts';
import { limits } from '../../../protocol/limits.ts';
import type { Order, ParcelView } from '../../../protocol/messages.ts';
import { momentOf } from './due-time.ts';
import { type CsvLine, readCsv } from './read-csv.ts';

/** What a shop may give. Columns with other names are kept with the order as they are. */
const given = ['orderID', 'customer', 'address', 'dueAt', 'phone', 'note'] as const;
type Given = (typeof given)[number];

/** What the hub tells: it goes out, and coming in it is passed over. */
const told: Readonly<Record<string, (parcel: ParcelView) => Cell>> = {
  status: ({ status }) => status,
  driver: ({ holder }) => holder?.name ?? holder?.id,
  attempts: ({ attempts }) => attempts,
  createdAt: ({ createdAt }) => createdAt,
  changedAt: ({ changedAt }) => changedAt,
};

/** How others call the columns, in small letters and nothing else. */
const alsoCalled: Readonly<Record<string, Given>> = {
  order: 'orderID',
  id: 'orderID',
  ordernumber: 'orderID',
  name: 'customer',
  recipient: 'customer',
  due: 'dueAt',
  duetime: 'dueAt',
  telephone: 'phone',
  notes: 'note',
};

/** An order in a file, or what is wrong with it. */
export interface TableRow {
  readonly line: number;
  /** What one would call it by. */
  readonly label: string;
  readonly order: Order;
  /** In words for a person; none: it can be sent. */
  readonly problems: readonly string[];
}

export const rowsMax = 10_000;
export const template: string = csvLine(given);

/** A table of orders, the columns of others included. */
export function tableOf(parcels: readonly ParcelView[]): string {
  const extra = new Set<string>();
  for (const { payload } of parcels) {
    for (const key of Object.keys(payload)) {
      if (key !== 'store' && !isGiven(key) && !(key in told)) extra.add(key);
    }
  }
  const keys = [...given, ...extra];
  const lines = parcels.map((parcel) =>
    csvLine([
      ...keys.map((key) => cellOf(parcel.payload[key])),
      ...Object.values(told).map((cell) => cell(parcel)),
    ]),
  );
  return csvLine([...keys, ...Object.keys(told)]) + lines.join('');
}

/** @throws Error in words for a person, where it is no table of orders */
export function ordersIn(text: string, store: string): TableRow[] {
  const [head, ...lines] = readCsv(text);
  if (!head) throw new Error('This file is empty.');
  const columns = head.cells.map(columnOf);
  const missing = (['customer', 'address'] as const).filter((name) => !columns.includes(name));
  if (missing.length > 0) {
    throw new Error('The first line has to name the columns, among them “customer” and “address”.');
  }
  const twice = columns.find((name, i) => name !== '' && columns.indexOf(name) !== i);
  if (twice !== undefined) throw new Error(`There are two columns called “${twice}”.`);
  if (lines.length === 0) throw new Error('There are no orders below the first line.');
  if (lines.length > rowsMax) throw new Error(`Use at most ${rowsMax} orders in a file.`);
  const reader = new RowReader(store, columns);
  return lines.map((line) => reader.read(line));
}

class RowReader {
  readonly #store: string;
  readonly #columns: readonly string[];
  /** Where an order id was first, and how often a row said the same. */
  readonly #lines = new Map<string, number>();
  readonly #times = new Map<string, number>();

  constructor(store: string, columns: readonly string[]) {
    this.#store = store;
    this.#columns = columns;
  }

  read({ line, cells }: CsvLine): TableRow {
    const values = new Map<string, string>();
    this.#columns.forEach((name, i) => {
      const value = unguarded((cells[i] ?? '').trim());
      if (name !== '' && value !== '') values.set(name, value);
    });
    const problems: string[] = [];
    if (cells.slice(this.#columns.length).some((cell) => cell.trim() !== '')) {
      problems.push('There are more cells than columns; put an address with a comma in quotation marks.');
    }
    const store = values.get('store') ?? this.#store;
    if (store !== this.#store) problems.push(`This is an order of the store “${store}”.`);
    for (const name of ['store', ...Object.keys(told)]) values.delete(name);
    problems.push(...problemsOf(values));
    const dueAt = momentOf(values.get('dueAt') ?? '');
    if (dueAt !== undefined) values.set('dueAt', dueAt);
    const orderID = values.get('orderID') ?? this.#madeId(values);
    const first = this.#lines.get(orderID);
    if (first !== undefined) problems.push(`The order id “${orderID}” stands in line ${first} already.`);
    else this.#lines.set(orderID, line);
    const order = { ...Object.fromEntries(values), store: this.#store, orderID } as Order;
    if (problems.length === 0) problems.push(...misfits(order));
    return { line, label: values.get('customer') ?? values.get('orderID') ?? '', order, problems };
  }

  /** From what the row says, so that the same file again is the same orders. Two equal rows are two orders. */
  #madeId(values: ReadonlyMap<string, string>): string {
    const text = JSON.stringify([...values].sort(([a], [b]) => (a < b ? -1 : 1)));
    const time = (this.#times.get(text) ?? 0) + 1;
    this.#times.set(text, time);
    return `csv-${hash(`${time} ${text}`)}`;
  }
}

function problemsOf(values: ReadonlyMap<string, string>): string[] {
  const problems: string[] = [];
  if (!values.has('customer')) problems.push('The customer is missing.');
  if (!values.has('address')) problems.push('The address is missing.');
  const orderID = values.get('orderID') ?? '';
  if (orderID.length > limits.idLength) {
    problems.push(`The order id is longer than ${limits.idLength} characters.`);
  }
  if (/\p{Cc}/u.test(orderID)) problems.push('The order id has a line break or another control character.');
  const dueAt = values.get('dueAt');
  if (dueAt !== undefined && momentOf(dueAt) === undefined) {
    problems.push(`“${shortened(dueAt)}” is no due time; write it as 2026-11-30 14:30.`);
  }
  for (const [name, value] of values) {
    if (name !== 'orderID' && value.length > limits.stringLength) {
      problems.push(`“${name}” is longer than ${limits.stringLength} characters.`);
    }
  }
  return problems;
}

/** What the hub would not take, found before anything is sent. */
function misfits(order: Order): string[] {
  try {
    fitsLimits(order, limits.commandBytes - 1_024);
    return [];
  } catch (error) {
    if (!(error instanceof CapsError)) throw error;
    return [error.message];
  }
}

function columnOf(name: string): string {
  const trimmed = unguarded(name.trim());
  const plain = trimmed.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');
  const known = [...given, 'store', ...Object.keys(told)].find((one) => one.toLowerCase() === plain);
  return known ?? alsoCalled[plain] ?? trimmed.slice(0, limits.nameLength);
}

function isGiven(key: string): key is Given {
  return given.some((name) => name === key);
}

function cellOf(value: unknown): Cell {
  if (value === undefined || typeof value === 'string' || typeof value === 'number') return value;
  return JSON.stringify(value);
}

function shortened(text: string): string {
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}

/** Three sums of 32 bits: no two of a shop’s rows come to the same. `crypto.subtle` is not on plain http. */
function hash(text: string): string {
  const sums = [0x811c9dc5, 0x1b873593, 0xdeadbeef].map((seed) => {
    let sum = seed;
    for (let i = 0; i < text.length; i += 1) {
      sum = Math.imul(sum ^ text.charCodeAt(i), 0x01000193 + 2 * (seed & 0xff));
      sum ^= sum >>> 15;
    }
    return (sum >>> 0).toString(36).padStart(7, '0');
  });
  return sums.join('');
}
