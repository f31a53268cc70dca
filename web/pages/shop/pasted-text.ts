/** What comes out of a spreadsheet or a letter into a field of one line. */

/** Cells of a table: tabs stand between them. */
export function isCells(text: string): boolean {
  return text.trim().includes('\t');
}

/** The cells as a file of their own: what a spreadsheet copies has tabs, whatever else is in it. */
export function asTable(text: string): string {
  return `sep=\t\n${text}`;
}

/** In one line: a browser would join the words at a line break. @param between what stands between two lines */
export function inOneLine(text: string, between: string): string {
  const lines = text.split(/[\r\n\u2028\u2029]+/).map((line) => line.replaceAll('\t', ' ').trim());
  return lines.filter((line) => line !== '').join(between);
}

export interface PastedOrder {
  readonly customer: string;
  readonly address: string;
  readonly phone: string;
  readonly note: string;
}

/** An order out of one row: who, where, and by what it looks like the rest. */
export function orderIn([customer = '', ...cells]: readonly string[]): PastedOrder {
  const rest = cells.map((cell) => inOneLine(cell, ', ')).filter((cell) => cell !== '');
  const [address = '', ...more] = rest;
  const phone = more.find((cell) => /^\+?[\d\s()./-]{6,}$/.test(cell)) ?? '';
  const note = more.filter((cell) => cell !== phone).join(', ');
  return { customer: inOneLine(customer, ' '), address, phone, note };
}
