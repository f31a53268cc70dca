/**
 * Restricts the log's files, which contain addresses and the secret behind links, to the hub's own user. Leaves other
 * users' files alone. Does nothing on Windows, whose permissions work differently.
 */

import { chmodSync, closeSync, lstatSync, mkdirSync, openSync, readdirSync, statSync } from 'node:fs';
import { homedir, platform, userInfo } from 'node:os';
import { join, parse, resolve } from 'node:path';

const ownFile = 0o600;
const ownFolder = 0o700;
const ofOthers = 0o077;
const sticky = 0o1000;

/** All files that a hub, a backup, a restore or an export puts into a log's folder. */
const ours =
  /^(blobs|https)$|^caps(\.lock|\.sqlite|-search\.sqlite|-replaced-\w+\.sqlite|-\d{8}T\d{6}Z\.(sqlite|jsonl\.zst))/;

/** Creates an empty file that only its owner can read, whatever the umask. Leaves an existing one as it is. */
export function makeOwnFile(file: string): void {
  closeSync(openSync(file, 'a', ownFile));
}

/** Leaves an existing folder as it is. @throws Error if it cannot be created */
export function makeOwnFolder(folder: string): void {
  mkdirSync(folder, { recursive: true, mode: ownFolder });
}

/**
 * Removes other users' permissions from this folder's log, where we may.
 * @param tell called with a sentence about what stays readable by others
 */
export function closeToOthers(folder: string, tell: (words: string) => void): void {
  if (platform() === 'win32') return;
  const names = readdirSync(folder);
  const open = names.filter((name) => ours.test(name) && !isClosed(join(folder, name)));
  const [first] = open;
  if (first !== undefined) {
    const files = open.length === 1 ? first : `${open.length} files (${first} is one)`;
    tell(
      `Other users of this machine may be able to read ${files} in ${folder}, and this could not be changed.`,
    );
  }
  const why = whyFolderIsOpen(folder, names);
  if (why !== undefined) tell(`Other users of this machine can look into the data folder ${folder}: ${why}.`);
}

function isClosed(file: string): boolean {
  try {
    const stat = lstatSync(file);
    if (!stat.isFile() || (stat.mode & ofOthers) === 0) return true;
    chmodSync(file, ownFile);
    return true;
  } catch {
    // Somebody else's, on a file system without permissions, or just deleted.
    return false;
  }
}

/** Undefined if it is not readable by others. */
function whyFolderIsOpen(folder: string, names: readonly string[]): string | undefined {
  const stat = statSync(folder);
  if ((stat.mode & ofOthers) === 0) return undefined;
  const path = resolve(folder);
  const isShared = path === parse(path).root || path === homedir() || (stat.mode & sticky) !== 0;
  const other = names.find((name) => !ours.test(name));
  if (isShared || other !== undefined)
    return 'it holds more than the log, so its rights were left as they are';
  if (stat.uid !== userInfo().uid) return 'it belongs to another user, so its rights were left as they are';
  try {
    chmodSync(folder, ownFolder);
    return undefined;
  } catch (error) {
    return `its rights cannot be changed (${error instanceof Error ? error.message : error})`;
  }
}
