/** Recognises tables that were exported here, by their columns. */

import { withoutGuard } from '../../../protocol/csv.ts';
import {
  earlierFields,
  earlierHubColumnNames,
  hubColumnNames,
  jsonMark,
  type OrderField,
  orderFields,
} from './order-table.ts';

/** A column of our own table beside the fields of an order. */
export interface ExtraColumn {
  readonly key: string;
  readonly isJson: boolean;
}

/** The columns of our own table, but for those of the hub. */
export interface OwnColumns {
  readonly fields: readonly OrderField[];
  readonly more: readonly ExtraColumn[];
  /** Number of all columns, with those of the hub. */
  readonly width: number;
}

/**
 * @returns the columns that an exported table begins with, and those between them and the ones that it ends with;
 *   undefined if it is no such table. Positions decide, because an order may have a key called `status` as well
 */
export function ownColumnsIn(headings: readonly string[]): OwnColumns | undefined {
  const told = [hubColumnNames, earlierHubColumnNames].find((names) => endsWith(headings, names));
  if (!told) return undefined;
  const own = headings.slice(0, headings.length - told.length);
  const fields = [orderFields, earlierFields].find((names) => names.every((name, i) => own[i] === name));
  if (!fields) return undefined;
  const more = own.slice(fields.length).map((heading) => {
    const name = withoutGuard(heading);
    const isJson = name.endsWith(jsonMark);
    return { key: isJson ? name.slice(0, -jsonMark.length) : name, isJson };
  });
  return { fields, more, width: headings.length };
}

function endsWith(headings: readonly string[], names: readonly string[]): boolean {
  const start = headings.length - names.length;
  return names.every((name, i) => headings[start + i] === name);
}
