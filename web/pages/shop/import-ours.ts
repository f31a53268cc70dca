/** A table that was exported here, known again by its columns. */

import { withoutGuard } from '../../../protocol/csv.ts';
import { given, jsonMark, toldNames } from './order-table.ts';

/** A column of a table of ours beside those of `given`. */
export interface MoreColumn {
  readonly key: string;
  readonly isJson: boolean;
}

/**
 * The columns between those that every table of ours begins and ends with: in their places, because an order may have
 * a key called `status`, too. Undefined: it is no table of ours.
 */
export function moreColumnsIn(headings: readonly string[]): readonly MoreColumn[] | undefined {
  const end = headings.length - toldNames.length;
  const isOurs =
    end >= given.length &&
    given.every((name, i) => headings[i] === name) &&
    toldNames.every((name, i) => headings[end + i] === name);
  if (!isOurs) return undefined;
  return headings.slice(given.length, end).map((heading) => {
    const name = withoutGuard(heading);
    const isJson = name.endsWith(jsonMark);
    return { key: isJson ? name.slice(0, -jsonMark.length) : name, isJson };
  });
}
