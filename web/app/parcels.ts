/** What the pages make of parcels and their records: a fold that never lets the older overwrite the newer. */

import { effectOf, holderRuleOf, isAttempt, isCorrectable, isHeld } from '../../protocol/events.ts';
import type { AcceptedAnswer, Author, CapsRecord, Command, ParcelView } from '../../protocol/messages.ts';

type Holding = Pick<ParcelView, 'holder' | 'attempts'>;

/** A parcel as far as this page has heard. */
export interface KnownParcel {
  readonly view: ParcelView;
  /** What `corrected` goes back to; undefined where this page did not see the latest change. */
  readonly before?: Holding | undefined;
  /** Where this page met the parcel in the middle of its life: all that it is made of, the latest records. */
  readonly heard?: readonly CapsRecord[] | undefined;
}

/** Of a parcel of which a page knows nothing else. */
const heardMax = 32;

/** A whole view makes up for what a page missed of the life before the records that it has heard. */
export function withView(known: KnownParcel | undefined, view: ParcelView): KnownParcel {
  if (!known || view.rev > known.view.rev) return { view };
  return known.heard ? known.heard.reduce(withRecord, { view }) : known;
}

/** A page may meet a parcel in the middle of its life: then the records alone must do, until there is a view. */
export function withRecord(known: KnownParcel | undefined, record: CapsRecord): KnownParcel {
  const { payload, status, rev, time } = record;
  if (!known) {
    const holder = record.holder ?? (isHeld(status) ? driverIn(record) : undefined);
    const hands = { attempts: 0, holder };
    const view = { payload, status, rev, ...hands, createdAt: time, changedAt: time };
    return record.event === 'pickup' ? { view } : { view, heard: [record] };
  }
  const { view } = known;
  if (rev <= view.rev) return known;
  const heard = known.heard && { heard: [...known.heard, record].slice(-heardMax) };
  if (changesNothing(record, view)) return { ...known, ...heard, view: { ...view, rev } };
  const sawAll = rev === view.rev + 1;
  const hands = holdingAfterRecord(view, sawAll ? known.before : undefined, record);
  return {
    view: { ...view, status, rev, ...hands, changedAt: time },
    before: sawAll && isCorrectable(record.event) ? holdingOf(view) : undefined,
    ...heard,
  };
}

/** The record that an answer speaks of, so that a page need not wait for it to come over the feed. */
export function recordOf(
  command: Omit<Command, 'id'>,
  answer: AcceptedAnswer,
  by: Author,
  view?: ParcelView,
): CapsRecord {
  const { seq, rev, status, time } = answer;
  // Of all commands but `pickup` the payload only names the parcel; its view has the rest.
  const payload = view?.payload ?? (command.payload as CapsRecord['payload']);
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

/** An event of a later hub that leaves the status as it was is taken for a remark. */
function changesNothing({ event, status }: CapsRecord, view: ParcelView): boolean {
  const effect = effectOf(event);
  return effect === undefined ? status === view.status : effect === 'remark';
}

function holdingAfterRecord(view: ParcelView, before: Holding | undefined, record: CapsRecord): Holding {
  const hands = derivedHolding(view, before, record);
  return record.holder === undefined ? hands : { ...hands, holder: record.holder ?? undefined };
}

/** As far as a record of an older log, which does not name the holder, lets it be known. */
function derivedHolding(view: ParcelView, before: Holding | undefined, record: CapsRecord): Holding {
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

function holdingOf({ holder, attempts }: ParcelView): Holding {
  return { holder, attempts };
}

/** The driver named in the details (dispatch acting for one), else the driver who acted. */
function driverIn({ by, details }: CapsRecord): ParcelView['holder'] {
  const id = details?.['driver'];
  if (typeof id === 'string') {
    const name = details?.['name'];
    return typeof name === 'string' ? { id, name } : { id };
  }
  return by.role === 'driver' ? { id: by.id, name: by.name } : undefined;
}
