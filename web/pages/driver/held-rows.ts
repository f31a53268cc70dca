/** The held parcels as the page draws them. */

import { isHeld } from '../../../protocol/events.ts';
import type { PageStorage } from '../../app/durable-outbox.ts';
import type { AutoDeliver } from './auto-deliver.ts';
import type { HeldParcel } from './held-parcels.ts';
import { placeText } from './offers.ts';
import { type HeldRow, isQuiet } from './session-state.ts';

/**
 * Sorts by urgency: news, then what can be delivered, then what failed, then what goes back, last what is done. What was
 * just done by hand keeps its place while the page offers to undo it. Within a rank the earliest due comes first.
 */
export function heldRows(
  held: Iterable<[string, HeldParcel]>,
  storage: Pick<PageStorage, 'isSaved'>,
  auto: Pick<AutoDeliver, 'plan'>,
): HeldRow[] {
  const rows = Array.from(held, ([key, parcel]) => {
    const { known } = parcel;
    const pending = parcel.pending.map((one) => ({ ...one, isSaved: storage.isSaved(one.id) }));
    const status = pending.findLast(({ leadsTo }) => leadsTo !== undefined)?.leadsTo ?? known.view.status;
    const { notes, toast } = parcel;
    const unseen = unseenIn(parcel);
    const row: HeldRow = { key, known, status, pending, notes, toast, unseen, next: auto.plan(key) };
    return { row, rank: rankOf(row), place: placeText(known) };
  });
  rows.sort((a, b) => a.rank - b.rank || (a.place < b.place ? -1 : Number(a.place > b.place)));
  return rows.map(({ row }) => row);
}

function unseenIn({ known, pending }: HeldParcel): HeldRow['unseen'] {
  const { unseen } = known.view;
  return pending.some(({ seenRev }) => unseen && seenRev && seenRev >= unseen.rev) ? undefined : unseen;
}

function rankOf({ status, toast }: HeldRow): number {
  if (toast?.kind === 'news') return 0;
  const isFresh = toast !== undefined && !isQuiet(toast);
  if (isFresh || status === 'claimed' || status === 'in-transit') return 1;
  if (status === 'failed') return 2;
  return isHeld(status) ? 3 : 4;
}
