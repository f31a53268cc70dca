/**
 * One record of the log as text, and as an object on demand. A store keeps the record's JSON without its seq, and so
 * without its first brace: readers count differently, and a frame prepends each reader's seq to the text. Only this
 * file knows that form.
 */

import type { CapsRecord } from '../../protocol/messages.ts';
import type { UnnumberedRecord } from '../../protocol/parcel.ts';

/** A record's seqs in the log and in its store. */
export interface Position {
  readonly seq: number;
  readonly storeSeq: number;
}

/**
 * Whether a record put its parcel on the drivers' board or took it off. `amended`: it is still on, with another order.
 * `same`: nothing changed there.
 */
export type Board = 'on' | 'off' | 'amended' | 'same';

/** The fields of a row, as sent between threads. */
export interface RowFields extends Position {
  readonly store: string;
  readonly orderID: string;
  readonly rev: number;
  readonly board: Board;
  /** Current and past holders of the parcel as of this record. */
  readonly drivers: readonly string[];
  /** Made by `storedText`. Searches read it, and page sizes count it. */
  readonly text: string;
}

export class Row implements RowFields {
  readonly seq: number;
  readonly storeSeq: number;
  readonly store: string;
  readonly orderID: string;
  readonly rev: number;
  readonly board: Board;
  readonly drivers: readonly string[];
  readonly text: string;
  #record: UnnumberedRecord | undefined;

  /** @param record the parsed text, if known */
  constructor(fields: RowFields, record?: UnnumberedRecord) {
    this.seq = fields.seq;
    this.storeSeq = fields.storeSeq;
    this.store = fields.store;
    this.orderID = fields.orderID;
    this.rev = fields.rev;
    this.board = fields.board;
    this.drivers = fields.drivers;
    this.text = fields.text;
    this.#record = record;
  }

  /** Parsed on first use, then cached. */
  get record(): UnnumberedRecord {
    this.#record ??= storedRecord(this.text);
    return this.#record;
  }

  /** The record with a reader's seq. */
  recordAs(seq: number): CapsRecord {
    return { seq, ...this.record };
  }

  /** The same as JSON, without parsing. */
  jsonAs(seq: number): string {
    return `{"seq":${seq},${this.text}`;
  }

  /** Saves memory in a row that is kept: its text is enough. */
  forgetRecord(): void {
    this.#record = undefined;
  }
}

/** The stored form of a record. */
export function storedText(record: UnnumberedRecord): string {
  return textOf(JSON.stringify(record));
}

/** Parses a stored text. */
export function storedRecord(text: string): UnnumberedRecord {
  return JSON.parse(jsonOf(text)) as UnnumberedRecord;
}

/** A stored text as whole JSON. */
export function jsonOf(text: string): string {
  return `{${text}`;
}

/** The stored text of whole JSON. */
export function textOf(json: string): string {
  return json.slice(1);
}
