/** Reads a file and its orders. This module is loaded when a file is chosen. */

import { shopImport as words } from '../../words/shop-import.ts';
import { type Guess, guessColumns, looksLikeHeading } from './import-columns.ts';
import { columnsMax, rowsMax, titleLinesMax } from './import-limits.ts';
import { type ColumnMapping, rememberedMapping } from './import-mapping.ts';
import {
  cleanCell,
  eitherDayOf,
  foreignRows,
  joinCells,
  ownRows,
  type RowPurpose,
  type TableRow,
  withoutUnseen,
} from './import-rows.ts';
import { type OrderField, problemHeading } from './order-table.ts';
import { type OwnColumns, ownColumnsIn } from './own-table.ts';
import { type CsvLine, decodeText, readCsv } from './read-csv.ts';
import type { Workbook } from './workbook.ts';
import { readWorkbookApart } from './workbook-reader.ts';

export type Sheet = OwnSheet | ForeignSheet;

/** A table that was exported here, whose columns are known. */
interface OwnSheet {
  readonly kind: 'own';
  readonly head: CsvLine;
  readonly columns: OwnColumns;
  readonly lines: readonly CsvLine[];
  readonly workbook: SheetChoice | undefined;
}

/** The sheets of a workbook, and which of them this is. */
export interface SheetChoice {
  readonly names: readonly string[];
  readonly at: number;
}

export interface ForeignSheet {
  readonly kind: 'foreign';
  readonly head: CsvLine;
  readonly headings: readonly string[];
  readonly lines: readonly CsvLine[];
  /** The remembered mapping, or a guess. */
  readonly guess: Guess;
  readonly workbook: SheetChoice | undefined;
}

export interface SheetSource {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Whose choice of columns is remembered. */
  readonly store: string;
  /** Which sheet of a workbook; undefined for the first with rows. */
  readonly at?: number | undefined;
  /** For tests, in place of a worker. */
  readonly readWorkbook?: (bytes: Uint8Array<ArrayBuffer>, at: number | undefined) => Promise<Workbook>;
}

/** @throws Error in words for a person, if the file is no table of orders */
export async function sheetOf({ bytes, store, at, readWorkbook }: SheetSource): Promise<Sheet> {
  const { file } = words();
  // Zip (.xlsx) and the old format of .xls, which one with a password has as well.
  const isWorkbook = startsWith(bytes, 0x50, 0x4b, 3, 4) || startsWith(bytes, 0xd0, 0xcf, 0x11, 0xe0);
  const workbook = isWorkbook ? await (readWorkbook ?? readWorkbookApart)(bytes, at) : undefined;
  const all = workbook
    ? workbook.lines.map((line) => ({ ...line, isTorn: false }))
    : await readCsv(decodeText(bytes), looksLikeHeading);
  if (all.length === 0 && (workbook?.names.length ?? 0) < 2) throw new Error(file.empty);
  const sheet = tableIn(all, store);
  return { ...sheet, workbook: workbook && { names: workbook.names, at: workbook.at } };
}

type Table = Omit<OwnSheet, 'workbook'> | Omit<ForeignSheet, 'workbook'>;

function tableIn(all: readonly CsvLine[], store: string): Table {
  const { file } = words();
  const start = headIn(all);
  const { head, lines } = withoutProblems(all[start], all.slice(start + 1));
  if (!head || head.isTorn) throw new Error(file.noTable);
  if (lines.length > rowsMax) throw new Error(file.tooManyOrders(rowsMax));
  const own = ownColumnsIn(head.cells);
  if (lines.length === 0 && (own || head.cells.some(looksLikeHeading))) {
    throw new Error(file.noOrders);
  }
  if (own) return { kind: 'own', head, columns: own, lines };
  if (head.cells.length > columnsMax) throw new Error(file.tooManyColumns(columnsMax));
  const headings = head.cells.map((cell) => withoutUnseen(cleanCell(cell)).slice(0, 128));
  if (headings.filter((heading) => heading !== '').length < 2) throw new Error(file.noTable);
  const chosen = rememberedMapping(store, headings);
  const guess = chosen
    ? { mapping: chosen, isSure: chosen.dayOrder !== undefined || eitherDayOf(lines, chosen) === undefined }
    : guessColumns(headings, lines);
  return { kind: 'foreign', head, headings, lines, guess };
}

/** Rows that were downloaded to be mended say in a column of their own what was wrong. */
function withoutProblems(head: CsvLine | undefined, lines: readonly CsvLine[]) {
  const place = head?.cells.indexOf(problemHeading) ?? -1;
  if (!head || place < 0) return { head, lines };
  const without = (line: CsvLine) => ({ ...line, cells: line.cells.filter((_, at) => at !== place) });
  return { head: without(head), lines: lines.map(without) };
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
  purpose: RowPurpose,
): Promise<TableRow[]> {
  if (sheet.kind === 'own') return ownRows(sheet.lines, sheet.columns, purpose);
  const chosen = mapping ?? sheet.guess.mapping;
  return foreignRows(linesOf(sheet, chosen), sheet.headings, chosen, purpose);
}

/** @returns the cells of a table @throws Error in words for a person */
export async function cellsOf(text: string): Promise<readonly (readonly string[])[]> {
  return (await readCsv(text)).map(({ cells }) => cells);
}

/** Whether the first line may be an order instead of headings. */
export function mayBeBare({ headings }: ForeignSheet): boolean {
  return !headings.some(looksLikeHeading);
}

/** @returns a day that may be either, if nothing in the chosen columns tells */
export function eitherDayIn(sheet: ForeignSheet, mapping: ColumnMapping): string | undefined {
  return eitherDayOf(linesOf(sheet, mapping), mapping);
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
