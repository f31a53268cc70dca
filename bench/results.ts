/** Reads and adds rows of the tables of results.md. */

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

/** The rows of a table, each with its cells. @param text of results.md */
export function rowsOf(text: string, heading: string): string[][] {
  const lines = text.split('\n');
  const begin = lines.indexOf(`# ${heading}`);
  const next = lines.findIndex((line, i) => i > begin && line.startsWith('# '));
  const rows = lines.slice(begin, next < 0 ? undefined : next).filter((line) => line.startsWith('| '));
  // The first two name the columns.
  return rows.slice(2).map((row) =>
    row
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

/** A row of the bench of whole lives. */
export interface LifeRow {
  readonly date: string;
  readonly commit: string;
  /** The lab hub's CPU per event, divided by ours. */
  readonly ratio: number;
}

/**
 * The last row of a kind of machine and of a load.
 * @param text of results.md
 * @param machine as in `placeCells`
 * @param load how its cell begins, like `20 / 20 / 3`
 */
export function lastLife(text: string, machine: string, load: string): LifeRow | undefined {
  const row = rowsOf(text, 'Results').findLast((cells) => cells[2] === machine && cells[4]?.startsWith(load));
  const [date = '', commit = ''] = row ?? [];
  const ratio = Number(/^1\/([\d.]+)$/.exec(row?.at(-1) ?? '')?.[1]);
  return ratio > 0 ? { date, commit, ratio } : undefined;
}

export function readResults(): string {
  return readFileSync(file, 'utf8');
}

/** One row in Markdown. */
export function rowOf(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}
