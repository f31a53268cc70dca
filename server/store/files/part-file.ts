/**
 * A large file that gets its name when it is complete. Until then it is `<name>.<id>.part`, with `<name>.<id>.lock`
 * beside it, locked by its writer. So anybody can tell whether it is still being written.
 */

import { randomBytes } from 'node:crypto';
import { closeSync, existsSync, fsyncSync, openSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { makeOwnFile } from './own-files.ts';

const left = /^(.+\.[0-9a-f]{8})\.(part|lock)$/;
const triesMax = 10;

export class PartFile {
  readonly path: string;
  readonly #to: string;
  readonly #stem: string;
  readonly #lock: DatabaseSync;

  /** Creates it empty. @throws Error if it cannot be created */
  constructor(to: string) {
    this.#to = to;
    for (let tries = 1; ; tries += 1) {
      const stem = `${to}.${randomBytes(4).toString('hex')}`;
      const lock = lockedBy(stem);
      if (!lock && tries < triesMax) continue;
      if (!lock) throw new Error(`${stem}.lock cannot be locked`);
      this.#stem = stem;
      this.#lock = lock;
      break;
    }
    this.path = `${this.#stem}.part`;
    makeOwnFile(this.path);
  }

  /** Moves the complete file to its name, synced. */
  settle(): void {
    sync(this.path);
    renameSync(this.path, this.#to);
    sync(dirname(resolve(this.#to)));
  }

  /** Removes what is left of it. Safe to call twice. */
  close(): void {
    removeParts(this.#stem);
    if (this.#lock.isOpen) this.#lock.close();
  }
}

/** Removes unfinished files in a folder whose writers are gone. */
export function removeLeftParts(folder: string): void {
  const stems = new Set<string>();
  for (const name of readdirSync(folder)) {
    const [, stem] = left.exec(name) ?? [];
    if (stem !== undefined) stems.add(join(folder, stem));
  }
  for (const stem of stems) {
    // Earlier versions had no lock. Only one process may restore into a log's folder, so what they left is abandoned.
    const isOld = !existsSync(`${stem}.lock`);
    if (isOld && !/^caps\.sqlite\./.test(basename(stem))) continue;
    const lock = lockedBy(stem);
    if (!lock) continue;
    removeParts(stem);
    lock.close();
  }
}

/** Undefined if another process has locked it. */
function lockedBy(stem: string): DatabaseSync | undefined {
  const file = `${stem}.lock`;
  makeOwnFile(file);
  const lock = new DatabaseSync(file);
  try {
    lock.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE');
    // A concurrent cleanup may have deleted it before it was locked.
    if (existsSync(file)) return lock;
  } catch {
    // It is locked.
  }
  lock.close();
  return undefined;
}

function removeParts(stem: string): void {
  for (const end of ['.part', '.part-journal', '.part-wal', '.part-shm', '.lock-journal', '.lock']) {
    rmSync(stem + end, { force: true });
  }
}

export function sync(path: string): void {
  const handle = openSync(path, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
