/**
 * One record of the log, as text and, for whoever asks, as an object. A store keeps the record's JSON without its seq,
 * and so without its first brace: readers count differently, and a frame is put together by writing each reader's seq
 * in front of the text. This file alone knows that form.
 */

import type { CapsRecord } from '../../protocol/messages.ts';
import type { UnnumberedRecord } from '../../protocol/parcel.ts';

/** Where a record stands. */
export interface Place {
  readonly seq: number;
  readonly storeSeq: number;
}

/** Whether a record put its parcel on the drivers' board, took it off, or neither. */
export type Board = 'on' | 'off' | 'same';

/** What a row consists of. A thread that is sent a row gets no more than this. */
export interface RowFields extends Place {
  readonly store: string;
  readonly orderID: string;
  readonly rev: number;
  readonly board: Board;
  /** Who holds or held the parcel as of this record. */
  readonly drivers: readonly string[];
  /** As `storedText` made it: what a search looks through, and what the sizes of pages count. */
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

  /** @param record what the text says, if that is known */
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

  /** Parsed when somebody asks first, and then kept. */
  get record(): UnnumberedRecord {
    this.#record ??= storedRecord(this.text);
    return this.#record;
  }

  /** The record for a reader who counts it as this seq. */
  recordAs(seq: number): CapsRecord {
    return { seq, ...this.record };
  }

  /** The same as JSON, which costs no parsing. */
  jsonAs(seq: number): string {
    return `{"seq":${seq},${this.text}`;
  }

  /** For a row that stays in memory: its text is enough. */
  forgetRecord(): void {
    this.#record = undefined;
  }
}

/** How a store keeps a record. */
export function storedText(record: UnnumberedRecord): string {
  return JSON.stringify(record).slice(1);
}

/** What a stored text says. */
export function storedRecord(text: string): UnnumberedRecord {
  return JSON.parse(`{${text}`) as UnnumberedRecord;
}
