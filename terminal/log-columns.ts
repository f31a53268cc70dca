/** Lays out the log for a terminal: one event per line, in aligned columns that fill the width. */

import { escapeUnseen } from '../protocol/characters.ts';
import type { CapsRecord } from '../protocol/messages.ts';

interface Column {
  readonly title: string;
  /** Width limits in terminal cells. The last column takes the rest. */
  readonly least: number;
  readonly most: number;
  /** A narrower terminal omits it. */
  readonly from: number;
  readonly text: (record: CapsRecord) => string;
}

const columns: readonly Column[] = [
  { title: 'Time', least: 8, most: 8, from: 0, text: (record) => clockOf(timeOf(record)) },
  { title: 'Event', least: 14, most: 14, from: 0, text: ({ event }) => event },
  { title: 'Order', least: 8, most: 20, from: 0, text: ({ payload }) => payload.orderID },
  { title: 'Store', least: 8, most: 20, from: 50, text: ({ payload }) => payload.store },
  { title: 'By', least: 6, most: 16, from: 64, text: doerOf },
  { title: 'Door', least: 9, most: 9, from: 80, text: ({ via }) => via },
  {
    title: 'Customer',
    least: 10,
    most: Number.POSITIVE_INFINITY,
    from: 64,
    text: ({ payload: { customer, address } }) => `${customer}, ${address}`,
  },
];
const gap = '  ';

/** The line of titles. @param width the terminal's, in cells */
export function headOf(width: number): string {
  return lineOf(width, ({ title }) => title);
}

/** @param width the terminal's, in cells */
export function rowOf(record: CapsRecord, width: number): string {
  return lineOf(width, ({ text }) => text(record));
}

/** The record's day in this machine's time zone: `2026-11-20`. */
export function dayOf(record: CapsRecord): string {
  const at = new Date(timeOf(record));
  return [at.getFullYear(), at.getMonth() + 1, at.getDate()].map(twoDigits).join('-');
}

/** A shop's id would repeat the column beside it. */
function doerOf({ by }: CapsRecord): string {
  return by.name ?? (by.role === 'vendor' ? 'shop' : by.id);
}

function timeOf({ time, machineTime }: CapsRecord): string {
  return machineTime ?? time;
}

function clockOf(time: string): string {
  const at = new Date(time);
  return [at.getHours(), at.getMinutes(), at.getSeconds()].map(twoDigits).join(':');
}

function twoDigits(part: number): string {
  return String(part).padStart(2, '0');
}

function lineOf(width: number, textOf: (column: Column) => string): string {
  const shown = columns.filter(({ from }) => width >= from);
  const widths = widthsOf(shown, width);
  const cells = shown.map((column, i) => cell(textOf(column), widths[i] ?? 0));
  return cut(cells.join(gap), width).trimEnd();
}

/** Gives each column its least width and shares out the remaining width; the last takes the rest. */
function widthsOf(shown: readonly Column[], width: number): number[] {
  let left = width - gap.length * (shown.length - 1) - sum(shown.map(({ least }) => least));
  return shown.map(({ least, most }, i) => {
    const share = i === shown.length - 1 ? left : Math.floor(left / 6);
    const more = Math.max(0, Math.min(most - least, share));
    left -= more;
    return least + more;
  });
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((all, one) => all + one, 0);
}

/** Pads or cuts the text to exactly this many cells. */
function cell(text: string, width: number): string {
  const fitting = cut(escapeUnseen(text.replace(/\s+/g, ' ')), width);
  return fitting + ' '.repeat(width - cellsOf(fitting));
}

const letters = new Intl.Segmenter('en', { granularity: 'grapheme' });

function cut(text: string, width: number): string {
  if (cellsOf(text) <= width) return text;
  let kept = '';
  let cells = 0;
  for (const { segment } of letters.segment(text)) {
    cells += cellsIn(segment);
    if (cells > width - 1) break;
    kept += segment;
  }
  return `${kept}…`;
}

function cellsOf(text: string): number {
  // Fast path.
  if (/^[ -~]*$/.test(text)) return text.length;
  return sum(Array.from(letters.segment(text), ({ segment }) => cellsIn(segment)));
}

const wide =
  /[\p{Emoji_Presentation}\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\u3000-\u303e\uff01-\uff60\uffe0-\uffe6]|\ufe0f/u;
const empty = /^[\p{Mn}\p{Me}\p{Cf}\p{Default_Ignorable_Code_Point}]*$/u;

/** Number of terminal cells of one letter. */
function cellsIn(letter: string): number {
  if (empty.test(letter)) return 0;
  return wide.test(letter) ? 2 : 1;
}
