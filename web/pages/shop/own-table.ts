/** Recognises tables that were exported here, by their columns. */

import { withoutGuard } from '../../../protocol/csv.ts';
import { earlierFields, hubColumnNames, jsonMark, type OrderField, orderFields } from './order-table.ts';

/** A column of our own table beside the fields of an order. */
export interface ExtraColumn {
  readonly key: string;
  readonly isJson: boolean;
}

/** The columns of our own table, but for those of the hub. */
export interface OwnColumns {
  readonly fields: readonly OrderField[];
  readonly more: readonly ExtraColumn[];
}

/**
 * @returns the columns that an exported table begins with, and those between them and the ones that it ends with;
 *   undefined if it is no such table. Positions decide, because an order may have a key called `status` as well
 */
export function ownColumnsIn(headings: readonly string[]): OwnColumns | undefined {
  const fields = [orderFields, earlierFields].find((names) => isOurs(headings, names));
  if (!fields) return undefined;
  const more = headings.slice(fields.length, headings.length - hubColumnNames.length).map((heading) => {
    const name = withoutGuard(heading);
    const isJson = name.endsWith(jsonMark);
    return { key: isJson ? name.slice(0, -jsonMark.length) : name, isJson };
  });
  return { fields, more };
}

function isOurs(headings: readonly string[], fields: readonly OrderField[]): boolean {
  const end = headings.length - hubColumnNames.length;
  return (
    end >= fields.length &&
    fields.every((name, i) => headings[i] === name) &&
    hubColumnNames.every((name, i) => headings[end + i] === name)
  );
}
