/** The images of a folder as rows, for a log that moves, and a folder made of such rows. */

import { existsSync, rmSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, rmdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { ParcelId } from '../../../protocol/orders.ts';
import { type BlobRow, hashOf } from '../blobs.ts';
import { blobNamesIn, folderName, partsFolder, syncFolder, writeSynced } from './folder-blobs.ts';

/** A batch ends with the image that reaches this. */
const batchBytesMax = 1024 * 1024;

/**
 * The images of these parcels, in their order and then by hash, in batches of few.
 * @param onDamaged called with the hash of one that is not what was put, and is left out
 */
export async function* blobRowsIn(
  folder: string,
  parcels: Iterable<ParcelId>,
  onDamaged: (hash: string) => void,
): AsyncGenerator<BlobRow[], void> {
  const there = new Set(await blobNamesIn(folder));
  let rows: BlobRow[] = [];
  let size = 0;
  if (there.size === 0) return;
  for (const { store, orderID } of parcels) {
    const place = folderName({ store, orderID });
    if (!there.has(place)) continue;
    for (const hash of [...(await blobNamesIn(join(folder, place)))].sort()) {
      const bytes = await readFile(join(folder, place, hash));
      if (hashOf(bytes) !== hash) {
        onDamaged(hash);
        continue;
      }
      rows.push({ store, order_id: orderID, hash, bytes });
      size += bytes.length;
      if (size < batchBytesMax) continue;
      yield rows;
      [rows, size] = [[], 0];
    }
  }
  if (rows.length > 0) yield rows;
}

/** Images on their way into a folder, which nobody sees before they are settled. */
export class StagedBlobs {
  /** Where they are until then: a hub that starts removes it. */
  readonly folder: string;
  readonly #to: string;

  /** Removes what another one has left: nobody else may write there. @param to the folder of all */
  constructor(to: string) {
    this.#to = to;
    this.folder = join(to, partsFolder, 'import');
    rmSync(this.folder, { recursive: true, force: true });
  }

  async add({ store, order_id: orderID, hash, bytes }: BlobRow): Promise<void> {
    const file = join(this.folder, folderName({ store, orderID }), hash);
    await mkdir(dirname(file), { recursive: true, mode: 0o700 });
    await writeSynced(file, bytes);
  }

  async settle(): Promise<void> {
    const places = await blobNamesIn(this.folder);
    for (const place of places) {
      const [from, to] = [join(this.folder, place), join(this.#to, place)];
      await mkdir(to, { recursive: true, mode: 0o700 });
      for (const hash of await blobNamesIn(from)) await rename(join(from, hash), join(to, hash));
      await syncFolder(to);
    }
    if (places.length > 0) for (const folder of [this.#to, dirname(this.#to)]) await syncFolder(folder);
    await this.close();
  }

  /** Removes what was not settled. Safe to call twice. */
  async close(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
    for (const folder of [dirname(this.folder), this.#to]) {
      if (existsSync(folder) && (await readdir(folder)).length === 0) await rmdir(folder);
    }
  }
}
