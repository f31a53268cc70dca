/** Reads CSV with a library; detects the encoding and the delimiter, and reports faults by line. */

import { CsvError, parse } from 'csv-parse/browser/esm/sync';
import { nextTask } from '../../app/next-task.ts';
import { shopImport as words } from '../../words/shop-import.ts';

export interface CsvLine {
  /** First line of the row in the file, from 1. */
  readonly line: number;
  readonly cells: readonly string[];
  /** The boundaries of its cells are ambiguous. */
  readonly isTorn: boolean;
  /** The text of such a row. */
  readonly raw?: string;
}

const delimiters = [',', ';', '\t', '|'] as const;
/** Rows that decide the delimiter. */
const sampleRows = 30;
const sampleLength = 64 * 1024;
/** A longer row has an unclosed quotation mark. */
const rowLengthMax = 64 * 1024;
/** Characters per task: several rows, however long they are. */
const sliceLength = 3 * rowLengthMax;

/** Decodes UTF-16, UTF-8 or, as Excel often saves, windows-1252. */
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
    // TypeError: these bytes are no UTF-8.
    return new TextDecoder('windows-1252').decode(bytes);
  }
}

/**
 * Reads a slice per task, so that the page stays responsive. Skips blank rows.
 * @param isHeading whether a cell looks like a heading, which helps to detect the delimiter
 * @throws Error in words for a person
 */
export async function readCsv(
  text: string,
  isHeading: (cell: string) => boolean = () => false,
): Promise<CsvLine[]> {
  const source = text.replace(/^\uFEFF/, '');
  // Excel's `sep=` line.
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
    // A slice may end within a row, which is read again with the next slice.
    const isCut = !isLast && (fault === undefined || fault.code === 'CSV_QUOTE_NOT_CLOSED');
    for (const { record, raw } of isCut ? records.slice(0, -1) : records) {
      if (record.some((cell) => cell.trim() !== '')) rows.push(lineOf(record, raw, delimiter, line));
      line += raw.match(/\r\n|\r|\n/g)?.length ?? 0;
      from += raw.length;
      // The library does not count the `\n` of this `\r\n`.
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

/** @returns the rows up to a fault */
function recordsIn(source: string, delimiter: string): { records: RawRow[]; fault?: CsvError } {
  const records: RawRow[] = [];
  try {
    parse(source, {
      ...options(delimiter),
      // A faulty row ends with its line and does not swallow the next one.
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
  return cells ? { line, cells, isTorn: false } : { line, cells: record, isTorn: true, raw: raw.trim() };
}

/**
 * Parses a row again in strict mode: the relaxed mode accepts text after a closing quotation mark.
 * @returns the cells; undefined if their boundaries are ambiguous
 */
function strictCells(raw: string, delimiter: string): readonly string[] | undefined {
  let cells: readonly string[] | undefined;
  let isTorn = false;
  // A quotation mark within an unquoted cell is no fault: 6" is a measure.
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

/** Chooses the delimiter that yields most headings, then the most uniform rows: addresses contain commas too. */
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
      // A sample may end within quotation marks; the rows before count.
      if (!(error instanceof CsvError)) throw error;
    }
    const headings = Math.max(0, ...rows.map((cells) => cells.filter(isHeading).length));
    return { delimiter, score: [headings, ...likeness(rows)] };
  });
  return scores.reduce((best, one) => (isHigher(one.score, best.score) ? one : best)).delimiter;
}

/** @returns the number of rows with the most common width, and that width */
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
