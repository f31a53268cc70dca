/**
 * The last record that this hub knows, in a file: a hub that starts again after the database has lost its end can tell.
 */

import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Time between two writes. */
const everyMs = 1_000;

export interface StoredKnownRecord {
  readonly epoch: string;
  readonly seq: number;
  readonly crc: number;
}

export class KnownFile {
  readonly #path: string;
  readonly #tell: (words: string) => void;
  #waiting: StoredKnownRecord | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #hasTold = false;

  /** @param tell called once if the file cannot be written */
  constructor(folder: string, tell: (words: string) => void) {
    this.#path = join(folder, 'last-record.json');
    this.#tell = tell;
    try {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
    } catch {
      // The first write says so.
    }
  }

  /** Undefined if there is none, or none that can be read. */
  read(): StoredKnownRecord | undefined {
    try {
      const { epoch, seq, crc } = JSON.parse(readFileSync(this.#path, 'utf8')) as Partial<StoredKnownRecord>;
      if (typeof epoch !== 'string' || !Number.isSafeInteger(seq) || !Number.isSafeInteger(crc))
        return undefined;
      return { epoch, seq: Number(seq), crc: Number(crc) };
    } catch {
      return undefined;
    }
  }

  /** Writes it within a second. */
  note(known: StoredKnownRecord): void {
    this.#waiting = known;
    this.#timer ??= setTimeout(() => this.#write(), everyMs);
  }

  #write(): void {
    this.#timer = undefined;
    const known = this.#waiting;
    this.#waiting = undefined;
    if (!known) return;
    try {
      // Whoever is killed here leaves the old file or the new one.
      writeFileSync(`${this.#path}.part`, JSON.stringify(known), { mode: 0o600 });
      renameSync(`${this.#path}.part`, this.#path);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      if (!this.#hasTold)
        this.#tell(`What this hub knows of the log cannot be kept in CAPS_DATA (${reason}).`);
      this.#hasTold = true;
    }
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#write();
  }
}
