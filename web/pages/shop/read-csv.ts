/** What spreadsheets and shops write, read by a library, and what it leaves to its user: letters, delimiters, blame. */

import { CsvError, parse } from 'csv-parse/browser/esm/sync';
import { nextTask } from '../../app/next-task.ts';
import { shopImport as words } from '../../words/shop-import.ts';

/** One row of the table. */
export interface CsvLine {
  /** Where it begins in the file, from 1, as editors count. */
  readonly line: number;
  readonly cells: readonly string[];
  /** It cannot be told where its cells end. */
  readonly isTorn: boolean;
}

const delimiters = [',', ';', '\t', '|'] as const;
/** So many rows tell which delimiter it is. */
const sampleRows = 30;
const sampleLength = 64 * 1024;
/** Characters of one row: more is a quotation mark that nobody closed. */
const rowLengthMax = 64 * 1024;
/** Characters that are read in one turn of the page: several rows, however long they are. */
const sliceLength = 3 * rowLengthMax;

/** Excel saves in its country's own letters unless it is told otherwise, and other programs in two bytes each. */
export function decodeText(bytes: Uint8Array<ArrayBuffer>): string {
  const [first, second] = bytes;
  if ((first === 0xff && second === 0xfe) || (first !== 0 && second === 0)) {
    return new TextDecoder('utf-16le').decode(bytes);
  }
  if ((first === 0xfe && second === 0xff) || (first === 0 && second !== 0)) {
    return new TextDecoder('utf-16be').decode(bytes);
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    // A TypeError: these bytes are no UTF-8.
    return new TextDecoder('windows-1252').decode(bytes);
  }
}

/**
 * Reads a stretch per turn of the page, which stays at hand. Rows without a word are left out.
 * @param isHeading whether a cell looks like the name of a column: it helps to find what parts the cells
 * @throws Error in words for a person
 */
export async function readCsv(
  text: string,
  isHeading: (cell: string) => boolean = () => false,
): Promise<CsvLine[]> {
  const source = text.replace(/^\uFEFF/, '');
  // Excel's own first line, which no other program shows.
  const said = /^"?sep=([^\r\n"])"?(?:\r\n|\r|\n|$)/i.exec(source);
  const delimiter = said?.[1] ?? delimiterOf(source, isHeading);
  return rowsOf(source.slice(said?.[0].length ?? 0), delimiter, said ? 2 : 1);
}

async function rowsOf(source: string, delimiter: string, firstLine: number): Promise<CsvLine[]> {
  const rows: CsvLine[] = [];
  let line = firstLine;
  let from = 0;
  while (from < source.length) {
    const isLast = from + sliceLength >= source.length;
    const { records, fault } = recordsIn(source.slice(from, from + sliceLength), delimiter);
    // The end of a stretch is not the end of a row: that one is read with the next.
    const isCut = !isLast && (fault === undefined || fault.code === 'CSV_QUOTE_NOT_CLOSED');
    for (const { record, raw } of isCut ? records.slice(0, -1) : records) {
      if (record.some((cell) => cell.trim() !== '')) rows.push(lineOf(record, raw, delimiter, line));
      line += raw.match(/\r\n|\r|\n/g)?.length ?? 0;
      from += raw.length;
      // The library leaves this half of a line's end out.
      if (raw.endsWith('\r') && source[from] === '\n') from += 1;
    }
    if (isLast || !isCut) {
      if (fault) throw new Error(faultText(fault, line), { cause: fault });
      break;
    }
    await nextTask();
  }
  return rows;
}

interface RawRow {
  readonly record: string[];
  readonly raw: string;
}

/** The rows, up to a fault. */
function recordsIn(source: string, delimiter: string): { records: RawRow[]; fault?: CsvError } {
  const records: RawRow[] = [];
  try {
    parse(source, {
      ...options(delimiter),
      // A row with a fault ends where its line ends, and takes none of the next with it.
      relax_quotes: true,
      ltrim: true,
      raw: true,
      max_record_size: rowLengthMax,
      on_record: (record: unknown) => {
        if (!isRawRow(record)) throw new Error('The reader of tables gave no row.');
        records.push(record);
        return null;
      },
    });
    return { records };
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    return { records, fault: error };
  }
}

