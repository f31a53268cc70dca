/** Turns the rows of a table into orders or faults. */

import { idProblem, isVisible, textProblem, withoutFaults } from '../../../protocol/characters.ts';
import { withoutGuard } from '../../../protocol/csv.ts';
import { CapsError } from '../../../protocol/errors.ts';
import { fitsLimits } from '../../../protocol/json.ts';
import { limits } from '../../../protocol/limits.ts';
import type { Order } from '../../../protocol/orders.ts';
import { isWindow } from '../../../protocol/time-window.ts';
import { localDayAt } from '../../../protocol/zoned-time.ts';
import { errorText } from '../../app/hub-answer.ts';
import { nextTask } from '../../app/next-task.ts';
import { shopImport as words } from '../../words/shop-import.ts';
import { type DayOrder, dayOrderIn, eitherDayIn } from './date-text.ts';
import { orderIdOf } from './import-id.ts';
import { type ColumnMapping, othersOf } from './import-mapping.ts';
import { placeColumns, takePlace } from './import-place.ts';
import { hubColumnNames, type OrderField, orderFields } from './order-table.ts';
import type { OwnColumns } from './own-table.ts';
import type { CsvLine } from './read-csv.ts';
import { type RowTimes, rowTimes, shortText, type TimeReading } from './row-times.ts';

/** An order of a file, or its faults. */
export interface TableRow {
  readonly line: number;
  /** A short name for the row. */
  readonly label: string;
  readonly order: Order;
  /** The text from which the order id was made, if the row has none. */
  readonly idSeed?: string;
  /** Further lines that say the same, or only more of it, and make no order of their own. */
  readonly moreLines: readonly number[];
  /** Faults, for a person; if there are none, the order can be sent. */
  readonly problems: readonly string[];
}

