/** Takes the images of proofs along with a copy of their log. */

import { copyFile, link, mkdir, readFile, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type BlobId, hashOf } from '../blobs.ts';
import { blobFilesIn, blobPath, syncFolder } from './folder-blobs.ts';
import { sync } from './part-file.ts';

/** The folder of a backup's images. */
export function imagesBeside(file: string): string {
  return `${file}.blobs`;
}

export interface CopiedImages {
  readonly count: number;
  readonly bytes: number;
  /** Images that the disk has damaged, and that are not in the copy. */
  readonly damaged: readonly string[];
  /** Images that proofs of the log name and that are not there: lost, or still on a phone. */
  readonly missing: readonly string[];
}

/**
 * Copies all images from one folder to another, each checked against its hash. Those that are there already stay. On one
 * disk they are links: an image never changes, and a night's copy takes no room.
 * @param named by the proofs of the log
 * @throws Error if the disk does not take them
 */
export async function copyImages(from: string, to: string, named: readonly BlobId[]): Promise<CopiedImages> {
  const damaged = new Map<string, string>();
  const there = new Set<string>();
  const folders = new Set<string>();
  let bytes = 0;
  for await (const { path, hash, size } of blobFilesIn(from)) {
    if (!(await isSound(join(from, path), hash))) {
      damaged.set(path, hash.slice(0, 12));
      continue;
    }
    const folder = dirname(join(to, path));
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await copyOne(join(from, path), join(to, path), hash);
    folders.add(folder);
    there.add(path);
    bytes += size;
  }
  for (const folder of folders) await syncFolder(folder);
  if (folders.size > 0) for (const folder of [to, dirname(to)]) await syncFolder(folder);
  const missing = named.filter((id) => !there.has(blobPath(id)) && !damaged.has(blobPath(id)));
  return { count: there.size, bytes, damaged: [...damaged.values()], missing: missing.map(imageName) };
}

async function copyOne(from: string, to: string, hash: string): Promise<void> {
  if (await isSound(to, hash)) return;
  await rm(to, { force: true });
  try {
    await link(from, to);
  } catch {
    // Another disk, or a file system without hard links.
    await copyFile(from, to);
    sync(to);
  }
}

async function isSound(file: string, hash: string): Promise<boolean> {
  try {
    return hashOf(await readFile(file)) === hash;
  } catch {
    // Missing, or unreadable.
    return false;
  }
}

/** As JSON, so that a name cannot send commands to a terminal. */
function imageName({ parcel: { store, orderID }, hash }: BlobId): string {
  return `${hash.slice(0, 12)} of ${JSON.stringify([store, orderID])}`;
}
