/** Text pasted into a field of one line, from a spreadsheet or a letter. */

/** Whether the text has several cells, which are separated by tabs. */
export function isCells(text: string): boolean {
  return text.trim().includes('\t');
}

/** @returns the cells as a CSV file with tabs */
export function asTable(text: string): string {
  return `sep=\t\n${text}`;
}

/** Joins lines. A browser would just drop the line breaks. @param between separator of the lines */
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

/** Reads a row: the customer, the address, then a phone number if a cell looks like one, and notes. */
export function orderIn([customer = '', ...cells]: readonly string[]): PastedOrder {
  const rest = cells.map((cell) => inOneLine(cell, ', ')).filter((cell) => cell !== '');
  const [address = '', ...more] = rest;
  const phone = more.find((cell) => /^\+?[\d\s()./-]{6,}$/.test(cell)) ?? '';
  const note = more.filter((cell) => cell !== phone).join(', ');
  return { customer: inOneLine(customer, ' '), address, phone, note };
}
