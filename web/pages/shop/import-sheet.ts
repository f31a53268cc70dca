/** Reads a file and its orders. This module is loaded when a file is chosen. */

import { shopImport as words } from '../../words/shop-import.ts';
import { type Guess, guessColumns, looksLikeHeading } from './import-columns.ts';
import { type ColumnMapping, rememberedMapping } from './import-mapping.ts';
import { cleanCell, foreignRows, joinCells, ownRows, type TableRow, withoutUnseen } from './import-rows.ts';
import type { OrderField } from './order-table.ts';
import { type OwnColumns, ownColumnsIn } from './own-table.ts';
import { type CsvLine, decodeText, readCsv } from './read-csv.ts';

/** More than the page keeps, so that every export can be imported. */
export const rowsMax = 25_000;
const columnsMax = 200;
/** Lines of a title above the headings. */
const titleLinesMax = 10;

export type Sheet = OwnSheet | ForeignSheet;

/** A table that was exported here, whose columns are known. */
interface OwnSheet {
  readonly kind: 'own';
  readonly columns: OwnColumns;
  readonly lines: readonly CsvLine[];
}

export interface ForeignSheet {
  readonly kind: 'foreign';
  readonly head: CsvLine;
  readonly headings: readonly string[];
  readonly lines: readonly CsvLine[];
  /** The remembered mapping, or a guess. */
  readonly guess: Guess;
}

/** @throws Error in words for a person, if the file is no table of orders */
export async function sheetOf(bytes: Uint8Array<ArrayBuffer>): Promise<Sheet> {
  const { file } = words();
  // Zip (.xlsx) and the old format of .xls.
  if (startsWith(bytes, 0x50, 0x4b, 3, 4) || startsWith(bytes, 0xd0, 0xcf, 0x11, 0xe0))
    throw new Error(file.workbook);
  const all = await readCsv(decodeText(bytes), looksLikeHeading);
  if (all.length === 0) throw new Error(file.empty);
  const start = headIn(all);
  const head = all[start];
  const lines = all.slice(start + 1);
  if (!head || head.isTorn) throw new Error(file.noTable);
  if (lines.length > rowsMax) throw new Error(file.tooManyOrders(rowsMax));
  const own = ownColumnsIn(head.cells);
  if (lines.length === 0 && (own || head.cells.some(looksLikeHeading))) {
    throw new Error(file.noOrders);
  }
  if (own) return { kind: 'own', columns: own, lines };
  if (head.cells.length > columnsMax) throw new Error(file.tooManyColumns(columnsMax));
  const headings = head.cells.map((cell) => withoutUnseen(cleanCell(cell)).slice(0, 128));
  if (headings.filter((heading) => heading !== '').length < 2) throw new Error(file.noTable);
  const chosen = rememberedMapping(headings);
  const guess = chosen ? { mapping: chosen, isSure: true } : guessColumns(headings, lines);
  return { kind: 'foreign', head, headings, lines, guess };
}

function startsWith(bytes: Uint8Array, ...signs: readonly number[]): boolean {
  return signs.every((sign, i) => bytes[i] === sign);
}

/** @returns the index of the row with most headings, else of the first row with more than one cell */
function headIn(lines: readonly CsvLine[]): number {
  const first = lines.slice(0, titleLinesMax);
  const known = first.map(({ cells }) => cells.filter(looksLikeHeading).length);
  const most = Math.max(...known);
  if (most > 0) return known.indexOf(most);
  const wide = first.findIndex(({ cells }) => cells.filter((cell) => cell.trim() !== '').length > 1);
  return Math.max(0, wide);
}

/** @returns the rows of a sheet @param mapping of a foreign table */
export async function rowsIn(
  sheet: Sheet,
  mapping: ColumnMapping | undefined,
  store: string,
): Promise<TableRow[]> {
  if (sheet.kind === 'own') return ownRows(sheet.lines, sheet.columns, store);
  const chosen = mapping ?? sheet.guess.mapping;
  return foreignRows(linesOf(sheet, chosen), sheet.headings, chosen, store);
}

/** @returns the cells of a table @throws Error in words for a person */
export async function cellsOf(text: string): Promise<readonly (readonly string[])[]> {
  return (await readCsv(text)).map(({ cells }) => cells);
}

/** Whether the first line may be an order instead of headings. */
export function mayBeBare({ headings }: ForeignSheet): boolean {
  return !headings.some(looksLikeHeading);
}

/** @returns a sample for each field, from the first row that has it */
export function samplesOf(sheet: ForeignSheet, mapping: ColumnMapping): Readonly<Record<OrderField, string>> {
  const lines = linesOf(sheet, mapping).slice(0, 50);
  const sample = (name: OrderField) =>
    lines
      .map(({ cells }) =>
        joinCells(
          name,
          mapping.columns[name].map((at) => cleanCell(cells[at] ?? '')),
        ),
      )
      .find((text) => text !== '') ?? '';
  const text = (name: OrderField) => sample(name).slice(0, 120);
  return {
    orderID: text('orderID'),
    customer: text('customer'),
    address: text('address'),
    notBefore: text('notBefore'),
    dueAt: text('dueAt'),
    phone: text('phone'),
    email: text('email'),
    note: text('note'),
  };
}

function linesOf({ head, lines }: ForeignSheet, { isBare }: ColumnMapping): readonly CsvLine[] {
  return isBare ? [head, ...lines] : lines;
}
