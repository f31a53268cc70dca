/**
 * The log holds addresses and the secret behind links: its files are for the user alone whom the hub runs as. Others'
 * files and folders are left as they are. Windows keeps a folder's rights in another way, and there nothing is done.
 */

import { chmodSync, closeSync, lstatSync, mkdirSync, openSync, readdirSync, statSync } from 'node:fs';
import { homedir, platform, userInfo } from 'node:os';
import { join, parse, resolve } from 'node:path';

const ownFile = 0o600;
const ownFolder = 0o700;
const ofOthers = 0o077;
const sticky = 0o1000;

/** All that a hub, a backup or a restore ever puts into the folder of a log. */
const ours = /^caps(\.lock|\.sqlite|-search\.sqlite|-replaced-\w+\.sqlite|-\d{8}T\d{6}Z\.sqlite)/;

/** Makes an empty file that nobody else can read, whatever the umask; one that is there stays as it is. */
export function makeOwnFile(file: string): void {
  closeSync(openSync(file, 'a', ownFile));
}

/** A folder that is there already stays as it is. @throws Error it cannot be made */
export function makeOwnFolder(folder: string): void {
  mkdirSync(folder, { recursive: true, mode: ownFolder });
}

/**
 * Takes from others what they may do with the log of this folder, as far as it is ours to say.
 * @param tell what is still open to others, in a sentence
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
    // Somebody else's, on a disk that knows no rights, or gone meanwhile.
    return false;
  }
}

/** Undefined: it is not open, or not any more. */
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
