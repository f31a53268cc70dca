/** Reads what spreadsheets write: RFC 4180, and what they make of it in other countries. */

/** One line of the table. */
export interface CsvLine {
  /** Where it begins in the file, from 1, as editors count. */
  readonly line: number;
  readonly cells: readonly string[];
}

/** Excel saves in its country's own letters unless it is told otherwise. */
export function decodeText(bytes: Uint8Array<ArrayBuffer>): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    // A TypeError: these bytes are no UTF-8.
    return new TextDecoder('windows-1252').decode(bytes);
  }
}

/** Lines that are empty are left out. @throws Error in words for a person */
export function readCsv(text: string): CsvLine[] {
  const source = text.replace(/^\uFEFF/, '');
  const delimiter = delimiterOf(source);
  const lines: CsvLine[] = [];
  let line = 1;
  let start = 1;
  let cells: string[] = [];
  let i = 0;
  const endLine = () => {
    if (cells.some((cell) => cell.trim() !== '')) lines.push({ line: start, cells });
    cells = [];
    start = line;
  };
  while (i < source.length) {
    const { cell, end } = source[i] === '"' ? quotedAt(source, i, line) : bareAt(source, i, delimiter);
    cells.push(cell);
    line += breaksIn(source.slice(i, end));
    i = end;
    if (source[i] === delimiter) {
      i += 1;
      if (i === source.length) cells.push('');
      continue;
    }
    if (source[i] === '\r' && source[i + 1] === '\n') i += 1;
    i += 1;
    line += 1;
    endLine();
  }
  endLine();
  return lines;
}

/** A semicolon where the comma stands in numbers, a tab out of the clipboard. */
function delimiterOf(source: string): string {
  const first = /^(?:"(?:[^"]|"")*"|[^"\r\n])*/.exec(source)?.[0].replace(/"(?:[^"]|"")*"/g, '') ?? '';
  const often = (one: string) => first.split(one).length;
  return [';', '\t'].reduce((best, one) => (often(one) > often(best) ? one : best), ',');
}

interface Read {
  readonly cell: string;
  /** The place of what ends it. */
  readonly end: number;
}

function bareAt(source: string, from: number, delimiter: string): Read {
  let end = from;
  while (end < source.length && source[end] !== delimiter && !isBreak(source[end])) end += 1;
  return { cell: source.slice(from, end), end };
}

function quotedAt(source: string, from: number, line: number): Read {
  let cell = '';
  let i = from + 1;
  for (;;) {
    const quote = source.indexOf('"', i);
    if (quote < 0) throw new Error(`Line ${line}: a quotation mark is opened here and never closed.`);
    cell += source.slice(i, quote);
    if (source[quote + 1] !== '"') {
      const rest = /^[^,;\t\r\n]*/.exec(source.slice(quote + 1, quote + 1_025))?.[0] ?? '';
      return { cell: cell + rest, end: quote + 1 + rest.length };
    }
    cell += '"';
    i = quote + 2;
  }
}

function isBreak(sign: string | undefined): boolean {
  return sign === '\n' || sign === '\r';
}

function breaksIn(text: string): number {
  return text.includes('\n') || text.includes('\r') ? text.split(/\r\n|\r|\n/).length - 1 : 0;
}
