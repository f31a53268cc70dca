/**
 * Reads a sheet of an Excel workbook (.xlsx): a zip of XML files. Sparse and bounded, because a workbook may claim a billion
 * rows in a kilobyte. Runs in a worker, see workbook-worker.ts.
 */

import { unzipSync } from 'fflate';
import { columnsMax, rowsMax, titleLinesMax, unpackedMegabytesMax } from './import-limits.ts';
import { attributesOf, decoded, scanXml } from './workbook-xml.ts';

export interface Workbook {
  /** Names of the sheets that are not hidden. */
  readonly names: readonly string[];
  /** Which of them was read. */
  readonly at: number;
  /** Rows with their numbers; times are `2026-11-30 14:30`. */
  readonly lines: readonly { readonly line: number; readonly cells: readonly string[] }[];
}

/** Why a workbook cannot be read. */
export type WorkbookFault =
  | 'locked'
  | 'old'
  | 'otherKind'
  | 'tooLarge'
  | 'damaged'
  | 'tooManyRows'
  | 'tooManyColumns';

export class WorkbookError extends Error {
  readonly fault: WorkbookFault;

  constructor(fault: WorkbookFault, cause?: unknown) {
    super(fault, { cause });
    this.fault = fault;
  }
}

/** @param at of the visible sheets; undefined for the first one that is not empty @throws WorkbookError */
export function readWorkbook(bytes: Uint8Array, at: number | undefined): Workbook {
  if (bytes[0] === 0xd0) throw new WorkbookError(isEncrypted(bytes) ? 'locked' : 'old');
  const parts = new Parts(bytes);
  if (!parts.has('xl/workbook.xml')) throw new WorkbookError('otherKind');
  const { sheets, isFrom1904 } = sheetsIn(parts);
  if (sheets.length === 0) throw new WorkbookError('damaged');
  const strings = stringsIn(parts);
  const formats = formatsIn(parts);
  const read = (sheet: SheetPart | undefined) =>
    sheet ? linesIn(parts.text(sheet.path), { strings, formats, isFrom1904 }) : [];
  const names = sheets.map(({ name }) => name);
  const wanted = at === undefined ? sheets.keys() : [at];
  for (const place of wanted) {
    const lines = read(sheets[place]);
    if (lines.length > 0 || at !== undefined) return { names, at: place, lines };
  }
  return { names, at: 0, lines: [] };
}

/** A protected workbook is a file of the old kind with the new one inside it. Its directory has names in UTF-16. */
function isEncrypted(bytes: Uint8Array): boolean {
  const name = Array.from('EncryptedPackage', (letter) => `${letter}\0`).join('');
  return new TextDecoder('windows-1252').decode(bytes).includes(name);
}

/** The files of the zip, unpacked one by one within one budget. */
class Parts {
  readonly #bytes: Uint8Array;
  readonly #sizes = new Map<string, number>();
  #left = unpackedMegabytesMax * 1024 * 1024;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#unzip(({ name, originalSize }) => {
      this.#sizes.set(name, originalSize);
      return false;
    });
  }

  has(path: string): boolean {
    return this.#sizes.has(path);
  }

  /** @throws WorkbookError if it is missing, cut or too large */
  text(path: string): string {
    const size = this.#sizes.get(path);
    if (size === undefined) throw new WorkbookError('damaged');
    this.#left -= size;
    if (this.#left < 0) throw new WorkbookError('tooLarge');
    // The library writes no more than the declared size: a zip that lies about it is cut, which shows below.
    const part = this.#unzip(({ name }) => name === path)[path];
    const text = new TextDecoder().decode(part);
    if (!/<\/[^<>]+>\s*$/.test(text.slice(-200))) throw new WorkbookError('damaged');
    return text;
  }

  #unzip(filter: (file: { name: string; originalSize: number }) => boolean): Record<string, Uint8Array> {
    try {
      return unzipSync(this.#bytes, { filter });
    } catch (cause) {
      throw new WorkbookError('damaged', cause);
    }
  }
}

