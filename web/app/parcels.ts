/** The pages' fold of views and records. Older data never overwrites newer data. */

import {
  amendedOrder,
  undoAfter,
  unseenAfter,
  urgentAfter,
  wholeAmendment,
} from '../../protocol/amendment.ts';
import {
  type Effect,
  effectOf,
  holderRuleOf,
  isAttempt,
  isCorrectable,
  isHeld,
} from '../../protocol/events.ts';
import type { AcceptedAnswer, Author, CapsRecord, Command, ParcelView } from '../../protocol/messages.ts';
import type { Amendment } from '../../protocol/orders.ts';

type HolderState = Pick<ParcelView, 'holder' | 'attempts' | 'unseen'>;

/** A parcel as far as this page knows it. */
export interface KnownParcel {
  readonly view: ParcelView;
  /** The state that `corrected` restores; undefined if this page did not see the latest change. */
  readonly before?: HolderState | undefined;
  /** The latest records, if this page does not know the parcel from its beginning. */
  readonly heard?: readonly CapsRecord[] | undefined;
  /** The record up to which this page knows how the order was amended; the view's own `rev` if undefined. */
  readonly orderRev?: number | undefined;
}

/** Bounds `heard`. */
const heardMax = 32;

/** Applies a view, then the known records that are newer than it. */
export function withView(known: KnownParcel | undefined, view: ParcelView): KnownParcel {
  if (!known || view.rev > known.view.rev) return { view };
  return known.heard ? known.heard.reduce(withRecord, { view }) : known;
}

/** Applies a record. The first known record of a parcel may be from the middle of its life; a view completes it later. */
export function withRecord(known: KnownParcel | undefined, record: CapsRecord): KnownParcel {
  const { payload, status, rev, time } = record;
  if (!known) {
    const holder = record.holder ?? (isHeld(status) ? driverIn(record) : undefined);
    const hands = { attempts: 0, holder };
    const view = { payload, status, rev, ...hands, createdAt: time, changedAt: time };
    return record.event === 'pickup' ? { view } : { view, heard: [record] };
  }
  const { view } = known;
  if (rev <= view.rev) return withLateAmendment(known, record);
  const heard = known.heard && { heard: [...known.heard, record].slice(-heardMax) };
  const sawAll = rev === view.rev + 1;
  // The page's own record, made from an answer, knows nothing of amendments that the page has not heard of.
  const isTrue = sawAll || record.holder !== undefined;
  const order = isTrue ? { payload } : {};
  const orderRev = isTrue ? undefined : (known.orderRev ?? view.rev);
  if (changesNothing(record, view)) {
    return {
      ...known,
      ...heard,
      orderRev,
      before: known.before && undoAfter(known.before, view.payload, record),
      view: { ...view, ...order, ...newsAfter(view, record, view.holder), rev },
    };
  }
  const hands = holdingAfterRecord(view, sawAll ? known.before : undefined, record);
  const news = newsAfter(view, record, hands.holder);
  const back = record.event === 'corrected' && sawAll ? { unseen: known.before?.unseen } : {};
  return {
    view: { ...view, ...order, status, rev, ...hands, ...news, ...back, changedAt: time },
    before: sawAll && isCorrectable(record.event) ? holdingOf(view) : undefined,
    ...heard,
    orderRev,
  };
}

/** An amendment that comes after the answer to a later command of this page. */
function withLateAmendment(known: KnownParcel, record: CapsRecord): KnownParcel {
  const { view, orderRev = view.rev } = known;
  if (record.event !== 'amended' || record.rev <= orderRev) return known;
  const { payload, rev } = record;
  const isLast = rev === view.rev - 1;
  const unseen = unseenAfter(view, record, view.holder);
  return { ...known, orderRev: isLast ? undefined : rev, view: { ...view, payload, unseen } };
}

function newsAfter(
  view: ParcelView,
  record: CapsRecord,
  holder: ParcelView['holder'],
): Pick<ParcelView, 'unseen' | 'urgent'> {
  return { unseen: unseenAfter(view, record, holder), urgent: urgentAfter(view.urgent, record) };
}

/** Makes the record from a command's answer, so that the page need not wait for the feed. */
export function recordOf(
  command: Omit<Command, 'id'>,
  answer: AcceptedAnswer,
  by: Author,
  view?: ParcelView,
): CapsRecord {
  const { seq, rev, status, time } = answer;
  // Only a `pickup` has the whole payload; other commands just name the parcel.
  const known = view?.payload ?? (command.payload as CapsRecord['payload']);
  const payload =
    command.event === 'amended'
      ? amendedOrder(known, wholeAmendment(known, command.details as Amendment))
      : known;
  return {
    seq,
    event: command.event,
    time,
    status,
    rev,
    payload,
    details: command.details,
    by,
    via: 'socket.io',
  };
}

const leavesStatus: ReadonlySet<Effect> = new Set(['remark', 'amend', 'confirm', 'prove']);

/** An unknown event of a newer hub counts as a remark if it does not change the status. */
function changesNothing({ event, status }: CapsRecord, view: ParcelView): boolean {
  const effect = effectOf(event);
  return effect === undefined ? status === view.status : leavesStatus.has(effect);
}

function holdingAfterRecord(
  view: ParcelView,
  before: HolderState | undefined,
  record: CapsRecord,
): HolderState {
  const hands = derivedHolding(view, before, record);
  return record.holder === undefined ? hands : { ...hands, holder: record.holder ?? undefined };
}

/** Derives the holder for records of older logs, which do not name it. */
function derivedHolding(view: ParcelView, before: HolderState | undefined, record: CapsRecord): HolderState {
  const { holder } = view;
  const attempts = view.attempts + (isAttempt(record.event) ? 1 : 0);
  switch (holderRuleOf(record.event)) {
    case 'same':
      return { holder, attempts };
    case 'nobody':
      return { holder: undefined, attempts };
    case 'named':
      return { holder: driverIn(record) ?? holder, attempts };
    case 'before':
      if (before) return before;
      return { holder: isHeld(record.status) ? (holder ?? driverIn(record)) : undefined, attempts };
  }
}

function holdingOf({ holder, attempts, unseen }: ParcelView): HolderState {
  return { holder, attempts, unseen };
}

/** The driver whom dispatch named in the details, else the driver who acted. */
function driverIn({ by, details }: CapsRecord): ParcelView['holder'] {
  const id = details?.['driver'];
  if (typeof id === 'string') {
    const name = details?.['name'];
    return typeof name === 'string' ? { id, name } : { id };
  }
  return by.role === 'driver' ? { id: by.id, name: by.name } : undefined;
}
