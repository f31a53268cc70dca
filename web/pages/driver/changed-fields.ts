import { amendableFields } from '../../../protocol/events.ts';
import type { ParcelView } from '../../../protocol/messages.ts';
import { driver } from '../../words/driver.ts';
import type { HeldRow } from './session-state.ts';

export type ChangedField = (typeof amendableFields)[number];

/** The changed fields, in the order in which forms have them. */
export function changedFields(was: NonNullable<HeldRow['unseen']>['was']): readonly ChangedField[] {
  return amendableFields.filter((field) => was[field] !== undefined);
}

/** @returns what changed, as it is read out */
export function changesText({ payload, unseen }: ParcelView): string {
  const { said, field } = driver().changed;
  return said(
    payload.orderID,
    changedFields(unseen?.was ?? {}).map((one) => field[one]),
  );
}