interface SheetPart {
  readonly name: string;
  readonly path: string;
}

function sheetsIn(parts: Parts): { sheets: SheetPart[]; isFrom1904: boolean } {
  const targets = new Map<string, string>();
  scanXml(parts.text('xl/_rels/workbook.xml.rels'), ({ name, attributes }) => {
    if (name !== 'Relationship') return;
    const { Id: id, Target: target = '', Type: type = '' } = attributesOf(attributes);
    const path = target.startsWith('/') ? target.slice(1) : `xl/${target.replace(/^\.\//, '')}`;
    if (id !== undefined && type.endsWith('/worksheet')) targets.set(id, path);
  });
  const sheets: SheetPart[] = [];
  let isFrom1904 = false;
  scanXml(parts.text('xl/workbook.xml'), ({ name, attributes }) => {
    if (name === 'workbookPr') isFrom1904 = /\bdate1904\s*=\s*["'](1|true)["']/.test(attributes);
    if (name !== 'sheet') return;
    const { name: title = '', state, ...ids } = attributesOf(attributes);
    const id = Object.entries(ids).find(([key]) => key.endsWith(':id'))?.[1];
    const path = targets.get(id ?? '');
    if (path !== undefined && (state === undefined || state === 'visible'))
      sheets.push({ name: title, path });
  });
  return { sheets, isFrom1904 };
}

/** Texts that cells share. Readings aloud of Asian text stand among them and are left out. */
function stringsIn(parts: Parts): readonly string[] {
  const path = 'xl/sharedStrings.xml';
  const strings: string[] = [];
  if (!parts.has(path)) return strings;
  let text = '';
  let isAloud = false;
  scanXml(parts.text(path), ({ name, isEnd, isEmpty, before }) => {
    if (name === 'rPh') isAloud = !isEnd;
    if (name === 't' && isEnd && !isAloud) text += decoded(before);
    if (name === 'si' && (isEnd || isEmpty)) {
      strings.push(text);
      text = '';
    }
  });
  return strings;
}

/** Excel takes no longer ones. */
const formatMax = 255;

/** The codes of number formats, by the style of a cell. */
function formatsIn(parts: Parts): readonly string[] {
  const path = 'xl/styles.xml';
  const codes = new Map<string, string>();
  const formats: string[] = [];
  if (!parts.has(path)) return formats;
  let isOfCells = false;
  scanXml(parts.text(path), ({ name, isEnd, attributes }) => {
    if (name === 'cellXfs') isOfCells = !isEnd;
    if (isEnd) return;
    const { numFmtId = '0', formatCode = '' } = attributesOf(attributes);
    if (name === 'numFmt') codes.set(numFmtId, formatCode.slice(0, formatMax));
    if (name === 'xf' && isOfCells) formats.push(codes.get(numFmtId) ?? builtInFormat(Number(numFmtId)));
  });
  return formats;
}

/** Of the formats without a code only dates and times matter here. */
function builtInFormat(id: number): string {
  if (id === 18 || id === 19 || id === 20 || id === 21 || (id >= 45 && id <= 47)) return 'h:mm';
  if ((id >= 14 && id <= 22) || (id >= 27 && id <= 36) || (id >= 50 && id <= 58)) return 'yyyy-mm-dd hh:mm';
  return '';
}

interface SheetContext {
  readonly strings: readonly string[];
  readonly formats: readonly string[];
  readonly isFrom1904: boolean;
}

function linesIn(xml: string, context: SheetContext): Workbook['lines'] {
  const lines: { line: number; cells: string[] }[] = [];
  let line = 0;
  let cells: string[] = [];
  let cell: { at: number; kind: string; style: string; value: string } | undefined;
  let isAloud = false;
  let room = unpackedMegabytesMax * 1024 * 1024;
  scanXml(xml, ({ name, isEnd, isEmpty, attributes, before }) => {
    if (name === 'rPh') isAloud = !isEnd;
    if (name === 'row' && !isEnd) {
      line = Number(attributesOf(attributes)['r'] ?? line + 1);
      cells = [];
    }
    if (name === 'c' && !isEnd) {
      const { r: place, t: kind = 'n', s: style = '' } = attributesOf(attributes);
      const at = place === undefined ? cells.length : columnOf(place);
      if (at >= columnsMax) throw new WorkbookError('tooManyColumns');
      cell = isEmpty ? undefined : { at, kind, style, value: '' };
    }
    if (cell && isEnd && (name === 'v' || (name === 't' && !isAloud))) cell.value += decoded(before);
    if (name === 'c' && isEnd && cell) {
      while (cells.length < cell.at) cells.push('');
      const text = textOf(cell, context);
      // A text that a million cells share is in the file once; the page gets it a million times.
      room -= text.length;
      if (room < 0) throw new WorkbookError('tooLarge');
      cells[cell.at] = text;
      cell = undefined;
    }
    if (name === 'row' && isEnd && cells.some((text) => text.trim() !== '')) {
      if (lines.length >= rowsMax + titleLinesMax) throw new WorkbookError('tooManyRows');
      lines.push({ line, cells });
    }
  });
  return lines;
}

/** @returns 0 for `A7`, 27 for `AB7` */
function columnOf(place: string): number {
  let column = 0;
  for (const letter of place.replace(/\d.*$/, '').slice(0, 4))
    column = column * 26 + letter.charCodeAt(0) - 64;
  return column - 1;
}

function textOf(
  { kind, style, value }: { kind: string; style: string; value: string },
  context: SheetContext,
): string {
  const { strings, formats, isFrom1904 } = context;
  if (kind === 's') return strings[Number(value)] ?? '';
  if (kind === 'b') return value === '1' ? 'true' : 'false';
  if (kind === 'e') return '';
  if (kind === 'd') return value.replace(/^(\d{4}-\d\d-\d\d)T(\d\d:\d\d)(:00(\.0+)?)?Z?$/, '$1 $2');
  if (kind !== 'n' || value.trim() === '') return value;
  const number = Number(value);
  const format = formats[Number(style)] ?? '';
  if (Number.isFinite(number) && isTimeFormat(format)) return timeText(number, isFrom1904);
  // The sheet shows 0042, and keeps 42.
  if (/^0+$/.test(format) && Number.isInteger(number) && number >= 0)
    return String(number).padStart(format.length, '0');
  // Fifteen digits are kept; more are noise: 5.0999999999999996.
  return /^-?\d{1,15}$/.test(value) || !Number.isFinite(number) ? value : plainNumber(number);
}

/** Without an exponent: 4.91515E+11 is a phone number. */
function plainNumber(number: number): string {
  const text = String(number);
  return text.includes('e')
    ? number.toLocaleString('en', { useGrouping: false, maximumFractionDigits: 20 })
    : text;
}

/** Whether a format shows a date or a time: it has their letters outside of quotation marks and brackets. */
function isTimeFormat(format: string): boolean {
  if (/^general$/i.test(format)) return false;
  const letters = format.replace(/"[^"]*"|\\.|_.|\*.|\[(?!h+\]|m+\]|s+\])[^\]]*\]/gi, '');
  return /[dmyhs]/i.test(letters.replace(/e[+-]0+/gi, ''));
}

/** Days since 1900, which Excel takes for a leap year; below one it is a time of day. */
function timeText(number: number, isFrom1904: boolean): string {
  const days = number + (isFrom1904 ? 1_462 : 0);
  const ms = Math.round((days < 60 && days >= 1 ? days + 1 : days) * 86_400) * 1_000;
  const date = new Date(Date.UTC(1899, 11, 30) + ms);
  if (Number.isNaN(date.getTime())) return '';
  const [day = '', time = ''] = date.toISOString().split('T');
  const clock = time.slice(0, time.slice(6, 8) === '00' ? 5 : 8);
  if (number >= 0 && number < 1) return clock;
  return clock === '00:00' ? day : `${day} ${clock}`;
}
