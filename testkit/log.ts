import type { CapsRecord, Command, ParcelId } from '../protocol/messages.ts';
import { type Folded, fold, type Misfit, misfit } from './oracle.ts';
import type { Fault, Findings } from './verdict.ts';

/** Whose eyes a watcher has, which says what it must hear and what it must not. */
export type Feed =
  | { readonly feed: 'log' }
  | { readonly feed: 'store'; readonly store: string }
  | { readonly feed: 'board' }
  | { readonly feed: 'own'; readonly driver: string };

/** One record of the log and what follows from its place. */
export interface Entry {
  readonly record: CapsRecord;
  readonly storeSeq: number;
  readonly after: Folded;
  /** Where it put its parcel on the drivers' board: the seq that took it off again. */
  offeredUntil: number | undefined;
  /** The record without its seq, as text: what any reader must have been told. */
  readonly text: string;
  /** What was last found to say the same, as a store counts and as all others do: many may have heard one object. */
  readonly told: { store?: CapsRecord; log?: CapsRecord };
}

/** The log by seq, by store and by parcel. Building it checks the log by itself. */
export class Log {
  readonly entries: Entry[] = [];
  readonly bySeq = new Map<number, Entry>();
  readonly #byStore = new Map<string, Entry[]>();
  /** The offers that stand on the board, by parcel. */
  readonly #offers = new Map<string, Entry>();
  /** The parcels as the log says they are. */
  readonly parcels = new Map<string, Folded>();

  constructor(records: readonly CapsRecord[], findings: Findings) {
    records.forEach((record, i) => {
      if (record.seq !== i + 1) findings.add('hole', `the log has ${record.seq} in place ${i + 1}`);
      this.#append(record, findings);
    });
  }

  /** What stands at a place of a feed. */
  at(reads: Feed, seq: number): Entry | undefined {
    return reads.feed === 'store' ? this.#byStore.get(reads.store)?.[seq - 1] : this.bySeq.get(seq);
  }

  #append(record: CapsRecord, findings: Findings): void {
    const key = parcelText(record.payload);
    const parcel = this.parcels.get(key);
    const wrong = misfit(parcel, record);
    if (wrong) findings.add(faultOf(wrong, record), `${wrong}, ${stateOf(parcel)}: ${nameOf(record)}`);
    const after = fold(parcel, record);
    this.parcels.set(key, after);

    const ofStore = this.#byStore.get(record.payload.store) ?? [];
    const offeredUntil = after.status === 'ready' && parcel?.status !== 'ready' ? Infinity : undefined;
    const storeSeq = ofStore.length + 1;
    const entry: Entry = { record, storeSeq, after, offeredUntil, text: textOf(record), told: {} };
    const offer = this.#offers.get(key);
    if (offeredUntil !== undefined) this.#offers.set(key, entry);
    else if (offer && after.status !== 'ready')
      offer.offeredUntil = Math.min(offer.offeredUntil ?? 0, record.seq);
    ofStore.push(entry);
    this.#byStore.set(record.payload.store, ofStore);
    this.entries.push(entry);
    this.bySeq.set(record.seq, entry);
  }
}

function faultOf(wrong: Misfit, { event }: CapsRecord): Fault {
  if (wrong === 'second pickup') return 'duplicate';
  const takes = event === 'claimed' || event === 'in-transit';
  return wrong === 'held by another' && takes ? 'doubleClaim' : 'staleWrite';
}

function stateOf(parcel: Folded | undefined): string {
  if (!parcel) return 'no such parcel';
  return parcel.holder === undefined ? parcel.status : `${parcel.status} with ${parcel.holder}`;
}

export function parcelText({ store, orderID }: ParcelId): string {
  return `${store}/${orderID}`;
}

export function nameOf(what: CapsRecord | Command, actor?: string): string {
  const who = actor ?? ('by' in what ? `${what.by.role}:${what.by.id}` : '?');
  const place = 'seq' in what ? `#${what.seq} ` : '';
  return `${place}${what.event} of ${parcelText(what.payload)} by ${who}`;
}

export function withoutSeq(record: CapsRecord): Omit<CapsRecord, 'seq'> {
  const { seq: _, ...rest } = record;
  return rest;
}

export function textOf(record: CapsRecord): string {
  return JSON.stringify(withoutSeq(record));
}
