/** The held parcels as the page draws them. */

import { askedProofs } from '../../../protocol/asked-proofs.ts';
import { isHeld } from '../../../protocol/events.ts';
import type { PageStorage } from '../../app/durable-outbox.ts';
import type { AutoDeliver } from './auto-deliver.ts';
import type { HeldParcel } from './held-parcels.ts';
import { placeText } from './offers.ts';
import { provenStep } from './proof-asks.ts';
import type { Proofs } from './proofs.ts';
import { type HeldRow, isGone, isQuiet } from './session-state.ts';
import type { ShopProfiles } from './shop-profiles.ts';
import type { Stops } from './stops.ts';

export interface HeldRowSources {
  readonly storage: Pick<PageStorage, 'isSaved'>;
  readonly auto: Pick<AutoDeliver, 'plan'>;
  readonly stops: Pick<Stops, 'opened' | 'placeOf'>;
  readonly shops: Pick<ShopProfiles, 'of'>;
  readonly proofs: Pick<Proofs, 'draftOf'>;
}

/** Sorts by what the driver put first or last, then by due time. */
interface Place {
  readonly chosen: number;
  readonly due: string;
}

/**
 * Sorts by urgency: news, then what can be delivered, then what failed, then what goes back, last what is done. What was
 * just done by hand keeps its place while the page offers to undo it. Within a rank comes first what the driver put first,
 * then what is due first, then what they put last; what is to be collected at one shop stays together.
 */
export function heldRows(held: Iterable<[string, HeldParcel]>, sources: HeldRowSources): HeldRow[] {
  const { stops } = sources;
  const rows = Array.from(held, ([key, parcel]) => {
    const row = rowOf(key, parcel, sources);
    return { row, rank: rankOf(row), place: { chosen: stops.placeOf(key), due: placeText(parcel.known) } };
  });
  rows.sort((a, b) => a.rank - b.rank || comparePlaces(a.place, b.place));
  /** The first place of each group; the rows are sorted, so it is that of its first row. */
  const first = new Map<string, Place>();
  for (const { row, place } of rows) {
    if (row.collectAt !== undefined && !first.has(row.collectAt)) first.set(row.collectAt, place);
  }
  const groupPlace = ({ row, place }: (typeof rows)[number]) => first.get(row.collectAt ?? '') ?? place;
  // A stable sort: the rows of a group keep their order.
  rows.sort((a, b) => a.rank - b.rank || comparePlaces(groupPlace(a), groupPlace(b)));
  return openOne(
    rows.map(({ row }) => row),
    stops.opened,
  );
}

function rowOf(key: string, parcel: HeldParcel, sources: HeldRowSources): HeldRow {
  const { storage, auto, shops, proofs } = sources;
  const { known, notes, toast } = parcel;
  const { store } = known.view.payload;
  const pending = parcel.pending.map((one) => ({ ...one, isSaved: storage.isSaved(one.id) }));
  const status = pending.findLast(({ leadsTo }) => leadsTo !== undefined)?.leadsTo ?? known.view.status;
  const row = { key, known, status, pending, notes, toast, unseen: unseenIn(parcel), next: auto.plan(key) };
  const collectAt = isCollecting(row) ? store : undefined;
  const shop = shops.of(store);
  const step = provenStep(status);
  const asked = step ? askedProofs(shop, step) : {};
  return { ...row, collectAt, shop, asked, draft: proofs.draftOf(key), isOpen: false };
}

/** Opens the stop that the driver opened, else the first one. */
function openOne(rows: readonly HeldRow[], opened: Stops['opened']): HeldRow[] {
  const mine = rows.filter((row) => !isGone(row));
  const chosen = mine.find(
    (row) =>
      row.key === opened?.key && isHeld(row.status) && (rankOf(row) === 1 || row.status === opened.status),
  );
  const open = chosen ?? mine.find(({ status }) => isHeld(status));
  return rows.map((row) => (row === open ? { ...row, isOpen: true } : row));
}

function unseenIn({ known, pending }: HeldParcel): HeldRow['unseen'] {
  const { unseen } = known.view;
  return pending.some(({ seenRev }) => unseen && seenRev && seenRev >= unseen.rev) ? undefined : unseen;
}

/** To be collected, or just collected, released or so, which keeps its place for a moment. */
function isCollecting({ status, toast }: Pick<HeldRow, 'status' | 'toast'>): boolean {
  if (toast?.kind === 'news') return false;
  if (status === 'claimed') return true;
  const isFresh = toast?.kind === 'undo' && !isQuiet(toast);
  return isFresh && (toast.of === 'in-transit' || toast.of === 'released');
}

function comparePlaces(a: Place, b: Place): number {
  if (a.chosen !== b.chosen) return a.chosen - b.chosen;
  return a.due < b.due ? -1 : Number(a.due > b.due);
}

function rankOf({ status, toast }: HeldRow): number {
  if (toast?.kind === 'news') return 0;
  const isFresh = toast !== undefined && !isQuiet(toast);
  if (isFresh || status === 'claimed' || status === 'in-transit') return 1;
  if (status === 'failed') return 2;
  return isHeld(status) ? 3 : 4;
}
