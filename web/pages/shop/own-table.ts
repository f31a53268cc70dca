/** A table that was exported here, known again by its columns. */

import { withoutGuard } from '../../../protocol/csv.ts';
import { hubColumnNames, jsonMark, orderFields } from './order-table.ts';

/** A column of a table of ours beside those of `given`. */
export interface ExtraColumn {
  readonly key: string;
  readonly isJson: boolean;
}

/**
 * The columns between those that every table of ours begins and ends with: in their places, because an order may have
 * a key called `status`, too. Undefined: it is no table of ours.
 */
export function extraColumnsIn(headings: readonly string[]): readonly ExtraColumn[] | undefined {
  const end = headings.length - hubColumnNames.length;
  const isOurs =
    end >= orderFields.length &&
    orderFields.every((name, i) => headings[i] === name) &&
    hubColumnNames.every((name, i) => headings[end + i] === name);
  if (!isOurs) return undefined;
  return headings.slice(orderFields.length, end).map((heading) => {
    const name = withoutGuard(heading);
    const isJson = name.endsWith(jsonMark);
    return { key: isJson ? name.slice(0, -jsonMark.length) : name, isJson };
  });
}