function faultText({ code }: CsvError, line: number): string {
  const { noEnd, notClosed } = words().file;
  return code === 'CSV_MAX_RECORD_SIZE' ? noEnd(line) : notClosed(line);
}

function lineOf(record: readonly string[], raw: string, delimiter: string, line: number): CsvLine {
  if (!record.some((cell) => cell.startsWith('"'))) return { line, cells: record, isTorn: false };
  const cells = strictCells(raw, delimiter);
  return { line, cells: cells ?? record, isTorn: cells === undefined };
}

/**
 * The library takes text behind a closing quotation mark for a part of the cell, which nobody meant: it asks the same
 * library again, without mercy, about the rows where that can be.
 * @returns the cells; undefined where it cannot be told where one ends
 */
function strictCells(raw: string, delimiter: string): readonly string[] | undefined {
  let cells: readonly string[] | undefined;
  let isTorn = false;
  // A quotation mark within a bare cell is no fault: 6" is a measure.
  let isBare = false;
  const only = {
    ...options(delimiter),
    trim: true,
    skip_records_with_error: true,
    on_skip: (error: CsvError | undefined) => {
      if (error?.code === 'INVALID_OPENING_QUOTE') isBare = true;
      else isTorn = true;
      return undefined;
    },
  };
  try {
    [cells] = parse(raw, only);
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    isTorn = true;
  }
  if (isTorn) return undefined;
  if (cells || !isBare) return cells;
  return parse(raw, { ...options(delimiter), ltrim: true, relax_quotes: true })[0];
}

function options(delimiter: string) {
  return { delimiter, record_delimiter: ['\r\n', '\n', '\r'], relax_column_count: true };
}

/** By what parts the first rows into the most headings, then the most alike: an address has commas, too. */
function delimiterOf(source: string, isHeading: (cell: string) => boolean): string {
  const sample = source.slice(0, sampleLength);
  const scores = delimiters.map((delimiter) => {
    const rows: string[][] = [];
    try {
      parse(sample, {
        ...options(delimiter),
        relax_quotes: true,
        ltrim: true,
        to: sampleRows,
        on_record: (cells: unknown) => {
          if (isCells(cells) && cells.some((cell) => cell.trim() !== '')) rows.push(cells);
          return null;
        },
      });
    } catch (error) {
      // A sample may end within quotation marks; what came before it counts.
      if (!(error instanceof CsvError)) throw error;
    }
    const headings = Math.max(0, ...rows.map((cells) => cells.filter(isHeading).length));
    return { delimiter, score: [headings, ...likeness(rows)] };
  });
  return scores.reduce((best, one) => (isHigher(one.score, best.score) ? one : best)).delimiter;
}

/** How many rows have the width that most have, and that width. */
function likeness(rows: readonly (readonly string[])[]): [number, number] {
  const times = new Map<number, number>();
  for (const { length } of rows) if (length > 1) times.set(length, (times.get(length) ?? 0) + 1);
  return [...times].reduce<[number, number]>(
    (best, [width, count]) => (isHigher([count, width], best) ? [count, width] : best),
    [0, 0],
  );
}

function isHigher(a: readonly number[], b: readonly number[]): boolean {
  const place = a.findIndex((value, i) => value !== b[i]);
  return place >= 0 && (a[place] ?? 0) > (b[place] ?? 0);
}

function isCells(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((cell) => typeof cell === 'string');
}

function isRawRow(value: unknown): value is RawRow {
  if (typeof value !== 'object' || value === null || !('record' in value) || !('raw' in value)) return false;
  return isCells(value.record) && typeof value.raw === 'string';
}
