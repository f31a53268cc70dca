/** What a commit finds in the database, and what it writes. Pure. */

import type { WireError } from '../../../protocol/errors.ts';
import { parcelName } from '../../../protocol/ids.ts';
import type { ParcelId } from '../../../protocol/orders.ts';
import { parcelIdOf } from '../../../protocol/parcel.ts';
import { type Position, Row, storedText } from '../row.ts';
import type { Damages } from '../rows/damage.ts';
import {
  anonymousName,
  type LogRow,
  logSum,
  type ParcelColumns,
  type ParcelRow,
  parcelRowOf,
  soundParcel,
  soundRow,
} from '../rows/rows.ts';
import { followed, type SetBacks } from '../rows/set-backs.ts';
import {
  type Append,
  type CommandId,
  DamagedError,
  type Head,
  type LookupResult,
  type SetBack,
  type StoredParcel,
  type StoredRefusal,
} from '../store.ts';

export interface HeadRow extends Head {
  readonly epoch: string;
  /** Of the epoch: 1 for the first. */
  readonly generation: number;
  /** The checksum of the record that was asked for; null if there is none. */
  readonly known_crc: number | null;
  /** Whether a standby says so, which may be behind. */
  readonly standby?: boolean;
}

export interface LatestHeadRow extends HeadRow {
  /** The last record's checksum; null while there is none. */
  readonly last_crc: number | null;
}

export interface CommitHeadRow extends HeadRow {
  /** JSON. */
  readonly set_backs: string;
  readonly own_ms: number;
}

/** With the record that the command has become. */
export interface CommandRow extends LogRow {
  readonly command_id: string;
  readonly actor: string;
}

export interface RefusalRow {
  readonly id: string;
  readonly actor: string;
  readonly content: string;
  /** JSON. */
  readonly error: string;
}

export interface StoreHeadRow {
  readonly store: string;
  readonly store_seq: number | null;
}

interface CommitRows {
  readonly parcels: readonly ParcelRow[];
  readonly commands: readonly CommandRow[];
  readonly refusals: readonly RefusalRow[];
  readonly storeHeads: readonly StoreHeadRow[];
}

/** The state just before a commit's own appends. */
export class CommitLookupResult implements LookupResult {
  readonly head: Head;
  readonly setBacks: SetBacks;
  readonly storeHeads: ReadonlyMap<string, number>;
  readonly #damage: Damages;
  readonly #parcels = new Map<string, ParcelRow>();
  readonly #commands = new Map<string, CommandRow>();
  readonly #refusals = new Map<string, RefusalRow>();

  constructor({ seq, time, set_backs, own_ms }: CommitHeadRow, rows: CommitRows, damage: Damages) {
    this.head = { seq, time };
    this.setBacks = { list: JSON.parse(set_backs) as SetBack[], ownMs: own_ms };
    this.storeHeads = new Map(rows.storeHeads.map(({ store, store_seq }) => [store, store_seq ?? 0]));
    this.#damage = damage;
    for (const row of rows.parcels) {
      this.#parcels.set(parcelName({ store: row.store, orderID: row.order_id }), row);
    }
    for (const row of rows.refusals) this.#refusals.set(`${row.actor}\n${row.id}`, row);
    for (const row of rows.commands) this.#commands.set(`${row.actor}\n${row.command_id}`, row);
  }

  /** @throws DamagedError */
  readonly parcel = (key: ParcelId): StoredParcel | undefined => {
    const row = this.#parcels.get(parcelName(key));
    if (!row) return undefined;
    const stored = soundParcel(row);
    if (!stored) throw this.#damaged(anonymousName(row));
    return stored;
  };

  /** @throws DamagedError */
  readonly command = ({ actor, id }: CommandId): Row | undefined => {
    const found = this.#commands.get(`${actor}\n${id}`);
    if (!found) return undefined;
    const row = soundRow(found);
    if (!row) throw this.#damaged(`record ${found.seq}`);
    return row;
  };

  readonly refusal = (command: CommandId): StoredRefusal | undefined => {
    const row = this.#refusals.get(`${command.actor}\n${command.id}`);
    return row && { command, content: row.content, error: JSON.parse(row.error) as WireError };
  };

  #damaged(what: string): DamagedError {
    this.#damage.found(what);
    return new DamagedError(what);
  }
}

type CommandColumns = CommandId & { readonly seq: number };

export interface CommitWrites {
  readonly rows: readonly Row[];
  readonly log: readonly LogRow[];
  readonly commands: readonly CommandColumns[];
  readonly parcels: readonly (ParcelColumns & { readonly crc: number })[];
  readonly head: Head;
  readonly setBacks: SetBacks;
}

/** Numbers the appends, each after the one before it. */
export function writesOf(appends: readonly Append[], found: CommitLookupResult): CommitWrites {
  const rows: Row[] = [];
  const log: LogRow[] = [];
  const commands: CommandColumns[] = [];
  const storeHeads = new Map(found.storeHeads);
  const parcels = new Map<string, StoredParcel>();
  let { seq, time } = found.head;
  let { setBacks } = found;
  for (const { record, parcel, board, command } of appends) {
    seq += 1;
    time = record.time;
    setBacks = followed(setBacks, seq, record);
    const key = parcelIdOf(parcel);
    const { store, orderID } = key;
    const storeSeq = (storeHeads.get(store) ?? 0) + 1;
    storeHeads.set(store, storeSeq);
    const place: Position = { seq, storeSeq };
    const name = parcelName(key);
    const stored = parcels.get(name) ?? (record.rev === 1 ? undefined : found.parcel(key));
    const { drivers } = parcel;
    const row = {
      ...{ seq, store, store_seq: storeSeq, order_id: orderID, rev: record.rev },
      ...{ previous: stored?.last.seq ?? 0, board, drivers: JSON.stringify(drivers) },
      text: storedText(record),
    };
    log.push({ ...row, crc: logSum(row) });
    if (command) commands.push({ ...command, seq });
    rows.push(new Row({ ...place, store, orderID, rev: record.rev, board, drivers, text: row.text }, record));
    parcels.set(name, { parcel, first: stored?.first ?? place, last: place });
  }
  return {
    ...{ rows, log, commands, setBacks },
    parcels: Array.from(parcels.values(), parcelRowOf),
    head: { seq, time },
  };
}
