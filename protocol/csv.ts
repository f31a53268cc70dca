/** Tables for spreadsheets: RFC 4180. */

export type Cell = string | number | undefined;

/** What a file begins with, or Excel takes its letters for those of its own country. */
export const byteOrderMark = '\uFEFF';

/** One line, its end included. */
export function csvLine(cells: readonly Cell[]): string {
  return `${cells.map(quoted).join(',')}\r\n`;
}

/** A cell as it was before `csvLine` made it harmless. */
export function withoutGuard(cell: string): string {
  return cell.startsWith("'") && isGuarded(cell.slice(1)) ? cell.slice(1) : cell;
}

function quoted(cell: Cell): string {
  if (typeof cell !== 'string') return String(cell ?? '');
  const text = isGuarded(cell) ? `'${cell}` : cell;
  // In quotation marks also what other programs take off: blanks at the ends.
  return /[",;|\t\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** With what a formula begins, and all that some program brings down to it: full and small widths, raised, the real minus. */
const formulaSigns =
  '=+\\-@\\uff1d\\uff0b\\uff0d\\uff20\\ufe62\\ufe63\\ufe66\\ufe6b\\u207a-\\u207c\\u208a-\\u208c\\ufb29\\u2212';
const guarded = new RegExp(`^'*(?:\\s*[${formulaSigns}]|[\\t\\r])`);

/**
 * What a customer typed must not become a formula on somebody's machine: an apostrophe makes it text. What looks as if
 * it had one already gets another, so that each comes back as it was.
 */
function isGuarded(text: string): boolean {
  return guarded.test(text);
}
