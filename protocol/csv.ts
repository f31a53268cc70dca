/** Tables for spreadsheets: RFC 4180. */

export type Cell = string | number | undefined;

/** What a file begins with, or Excel takes its letters for those of its own country. */
export const byteOrderMark = '\uFEFF';

/** One line, its end included. */
export function csvLine(cells: readonly Cell[]): string {
  return `${cells.map(quoted).join(',')}\r\n`;
}

/** A cell as it was before `csvLine` made it harmless. */
export function unguarded(cell: string): string {
  return cell.startsWith("'") && isGuarded(cell.slice(1)) ? cell.slice(1) : cell;
}

function quoted(cell: Cell): string {
  if (typeof cell !== 'string') return String(cell ?? '');
  const text = isGuarded(cell) ? `'${cell}` : cell;
  // In quotation marks also what other programs take off: blanks at the ends.
  return /[",;|\t\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/**
 * What a customer typed must not become a formula on somebody's machine: an apostrophe makes it text. What looks as if
 * it had one already gets another, so that each comes back as it was.
 */
function isGuarded(text: string): boolean {
  return /^'*(?:\s*[=+\-@]|[\t\r])/.test(text);
}
