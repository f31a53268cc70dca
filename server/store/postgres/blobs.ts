/** Blobs in PostgreSQL, for all hubs on the log. */

import { CapsError } from '../../../protocol/errors.ts';
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
import { type Damage, DamagedError } from '../store.ts';
import type { Connection, Readers } from './connection.ts';
import { blobLockNumber } from './schema.ts';

export interface PostgresBlobsOptions {
  readonly readers: Readers;
  readonly damage: Damage;
  readonly limits?: BlobLimits;
}

export class PostgresBlobs implements Blobs {
  readonly #readers: Readers;
  readonly #damage: Damage;
  readonly #limits: BlobLimits;

  constructor({ readers, damage, limits = blobLimits }: PostgresBlobsOptions) {
    this.#readers = readers;
    this.#damage = damage;
    this.#limits = limits;
  }

  async put(id: BlobId, bytes: Uint8Array): Promise<'new' | 'known'> {
    try {
      return await this.#readers.use((connection) => this.#put(connection, id, bytes));
    } catch (error) {
      throw error instanceof CapsError ? error : notKept(error);
    }
  }

  async #put(connection: Connection, id: BlobId, bytes: Uint8Array): Promise<'new' | 'known'> {
    await connection.run('BEGIN');
    try {
      // They take turns, so that two hubs cannot take the same room.
      await connection.run('SELECT pg_advisory_xact_lock($1)', [blobLockNumber]);
      const there = await read(connection, id);
      if (there === undefined) checkRoom(await sizes(connection, id.parcel), bytes.length, this.#limits);
      if (there === undefined || hashOf(there) !== id.hash) {
        await connection.run(
          `INSERT INTO blobs (store, order_id, hash, size, bytes) VALUES ($1, $2, $3, $4, $5)
           ON CONFLICT (store, order_id, hash) DO UPDATE SET size = excluded.size, bytes = excluded.bytes`,
          [...keyOf(id), bytes.length, Buffer.from(bytes)],
        );
      }
      await connection.run('COMMIT');
      return there === undefined ? 'new' : 'known';
    } catch (error) {
      await connection.run('ROLLBACK').catch(() => {});
      throw error;
    }
  }

  async get(id: BlobId): Promise<Uint8Array | undefined> {
    const bytes = await this.#readers.use((connection) => read(connection, id));
    if (bytes === undefined || hashOf(bytes) === id.hash) return bytes;
    this.#damage.found(blobName(id));
    throw new DamagedError(blobName(id));
  }

  async has(id: BlobId): Promise<boolean> {
    const words = 'SELECT 1 FROM blobs WHERE store = $1 AND order_id = $2 AND hash = $3';
    return (await this.#readers.use((connection) => connection.run(words, keyOf(id)))).length > 0;
  }

  sizes(parcel: ParcelId): Promise<BlobSizes> {
    return this.#readers.use((connection) => sizes(connection, parcel));
  }
}

async function read(connection: Connection, id: BlobId): Promise<Uint8Array | undefined> {
  const [row] = await connection.run<{ bytes: Uint8Array }>(
    'SELECT bytes FROM blobs WHERE store = $1 AND order_id = $2 AND hash = $3',
    keyOf(id),
  );
  return row?.bytes;
}

async function sizes(connection: Connection, { store, orderID }: ParcelId): Promise<BlobSizes> {
  const [row] = await connection.run<BlobSizes>(
    `SELECT (SELECT count(*) FROM blobs WHERE store = $1 AND order_id = $2) AS count,
       (SELECT coalesce(sum(size), 0)::bigint FROM blobs) AS bytes`,
    [store, orderID],
  );
  return row ?? { count: 0, bytes: 0 };
}

function keyOf({ parcel, hash }: BlobId): [store: string, orderID: string, hash: string] {
  return [parcel.store, parcel.orderID, hash];
}
