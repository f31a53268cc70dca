import { expect, it } from 'vitest';
import { pageWith } from './page-reporter.ts';
import { proofs } from './proof.ts';

const rowsOf = (page: string): string[] => page.split('\n').filter((line) => /^\| (?!proof|---)/.test(line));

it('the page has a row for every proof, and names those that did not run', () => {
  const rows = rowsOf(
    pageWith(new Map([['races', '| races | … | 5,000 parcels | no faults | 7 | abc |']]), ''),
  );
  expect(rows).toHaveLength(Object.keys(proofs).length);
  expect(rows.filter((row) => row.includes('not run yet'))).toHaveLength(rows.length - 1);
});

it('a proof keeps its row until it runs again', () => {
  const first = pageWith(
    new Map([
      ['races', '| races | old |'],
      ['kills', '| kills | old |'],
    ]),
    '',
  );
  const second = rowsOf(pageWith(new Map([['kills', '| kills | new |']]), first));
  expect(second).toContain('| races | old |');
  expect(second).toContain('| kills | new |');
  expect(second).toHaveLength(rowsOf(first).length);
});
