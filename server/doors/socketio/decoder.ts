/**
 * The library's decoder, extended to remember what JavaScript loses of a batch of commands: after decoding,
 * 9007199254740993 looks like its neighbour, and a duplicate key is gone.
 */

import { Decoder, type Packet, PacketType } from 'socket.io-parser';
import type { CapsError } from '../../../protocol/errors.ts';
import { lossesIn, lost } from '../../edge/exact-json.ts';

/** Losses by the command's index in the batch. */
type BatchLosses = ReadonlyMap<number, CapsError>;

const lossesOf = new WeakMap<object, BatchLosses>();

/** What JavaScript lost of these commands; undefined if nothing. */
export function lossesOfBatch(batch: readonly unknown[]): BatchLosses | undefined {
  return lossesOf.get(batch);
}

export class ExactDecoder extends Decoder {
  /** The message being decoded. */
  #text = '';

  constructor() {
    super();
    // Runs before all other listeners.
    this.on('decoded', ({ type, data }: Packet) => {
      if (type === PacketType.EVENT || type === PacketType.BINARY_EVENT) this.#look(data);
    });
  }

  override add(piece: unknown): void {
    // Binary parts may follow the text that names them.
    if (typeof piece === 'string') this.#text = piece;
    super.add(piece);
  }

  #look(data: unknown): void {
    if (!Array.isArray(data) || data[0] !== 'commands' || !Array.isArray(data[1])) return;
    // The namespace and a number come first. Our namespace contains no bracket.
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
