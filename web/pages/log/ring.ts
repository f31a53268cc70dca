import { assert } from '../../../protocol/errors.ts';
import type { EventName, Status } from '../../../protocol/events.ts';
import type { CapsRecord } from '../../../protocol/messages.ts';

/** A column of bytes can hold this many names. */
const namesMax = 256;

/** Numbers the names of one column, including names that this page does not know. */
class NameCodes<T extends string> {
  readonly #names: T[] = [];
  readonly #codes = new Map<T, number>();

  /** Once the column is full, further names get the last code. */
  codeOf(name: T): number {
    const known = this.#codes.get(name);
    if (known !== undefined) return known;
    const code = Math.min(this.#names.length, namesMax - 1);
    if (this.#names.length < namesMax) {
      this.#names.push(name);
      this.#codes.set(name, code);
    }
    return code;
  }

  at(code: number): T | undefined {
    return this.#names[code];
  }
}

/** Fields that few records have. */
interface RareFields {
  readonly details?: CapsRecord['details'];
  readonly occurredAt?: string | undefined;
  /** Further fields of the payload. */
  readonly more?: Readonly<Record<string, unknown>> | undefined;
}

export interface RingLimits {
  /** Number of records. */
  readonly max: number;
  /** UTF-16 code units of all texts. */
  readonly textMax: number;
}

/** 100,000 usual records are about 15 MB here; as objects they were five times that. */
const usual: RingLimits = { max: 131_072, textMax: 24_000_000 };

/**
 * The newest records of the log, without gaps, in columns. Numbers are in typed arrays; a record is assembled when it is
 * read. Seq has no gaps, so it gives the slot of a record and nothing is ever moved. Past a limit, the newest records
 * overwrite the oldest.
 */
export class Ring {
  readonly #limits: RingLimits;
  readonly #times: Float64Array;
  readonly #events: Uint8Array;
  readonly #statuses: Uint8Array;
  readonly #vias: Uint8Array;
  readonly #revs: Uint32Array;
  readonly #weights: Uint32Array;
  readonly #stores: string[] = [];
  readonly #orders: string[] = [];
  readonly #customers: string[] = [];
  readonly #addresses: string[] = [];
  readonly #doers: CapsRecord['by'][] = [];
  readonly #rare = new Map<number, RareFields>();
  readonly #eventNames = new NameCodes<EventName>();
  readonly #statusNames = new NameCodes<Status>();
  readonly #viaNames = new NameCodes<CapsRecord['via']>();
  readonly #storePool = new Pool<string>();
  readonly #doerPool = new Pool<CapsRecord['by']>();
  #first: number;
  #last: number;
  #text = 0;

  /** @param last seq before the first record */
  constructor(last: number, limits: RingLimits = usual) {
    const { max } = limits;
    this.#limits = limits;
    this.#times = new Float64Array(max);
    this.#events = new Uint8Array(max);
    this.#statuses = new Uint8Array(max);
    this.#vias = new Uint8Array(max);
    this.#revs = new Uint32Array(max);
    this.#weights = new Uint32Array(max);
    this.#first = last + 1;
    this.#last = last;
  }

  /** Seq of the oldest record; `last + 1` while the ring is empty. */
  get first(): number {
    return this.#first;
  }

  get last(): number {
    return this.#last;
  }