/** What rows are read for. */
export interface RowPurpose {
  readonly store: string;
  /** Of times that say none. */
  readonly zone: string;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** Rows per task, so that the page stays responsive. */
const rowsPerTurn = 500;

const blank = /[\s\u200B\u2060\uFEFF]/;

type RowValues = Map<string, unknown>;

/** The values of a row by key, and the faults found while reading it. */
interface ReadRow {
  readonly values: RowValues;
  readonly problems: readonly string[];
}

/** Reads the rows of our own table exactly as they were exported. */
export function ownRows(
  lines: readonly CsvLine[],
  { fields, more, width }: OwnColumns,
  purpose: RowPurpose,
): Promise<TableRow[]> {
  const dated = (['dueAt', 'notBefore'] as const).map((name) => fields.indexOf(name));
  const order = dayOrderIn(textsAt(lines, dated));
  return rowsOf(lines, { ...purpose, order }, ({ cells }) => {
    const values: RowValues = new Map();
    const problems = widthProblems(cells, width);
    fields.forEach((name, i) => {
      const cell = withoutGuard(cells[i] ?? '');
      if (cell !== '') values.set(name, cell);
    });
    more.forEach(({ key, isJson }, i) => {
      const cell = cells[fields.length + i] ?? '';
      if (cell === '') return;
      try {
        values.set(key, isJson ? jsonIn(cell) : withoutGuard(cell));
      } catch (error) {
        const { unfit, noJson } = words().row;
        const column = shortText(key);
        problems.push(
          error instanceof CapsError ? unfit(column, errorText(error)) : noJson(shortText(cell), column),
        );
      }
    });
    return { values, problems };
  });
}

/** @throws SyntaxError if it is no JSON; CapsError if it exceeds the limits of an order */
function jsonIn(cell: string): unknown {
  const value: unknown = JSON.parse(cell);
  fitsLimits(value, limits.commandBytes);
  return value;
}

/** Reads the rows of a foreign table. Rows without new data belong to the order above. */
export function foreignRows(
  lines: readonly CsvLine[],
  headings: readonly string[],
  mapping: ColumnMapping,
  purpose: RowPurpose,
): Promise<TableRow[]> {
  const { store } = purpose;
  const order = dayOrderOf(lines, mapping);
  const others = [
    ...(mapping.keepsOthers ? keptOthers(headings, mapping) : []),
    ...(mapping.isBare ? [] : placeColumns(headings)),
  ];
  const storeAt = mapping.isBare ? -1 : headings.indexOf('store');
  return rowsOf(lines, { ...purpose, order }, ({ cells }) => {
    const values: RowValues = new Map();
    const problems = widthProblems(cells, headings.length);
    const of = cleanCell(cells[storeAt] ?? '');
    if (of !== '' && of !== store) problems.push(words().row.otherStore(shortText(of)));
    for (const name of orderFields) {
      const value = joinCells(
        name,
        mapping.columns[name].map((at) => cleanCell(cells[at] ?? '')),
      );
      if (value !== '') values.set(name, value);
    }
    for (const { at, key } of others) {
      const value = cleanCell(cells[at] ?? '');
      if (value !== '') values.set(key, value);
    }
    return { values, problems };
  });
}

/** @returns how the file's days are meant: what its columns tell, else what was chosen */
export function dayOrderOf(lines: readonly CsvLine[], mapping: ColumnMapping): DayOrder | undefined {
  return dayOrderIn(textsAt(lines, datedColumns(mapping))) ?? mapping.dayOrder;
}

/** @returns a day that may be either, if nothing in its columns tells */
export function eitherDayOf(lines: readonly CsvLine[], mapping: ColumnMapping): string | undefined {
  const places = datedColumns(mapping);
  return dayOrderIn(textsAt(lines, places)) ? undefined : eitherDayIn(textsAt(lines, places));
}

function datedColumns({ columns }: ColumnMapping): readonly number[] {
  return [...columns.dueAt, ...columns.notBefore];
}

function* textsAt(lines: readonly CsvLine[], places: readonly number[]): Generator<string> {
  for (const at of places) for (const { cells } of lines) yield cells[at] ?? '';
}

/** Joins the cells of one field. */
export function joinCells(name: OrderField, cells: readonly string[]): string {
  const parts = cells.filter((cell) => cell !== '');
  if (name === 'orderID') return withoutUnseen(parts.join(' ')).trim();
  if (name !== 'address') return parts.join(' ');
  return parts.reduce((text, part, i) => {
    // A postcode and its town are joined by a space: 50667 Köln, Springfield 01103.
    const startsTown = part.length > 3 && isPostcode(part) && (i + 1 < parts.length || i === 1);
    const isTown = !startsTown && (isPostcode(part) || isPostcode(parts[i - 1] ?? ''));
    return text === '' ? part : `${text}${isTown ? ' ' : ', '}${part}`;
  }, '');
}

function isPostcode(text: string): boolean {
  return /^(?=.*\d)[A-Z\d]{2,5}[ -]?[A-Z\d]{0,4}$/.test(text);
}

/** Removes what programs add around a value: blanks, `="0042"`, and the apostrophe that marks a number as text. */
export function cleanCell(cell: string): string {
  const text = trimBlanks(withoutFaults(cell, 'text'));
  const formula = /^="([^"]*)"$/.exec(text)?.[1];
  if (formula !== undefined) return formula.trim();
  if (/^'[+(]?\d[\d\s()./-]*$/.test(text)) return text.slice(1);
  return withoutGuard(text);
}

/** Trims by index: a regular expression would take quadratic time for many blanks. */
function trimBlanks(cell: string): string {
  let [start, end] = [0, cell.length];
  while (start < end && blank.test(cell.charAt(start))) start += 1;
  while (end > start && blank.test(cell.charAt(end - 1))) end -= 1;
  return cell.slice(start, end);
}

/** Removes characters without width, so that ids that look equal are equal. */
export function withoutUnseen(text: string): string {
  return text.replace(/[\u00AD\u200B-\u200F\u202A-\u202E\u2060-\u2064\u2066-\u2069\uFEFF]/g, '');
}

function keptOthers(headings: readonly string[], mapping: ColumnMapping) {
  // A changed table of our own still has the hub's columns.
  const isTold = headings.includes('createdAt') && headings.includes('changedAt');
  return othersOf(headings, mapping).filter(({ key }) => !isTold || !hubColumnNames.includes(key));
}

function widthProblems(cells: readonly string[], width: number): string[] {
  return cells.slice(width).some((cell) => cell.trim() !== '') ? [words().row.tooManyCells] : [];
}

async function rowsOf(
  lines: readonly CsvLine[],
  { store, zone, now, order }: RowPurpose & { order: DayOrder | undefined },
  read: (line: CsvLine) => ReadRow,
): Promise<TableRow[]> {
  const rows: TableRow[] = [];
  const reader = new RowBuilder(store, { order, zone, today: localDayAt(now, zone) });
  for (const [i, line] of lines.entries()) {
    if (i % rowsPerTurn === rowsPerTurn - 1) await nextTask();
    const row = reader.rowOf(line, read(line));
    if (row) rows.push(row);
  }
  return rows;
}

