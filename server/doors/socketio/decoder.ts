/**
 * The library's own decoding, which keeps in mind what of a batch of commands JavaScript would not give back as it
 * was written: once it is decoded, nobody can tell 9007199254740993 from its neighbour, or that a key stood twice.
 */

import { Decoder, type Packet, PacketType } from 'socket.io-parser';
import type { CapsError } from '../../../protocol/errors.ts';
import { lossesIn, lost } from '../../edge/exact-json.ts';

/** Of a batch, by the place of the command. */
type BatchLosses = ReadonlyMap<number, CapsError>;

const lossesOf = new WeakMap<object, BatchLosses>();

/** What of these commands could not be kept as it came; undefined: nothing. */
export function lossesOfBatch(batch: readonly unknown[]): BatchLosses | undefined {
  return lossesOf.get(batch);
}

export class ExactDecoder extends Decoder {
  /** Of the message that is being decoded. */
  #text = '';

  constructor() {
    super();
    // Before anybody else is told.
    this.on('decoded', ({ type, data }: Packet) => {
      if (type === PacketType.EVENT || type === PacketType.BINARY_EVENT) this.#look(data);
    });
  }

  override add(piece: unknown): void {
    // Behind a text may come the binary parts that it names.
    if (typeof piece === 'string') this.#text = piece;
    super.add(piece);
  }

  #look(data: unknown): void {
    if (!Array.isArray(data) || data[0] !== 'commands' || !Array.isArray(data[1])) return;
    // Before it stand the namespace, of which ours has no bracket, and a number.
    const json = this.#text.slice(this.#text.indexOf('['));
    const losses = new Map<number, CapsError>();
    for (const { path, why } of lossesIn(json, data)) {
      const [part, index, ...field] = path;
      if (part !== '1' || index === undefined || losses.has(Number(index))) continue;
      losses.set(Number(index), lost(field.length > 0 ? field : ['commands', index], why));
    }
    if (losses.size > 0) lossesOf.set(data[1], losses);
  }
}
