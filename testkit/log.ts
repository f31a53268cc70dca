import type { CapsRecord, Command } from '../protocol/messages.ts';
import type { ParcelId } from '../protocol/orders.ts';
import { fold, type Misfit, misfit, type OracleParcel } from './oracle.ts';
import type { Fault, Findings } from './verdict.ts';

/** A watcher's view, which determines what it must and must not hear. */
export type Feed =
  | { readonly feed: 'log' }
  | { readonly feed: 'store'; readonly store: string }
  | { readonly feed: 'board' }
  | { readonly feed: 'own'; readonly driver: string };

/** One record of the log, and what follows from its place. */
export interface Entry {
  readonly record: CapsRecord;
  readonly storeSeq: number;
  readonly after: OracleParcel;
  /** For an offer: the seq that took it off the board. */
  offeredUntil: number | undefined;
  /** The record without its seq, as text: what every reader must get. */
  readonly text: string;
  /** The last objects found equal, with the store's seqs and with the log's: many readers share one object. */
  readonly told: { store?: CapsRecord; log?: CapsRecord };
}

/** The log by seq, store and parcel. Its constructor checks the log itself. */
export class Log {
  readonly entries: Entry[] = [];
  readonly bySeq = new Map<number, Entry>();
  readonly #byStore = new Map<string, Entry[]>();
  /** Offers on the board, by parcel. */
  readonly #offers = new Map<string, Entry>();
  /** The parcels by the log. */
  readonly parcels = new Map<string, OracleParcel>();

  constructor(records: readonly CapsRecord[], findings: Findings) {
    records.forEach((record, i) => {
      if (record.seq !== i + 1) findings.add('hole', `the log has ${record.seq} in place ${i + 1}`);
      this.#append(record, findings);
    });
  }

  /** The record at a place of a feed. */
  at(reads: Feed, seq: number): Entry | undefined {
    return reads.feed === 'store' ? this.#byStore.get(reads.store)?.[seq - 1] : this.bySeq.get(seq);
  }

  #append(record: CapsRecord, findings: Findings): void {
    const key = parcelText(record.payload);
    const parcel = this.parcels.get(key);
    const wrong = misfit(parcel, record);
    if (wrong) findings.add(faultOf(wrong, record), `${wrong}, ${stateOf(parcel)}: ${labelOf(record)}`);
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

function stateOf(parcel: OracleParcel | undefined): string {
  if (!parcel) return 'no such parcel';
  return parcel.holder === undefined ? parcel.status : `${parcel.status} with ${parcel.holder}`;
}

export function parcelText({ store, orderID }: ParcelId): string {
  return `${store}/${orderID}`;
}

export function labelOf(what: CapsRecord | Command, actor?: string): string {
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