  append(record: CapsRecord): void {
    assert(record.seq === this.#last + 1, `record ${record.seq} follows ${this.#last}`);
    if (this.#last - this.#first + 1 >= this.#limits.max) this.#dropOldest();
    this.#last = record.seq;
    this.#write(record);
    while (this.#text > this.#limits.textMax && this.#first < this.#last) this.#dropOldest();
  }

  /** Adds older records, ascending, as far as there is room. Ignores records that leave a gap. */
  prepend(records: readonly CapsRecord[]): void {
    for (const record of records.toReversed()) {
      if (record.seq >= this.#first) continue;
      const isFull = this.#last - this.#first + 1 >= this.#limits.max || this.#text >= this.#limits.textMax;
      if (record.seq !== this.#first - 1 || isFull) return;
      this.#first = record.seq;
      this.#write(record);
    }
  }

  has(seq: number): boolean {
    return seq >= this.#first && seq <= this.#last;
  }

  /** @returns a new object; undefined if the record is not in the ring */
  at(seq: number): CapsRecord | undefined {
    return this.has(seq) ? this.#read(seq) : undefined;
  }

  /**
   * Finds the next record with this event after or before `seq`.
   * @returns its seq; undefined if there is none in the ring
   */
  find(event: EventName, seq: number, step: 1 | -1): number | undefined {
    const wanted = this.#eventNames.codeOf(event);
    for (let at = seq + step; this.has(at); at += step) {
      if (this.#events[at % this.#limits.max] === wanted) return at;
    }
    return undefined;
  }

  #write({ seq, event, status, time, rev, payload, details, by, via, occurredAt }: CapsRecord): void {
    const slot = seq % this.#limits.max;
    const { store, orderID, customer, address, ...more } = payload;
    this.#times[slot] = Date.parse(time);
    this.#events[slot] = this.#eventNames.codeOf(event);
    this.#statuses[slot] = this.#statusNames.codeOf(status);
    this.#vias[slot] = this.#viaNames.codeOf(via);
    this.#revs[slot] = rev;
    this.#stores[slot] = this.#storePool.same(store, store);
    this.#orders[slot] = orderID;
    this.#customers[slot] = customer;
    this.#addresses[slot] = address;
    this.#doers[slot] = this.#doerPool.same(`${by.role}\n${by.id}\n${by.name ?? ''}`, by);
    let weight = orderID.length + customer.length + address.length;
    const hasMore = Object.keys(more).length > 0;
    if (details || occurredAt !== undefined || hasMore) {
      const rare = { details, occurredAt, more: hasMore ? more : undefined };
      this.#rare.set(slot, rare);
      weight += JSON.stringify(rare).length;
    }
    this.#weights[slot] = weight;
    this.#text += weight;
  }

  #read(seq: number): CapsRecord {
    const slot = seq % this.#limits.max;
    const event = this.#eventNames.at(this.#events[slot] ?? 0);
    const status = this.#statusNames.at(this.#statuses[slot] ?? 0);
    const via = this.#viaNames.at(this.#vias[slot] ?? 0);
    const by = this.#doers[slot];
    assert(event && status && via && by, `record ${seq} is in its slot`);
    const { details, occurredAt, more }: RareFields = this.#rare.get(slot) ?? {};
    return {
      seq,
      event,
      time: new Date(this.#times[slot] ?? 0).toISOString(),
      status,
      rev: this.#revs[slot] ?? 0,
      payload: {
        store: this.#stores[slot] ?? '',
        orderID: this.#orders[slot] ?? '',
        customer: this.#customers[slot] ?? '',
        address: this.#addresses[slot] ?? '',
        ...more,
      },
      ...(details ? { details } : {}),
      by,
      via,
      ...(occurredAt === undefined ? {} : { occurredAt }),
    };
  }

  #dropOldest(): void {
    const slot = this.#first % this.#limits.max;
    this.#text -= this.#weights[slot] ?? 0;
    this.#orders[slot] = '';
    this.#customers[slot] = '';
    this.#addresses[slot] = '';
    this.#rare.delete(slot);
    this.#first += 1;
  }
}

const poolMax = 10_000;

/** Deduplicates equal values. Clears itself when it is full. */
class Pool<T> {
  readonly #known = new Map<string, T>();

  same(name: string, value: T): T {
    const known = this.#known.get(name);
    if (known !== undefined) return known;
    if (this.#known.size >= poolMax) this.#known.clear();
    this.#known.set(name, value);
    return value;
  }
}
