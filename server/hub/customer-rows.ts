/**
 * What a customer reads of their parcel's records: not what a driver writes to dispatch alone, and of proofs only the
 * photos. The record itself stays, because their seqs have no holes.
 */

import { Row, storedText } from '../store/row.ts';

/** The row as a customer may see it. Few are changed, and only those are parsed. */
export function customerRow(row: Row): Row {
  const { text } = row;
  const isUrgent = text.startsWith('"event":"note"') && text.includes('"urgent":true');
  if (!isUrgent && !text.startsWith('"event":"proof"')) return row;
  const { record } = row;
  const { details = {} } = record;
  if (isUrgent ? details['urgent'] !== true : details['kind'] === 'photo') return row;
  const shown = isUrgent ? { urgent: true } : { kind: details['kind'], rev: details['rev'] };
  const told = { ...record, details: shown };
  const { seq, storeSeq, store, orderID, rev, board, drivers } = row;
  return new Row({ seq, storeSeq, store, orderID, rev, board, drivers, text: storedText(told) }, told);
}
