/** CSV for spreadsheets: RFC 4180. */

export type Cell = string | number | undefined;

/** A file begins with it, or Excel reads UTF-8 as the code page of its country. */
export const byteOrderMark = '\uFEFF';

/** Writes one line with its line end. */
export function csvLine(cells: readonly Cell[]): string {
  return `${cells.map(quoted).join(',')}\r\n`;
}

/** Undoes the guard that `csvLine` puts before formulas. */
export function withoutGuard(cell: string): string {
  return cell.startsWith("'") && isGuarded(cell.slice(1)) ? cell.slice(1) : cell;
}

function quoted(cell: Cell): string {
  if (typeof cell !== 'string') return String(cell ?? '');
  const text = isGuarded(cell) ? `'${cell}` : cell;
  // Some programs trim unquoted cells.
  return /[",;|\t\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Characters that begin a formula, with the variants that some program normalizes to them. */
const formulaSigns =
  '=+\\-@\\uff1d\\uff0b\\uff0d\\uff20\\ufe62\\ufe63\\ufe66\\ufe6b\\u207a-\\u207c\\u208a-\\u208c\\ufb29\\u2212';
const guarded = new RegExp(`^'*(?:\\s*[${formulaSigns}]|[\\t\\r])`);

/**
 * A customer's text must not run as a formula in somebody's spreadsheet, so an apostrophe marks it as text. A text that
 * already looks guarded gets a second apostrophe, so that `withoutGuard` restores every cell.
 */
function isGuarded(text: string): boolean {
  return guarded.test(text);
}
