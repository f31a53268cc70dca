/** Locks a data folder for one hub. */

import { accessSync, constants } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { reasonOf } from '../reason.ts';
import { StoreError } from '../store.ts';
import { makeOwnFile, makeOwnFolder } from './own-files.ts';

/** Creates the folder if it is missing. @throws StoreError if it cannot be written */
export function makeWritable(folder: string): void {
  try {
    makeOwnFolder(folder);
    accessSync(folder, constants.W_OK);
  } catch (error) {
    throw new StoreError(`The data folder ${folder} cannot be written (${reasonOf(error)}). Set CAPS_DATA.`, {
      cause: error,
    });
  }
}

/**
 * The operating system holds the lock for the process, so a killed hub leaves nothing to clean up.
 * @param advice what to do if another hub has it
 * @throws StoreError
 */
export function lockFolder(folder: string, advice?: string): DatabaseSync {
  const lock = openLock(join(folder, 'caps.lock'));
  try {
    lock.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE');
    return lock;
  } catch (error) {
    lock.close();
    const words = `Another hub is already running on the data folder ${folder}.`;
    throw new StoreError(advice === undefined ? words : `${words} ${advice}`, { cause: error });
  }
}

function openLock(file: string): DatabaseSync {
  try {
    makeOwnFile(file);
    return new DatabaseSync(file);
  } catch (error) {
    throw new StoreError(`The lock ${file} cannot be opened (${reasonOf(error)}). Set CAPS_DATA.`, {
      cause: error,
    });
  }
}
