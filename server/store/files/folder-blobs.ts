/**
 * Blobs in a folder: `blobs/<hash of store and order id>/<hash of the bytes>`. A file gets its name when it is complete
 * and on disk, so whatever has such a name was put, also by a restore or by hand.
 */

import { randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import { mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { CapsError } from '../../../protocol/errors.ts';
import { limits } from '../../../protocol/limits.ts';
import type { ParcelId } from '../../../protocol/orders.ts';
import {
  type BlobId,
  type BlobLimits,
  type BlobSizes,
  type Blobs,
  blobLimits,
  blobName,
  checkRoom,
  hashOf,
  notKept,
} from '../blobs.ts';
import { DamagedError } from '../store.ts';

/** Name of the folder within a data folder. */
export const blobsFolder = 'blobs';
/** Unfinished files, within the folder. */
export const partsFolder = 'parts';
const isHash = /^[0-9a-f]{64}$/;

export interface FolderBlobsOptions {
  /** Created with the first blob. */
  readonly folder: string;
  readonly limits?: BlobLimits;
  /** Called with the name of a damaged blob. */
  readonly onDamaged?: (name: string) => void;
}

export class FolderBlobs implements Blobs {
  readonly #folder: string;
  readonly #limits: BlobLimits;
  readonly #onDamaged: (name: string) => void;
  /** Bytes of all, counted when first asked for. */
  #bytes: Promise<number> | undefined;
  /** Ends with the latest `put`: they take turns, so that two cannot take the same room. */
  #putting: Promise<unknown> = Promise.resolve();

  /** Removes what an earlier process left unfinished: nobody else may write there. */
  constructor({ folder, limits = blobLimits, onDamaged = () => {} }: FolderBlobsOptions) {
    this.#folder = folder;
    this.#limits = limits;
    this.#onDamaged = onDamaged;
    rmSync(join(folder, partsFolder), { recursive: true, force: true });
  }

  put(id: BlobId, bytes: Uint8Array): Promise<'new' | 'known'> {
    const put = this.#putting.then(() => this.#put(id, bytes));
    this.#putting = put.catch(() => {});
    return put;
  }

  async #put(id: BlobId, bytes: Uint8Array): Promise<'new' | 'known'> {
    const there = await this.#sizeOf(id);
    if (there !== undefined && (await this.#isSound(id))) return 'known';
    const has = await this.sizes(id.parcel);
    // A damaged one is replaced.
    const { count } = there === undefined ? has : { count: has.count - 1 };
    checkRoom({ count, bytes: has.bytes - (there ?? 0) }, bytes.length, this.#limits);
    await this.#write(this.#fileOf(id), bytes);
    this.#bytes = Promise.resolve(has.bytes - (there ?? 0) + bytes.length);
    return there === undefined ? 'new' : 'known';
  }

  async get(id: BlobId): Promise<Uint8Array | undefined> {
    const size = await this.#sizeOf(id);
    if (size === undefined) return undefined;
    // Of another size it is nothing that was put here; read whole, it could fill the memory.
    const bytes = size > limits.blobBytes ? undefined : await readFile(this.#fileOf(id)).catch(unreadable);
    if (bytes && hashOf(bytes) === id.hash) return bytes;
    this.#onDamaged(blobName(id));
    throw new DamagedError(blobName(id));
  }

  async has(id: BlobId): Promise<boolean> {
    return (await this.#sizeOf(id)) !== undefined;
  }

  async sizes(parcel: ParcelId): Promise<BlobSizes> {
    this.#bytes ??= this.#count().catch((error: unknown) => {
      this.#bytes = undefined;
      throw notRead(error);
    });
    const names = await blobNamesIn(this.#folderOf(parcel)).catch((error: unknown) => {
      throw notRead(error);
    });
    return { count: names.length, bytes: await this.#bytes };
  }

  /** One folder after the other: the hub has other things to do. */
  async #count(): Promise<number> {
    let bytes = 0;
    for await (const { size } of blobFilesIn(this.#folder)) bytes += size;
    return bytes;
  }

  /** Undefined if there is none. */
  async #sizeOf(id: BlobId): Promise<number | undefined> {
    try {
      return (await stat(this.#fileOf(id))).size;
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw notRead(error);
    }
  }

  async #isSound(id: BlobId): Promise<boolean> {
    try {
      return (await this.get(id)) !== undefined;
    } catch (error) {
      if (error instanceof DamagedError) return false;
      throw error;
    }
  }

  async #write(file: string, bytes: Uint8Array): Promise<void> {
    const parts = join(this.#folder, partsFolder);
    const part = join(parts, `${randomUUID()}.part`);
    try {
      await mkdir(parts, { recursive: true, mode: 0o700 });
      await writeSynced(part, bytes);
      const isNew = (await mkdir(dirname(file), { recursive: true, mode: 0o700 })) !== undefined;
      await rename(part, file);
      await syncFolder(dirname(file));
      if (!isNew) return;
      await syncFolder(this.#folder);
      await syncFolder(dirname(this.#folder));
    } catch (error) {
      // A file whose folder was not synced may be gone tomorrow: its sender has to send it again.
      for (const path of [part, file]) await rm(path, { force: true }).catch(() => {});
      throw notKept(error);
    }
  }

  #folderOf(parcel: ParcelId): string {
    return join(this.#folder, folderName(parcel));
  }

  #fileOf(id: BlobId): string {
    return join(this.#folder, blobPath(id));
  }
}

/** Of a parcel's images, within the folder of all. */
export function folderName({ store, orderID }: ParcelId): string {
  return hashOf(Buffer.from(JSON.stringify([store, orderID])));
}

/** Where a blob is, relative to the folder of all. */
export function blobPath({ parcel, hash }: BlobId): string {
  return join(folderName(parcel), hash);
}

export interface BlobFile {
  /** Relative to the folder of all. */
  readonly path: string;
  readonly hash: string;
  readonly size: number;
}

/** All blobs in a folder; none if it is missing. */
export async function* blobFilesIn(folder: string): AsyncGenerator<BlobFile, void> {
  for (const parcel of await blobNamesIn(folder)) {
    for (const hash of await blobNamesIn(join(folder, parcel))) {
      const path = join(parcel, hash);
      const { size } = await stat(join(folder, path));
      yield { path, hash, size };
    }
  }
}

/** What has a hash for its name. */
export async function blobNamesIn(folder: string): Promise<readonly string[]> {
  try {
    return (await readdir(folder)).filter((name) => isHash.test(name));
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}

export async function writeSynced(file: string, bytes: Uint8Array): Promise<void> {
  const handle = await open(file, 'wx', 0o600);
  try {
    await handle.writeFile(bytes);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR');
}

/** What cannot be read has no bytes that could be trusted. */
function unreadable(): undefined {
  return undefined;
}

function notRead(cause: unknown): CapsError {
  return new CapsError('unavailable', 'The hub’s images cannot be read now; try again later.', { cause });
}
