/** Tables for spreadsheets: RFC 4180. */

export type Cell = string | number | undefined;

/** One line, its end included. */
export function csvLine(cells: readonly Cell[]): string {
  return `${cells.map(quoted).join(',')}\r\n`;
}

/** A cell as it was before `csvLine` made it harmless. */
export function unguarded(cell: string): string {
  return cell.startsWith("'") && isFormula(cell.slice(1)) ? cell.slice(1) : cell;
}

function quoted(cell: Cell): string {
  if (typeof cell !== 'string') return String(cell ?? '');
  // What a customer typed must not become a formula on somebody's machine: an apostrophe makes it text.
  const text = isFormula(cell) ? `'${cell}` : cell;
  return /[",;\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function isFormula(text: string): boolean {
  return /^\s*[=+\-@]|^[\t\r]/.test(text);
}
