/** Adds rows to the tables of results.md. */

import { readFileSync, writeFileSync } from 'node:fs';

const file = new URL('results.md', import.meta.url);

/** @param rows the cells of each row */
export function addRows(heading: string, rows: readonly (readonly string[])[]): void {
  const lines = readFileSync(file, 'utf8').split('\n');
  const begin = lines.indexOf(`# ${heading}`);
  const next = lines.findIndex((line, i) => i > begin && line.startsWith('# '));
  const end = next < 0 ? lines.length : next;
  const last = lines.findLastIndex((line, i) => i < end && line.startsWith('|'));
  if (begin < 0 || last < begin) throw new Error(`results.md has no table under "${heading}"`);
  lines.splice(last + 1, 0, ...rows.map(rowOf));
  writeFileSync(file, lines.join('\n'));
}

/** One row in Markdown. */
export function rowOf(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}
