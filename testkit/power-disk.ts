/**
 * A disk that can lose power. It knows which writes were synced; of the others, each 512-byte sector may survive or
 * not.
 */

import type { Chance } from './chance.ts';

/** A system call on a file of the log, or a message to a client. Names are relative to one folder. */
export type Step =
  | { readonly kind: 'create'; readonly name: string }
  | { readonly kind: 'write'; readonly name: string; readonly at: number; readonly bytes: Buffer }
  | { readonly kind: 'truncate'; readonly name: string; readonly size: number }
  | { readonly kind: 'sync'; readonly name: string }
  | { readonly kind: 'sync-folder' }
  | { readonly kind: 'rename'; readonly from: string; readonly to: string }
  | { readonly kind: 'unlink'; readonly name: string }
  | { readonly kind: 'told'; readonly seqs: readonly number[] };

type Change = Extract<Step, { kind: 'write' | 'truncate' }>;

interface File {
  synced: Buffer;
  changes: Change[];
}

type NameChange = (names: Map<string, File>) => void;

const sector = 512;
/** Probabilities that unsynced sectors survive. */
const shares = [0, 0.1, 0.5, 0.9, 1] as const;

export class PowerDisk {
  /** Files as programs see them. */
  readonly #now = new Map<string, File>();
  readonly #synced = new Map<string, File>();
  /** Unsynced changes of the folder; a disk keeps their order. */
  #namings: NameChange[] = [];

  take(step: Exclude<Step, { kind: 'told' }>): void {
    const { kind } = step;
    if (kind === 'write' || kind === 'truncate') this.#now.get(step.name)?.changes.push(step);
    else if (kind === 'sync') this.#sync(step.name);
    else if (kind === 'sync-folder') for (const naming of this.#namings.splice(0)) naming(this.#synced);
    else if (kind === 'unlink') this.#name((names) => void names.delete(step.name));
    else if (kind === 'create') this.#create(step.name);
    else {
      this.#name((names) => {
        const file = names.get(step.from);
        names.delete(step.from);
        if (file) names.set(step.to, file);
      });
    }
  }

  #create(name: string): void {
    if (this.#now.has(name)) return;
    const file: File = { synced: Buffer.alloc(0), changes: [] };
    this.#name((names) => void names.set(name, file));
  }

  #sync(name: string): void {
    const file = this.#now.get(name);
    if (!file) return;
    file.synced = contentOf(file, () => true);
    file.changes = [];
  }

  #name(naming: NameChange): void {
    naming(this.#now);
    this.#namings.push(naming);
  }

  /** The files as they may be after a power cut now. */
  cut(chance: Chance): Map<string, Buffer> {
    const names = new Map(this.#synced);
    for (const naming of this.#namings.slice(0, chance.int(0, this.#namings.length))) naming(names);
    const share = chance.pick(shares);
    const isKept = () => chance.int(1, 1_000) <= share * 1_000;
    return new Map([...names].map(([name, file]) => [name, contentOf(file, isKept)]));
  }
}

function contentOf({ synced, changes }: File, isKept: () => boolean): Buffer {
  let bytes: Buffer = Buffer.from(synced);
  for (const change of changes) {
    if (change.kind === 'truncate') {
      if (isKept()) bytes = resized(bytes, change.size);
      continue;
    }
    const { at, bytes: written } = change;
    for (let from = 0; from < written.length; ) {
      const to = Math.min(written.length, from + sector - ((at + from) % sector));
      if (isKept()) {
        if (bytes.length < at + to) bytes = resized(bytes, at + to);
        written.copy(bytes, at + from, from, to);
      }
      from = to;
    }
  }
  return bytes;
}

function resized(bytes: Buffer, size: number): Buffer {
  const other = Buffer.alloc(size);
  bytes.copy(other);
  return other;
}