class RowBuilder {
  readonly #store: string;
  readonly #reading: TimeReading;
  /** First line and values of each order id. */
  readonly #firsts = new Map<string, { line: number; values: RowValues; moreLines: number[] }>();
  /** How often the same row occurred. */
  readonly #times = new Map<string, number>();

  constructor(store: string, reading: TimeReading) {
    this.#store = store;
    this.#reading = reading;
  }

  /** @returns undefined if the row belongs to an order above */
  rowOf({ line, isTorn }: CsvLine, { values, problems }: ReadRow): TableRow | undefined {
    const id = textIn(values, 'orderID');
    const first = this.#firsts.get(id);
    if (first && !isTorn && isMore(values, first.values)) {
      first.moreLines.push(line);
      return undefined;
    }
    const moreLines: number[] = [];
    // A torn row has no reliable cells, so report nothing else.
    const times = rowTimes(textIn(values, 'notBefore'), textIn(values, 'dueAt'), this.#reading);
    const found = isTorn ? [words().row.tornCell] : [...problems, ...problemsOf(values, times)];
    if (first) found.push(words().row.sameId(shortText(id), first.line));
    else if (id !== '') this.#firsts.set(id, { line, values: new Map(values), moreLines });
    takeTimes(values, times);
    if (!isTorn && !takePlace(values)) found.push(words().row.badPlace);
    const idSeed = id === '' ? idSeedFrom(values, this.#times) : undefined;
    const order: Order = {
      ...Object.fromEntries(values),
      store: this.#store,
      orderID: idSeed === undefined ? id : orderIdOf(idSeed, 0),
      customer: textIn(values, 'customer'),
      address: textIn(values, 'address'),
    };
    if (found.length === 0) found.push(...misfits(order));
    const label = textIn(values, 'customer') || id;
    return { line, moreLines, label, order, ...(idSeed === undefined ? {} : { idSeed }), problems: found };
  }
}

/** Depends on the row's content only, so that the same file makes the same orders. Equal rows are several orders. */
function idSeedFrom(values: RowValues, times: Map<string, number>): string {
  const text = JSON.stringify([...values].sort(([a], [b]) => (a < b ? -1 : 1)));
  const time = (times.get(text) ?? 0) + 1;
  times.set(text, time);
  return `${time} ${text}`;
}

/** Whether a row continues an order: it has the same values, or only further items. */
function isMore(values: RowValues, first: RowValues): boolean {
  const isItem = !values.has('customer') && !values.has('address');
  return [...values].every(
    ([key, value]) =>
      JSON.stringify(first.get(key)) === JSON.stringify(value) || (isItem && !isOrderField(key)),
  );
}

function isOrderField(key: string): boolean {
  return orderFields.some((name) => name === key);
}

function textIn(values: RowValues, name: OrderField): string {
  const value = values.get(name);
  return typeof value === 'string' ? value : '';
}

/** Puts the times in the place of their texts, if they are without a fault. */
function takeTimes(values: RowValues, times: RowTimes): void {
  if (times.problems.length > 0) return;
  for (const name of ['notBefore', 'dueAt'] as const) {
    const time = times[name];
    if (time === undefined) values.delete(name);
    else values.set(name, time);
  }
}

function problemsOf(values: RowValues, times: RowTimes): string[] {
  const { row } = words();
  const problems: string[] = [];
  if (!isVisible(textIn(values, 'customer'))) problems.push(row.noCustomer);
  if (!isVisible(textIn(values, 'address'))) problems.push(row.noAddress);
  const orderID = textIn(values, 'orderID');
  const wrong = orderID === '' ? undefined : idProblem(orderID);
  if (wrong !== undefined) problems.push(row.badId(wrong));
  problems.push(...times.problems);
  if (!isWindow(times)) problems.push(row.reversed);
  for (const name of ['customer', 'address', 'phone', 'email', 'note'] as const) {
    const text = textIn(values, name);
    const unfit = isVisible(text) ? textProblem(text) : undefined;
    if (unfit !== undefined) problems.push(row.badText(name, unfit));
  }
  for (const [name, value] of values) {
    if (name !== 'orderID' && typeof value === 'string' && value.length > limits.stringLength) {
      problems.push(row.tooLong(name, limits.stringLength));
    }
  }
  return problems;
}

/** @returns why the hub would refuse the order */
function misfits(order: Order): string[] {
  try {
    fitsLimits(order, limits.commandBytes - 1_024);
    return [];
  } catch (error) {
    if (!(error instanceof CapsError)) throw error;
    return [errorText(error)];
  }
}
