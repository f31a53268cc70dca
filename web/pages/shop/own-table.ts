/** Recognises tables that were exported here, by their columns. */

import { withoutGuard } from '../../../protocol/csv.ts';
import { hubColumnNames, jsonMark, orderFields } from './order-table.ts';

/** A column of our own table beside the fields of an order. */
export interface ExtraColumn {
  readonly key: string;
  readonly isJson: boolean;
}

/**
 * @returns the columns between those that every exported table begins and ends with; undefined if it is no such table.
 *   Positions decide, because an order may have a key called `status` as well
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
