/** The rows of a file that were not sent, as a table to mend and import. */

import { csvLine, withoutGuard } from '../../../protocol/csv.ts';
import { cleanCell, type TableRow } from './import-rows.ts';
import type { Sheet } from './import-sheet.ts';
import { problemHeading } from './order-table.ts';
import type { CsvLine } from './read-csv.ts';

/** @param isBare the first line has no headings, so the table gets none */
export function badRowsTable(
  sheet: Sheet,
  rows: readonly { readonly row: TableRow; readonly problems: readonly string[] }[],
  isBare: boolean,
): string {
  const clean = sheet.kind === 'own' ? withoutGuard : cleanCell;
  const byLine = new Map([sheet.head, ...sheet.lines].map((line) => [line.line, line]));
  const cellsOf = ({ cells, raw }: CsvLine) => (raw === undefined ? cells.map(clean) : [raw]);
  // What is wrong stands in front: a row with too many cells keeps them, and stays wrong until it is mended.
  const lines = rows.flatMap(({ row, problems }) =>
    [row.line, ...row.moreLines].flatMap((number, i) => {
      const line = byLine.get(number);
      if (!line) return [];
      return [csvLine(isBare ? cellsOf(line) : [i === 0 ? problems.join(' ') : '', ...cellsOf(line)])];
    }),
  );
  const head = isBare ? '' : csvLine([problemHeading, ...cellsOf(sheet.head)]);
  return head + lines.join('');
}
