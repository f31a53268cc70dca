/**
 * The last record that this hub knows, in a file: a hub that starts again after the database has lost its end can tell.
 * It is written before anybody is told of the record, so that it is right after a `kill -9`, too.
 */

import { closeSync, constants, fdatasync, ftruncateSync, openSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';

/** Delay of a sync: only a machine that fails loses more than a killed hub. */
const syncMs = 1_000;
/** Bytes of the file: so few are written as a whole or not at all. */
const size = 256;

export interface StoredKnownRecord {
  readonly epoch: string;
  /** Of the epoch. */
  readonly generation: number;
  readonly seq: number;
  /** The record's checksum; null for the place before the first record. */
  readonly crc: number | null;
}

export class KnownFile {
  readonly #path: string;
  readonly #tell: (words: string) => void;
  #file: number | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #hasTold = false;

  /** @param tell called once if the file cannot be written */
  constructor(folder: string, tell: (words: string) => void) {
    this.#path = join(folder, 'last-record.json');
    this.#tell = tell;
  }

  /** Undefined if there is none, or none that can be read. */
  read(): StoredKnownRecord | undefined {
    try {
      const known = JSON.parse(readFileSync(this.#path, 'utf8')) as Partial<StoredKnownRecord>;
      const { epoch, generation = 0, seq = -1, crc } = known;
      const isSound = [generation, seq, crc ?? 0].every((number) => Number.isSafeInteger(number));
      if (typeof epoch !== 'string' || crc === undefined || seq < 0 || !isSound) return undefined;
      return { epoch, generation, seq, crc };
    } catch {
      return undefined;
    }
  }

  note(known: StoredKnownRecord): void {
    try {
      this.#file ??= this.#open();
      writeSync(this.#file, `${JSON.stringify(known).padEnd(size - 1)}\n`, 0);
      this.#timer ??= setTimeout(() => this.#sync(), syncMs);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      if (!this.#hasTold)
        this.#tell(`What this hub knows of the log cannot be kept in CAPS_DATA (${reason}).`);
      this.#hasTold = true;
    }
  }

  #open(): number {
    const file = openSync(this.#path, constants.O_RDWR | constants.O_CREAT, 0o600);
    ftruncateSync(file, size);
    return file;
  }

  #sync(): void {
    this.#timer = undefined;
    // A disk that fails says so at the next write.
    if (this.#file !== undefined) fdatasync(this.#file, () => {});
  }

  /** Nothing may be noted afterwards. */
  close(): void {
    clearTimeout(this.#timer);
    if (this.#file !== undefined) closeSync(this.#file);
    this.#file = undefined;
  }
}
