/** Where the images of proofs are: beside the log, so that no commit waits for them. */

import { hash as hashNow } from 'node:crypto';
import { CapsError } from '../../protocol/errors.ts';
import { limits } from '../../protocol/limits.ts';
import type { ParcelId } from '../../protocol/orders.ts';

/** One image of one parcel. Parcels share none: who may see the one parcel may not see the other. */
export interface BlobId {
  readonly parcel: ParcelId;
  /** SHA-256 of the bytes, as 64 digits 0-9 and a-f. */
  readonly hash: string;
}

/** A blob in the tables of a log. */
export interface BlobRow {
  readonly store: string;
  readonly order_id: string;
  readonly hash: string;
  readonly bytes: Uint8Array;
}

export interface BlobSizes {
  /** Blobs of the parcel. */
  readonly count: number;
  /** Bytes of all parcels' blobs. */
  readonly bytes: number;
}

/** What every store of blobs promises, and its contract suite proves. */
export interface Blobs {
  /**
   * Keeps a blob. It is on disk when this resolves, and nothing of it is there when this rejects. The same again is
   * `known`, and replaces bytes that the disk has damaged. Trusts that the bytes have this hash.
   * @throws CapsError too-large if the parcel has no room, unavailable if the hub has none or cannot write
   */
  put(id: BlobId, bytes: Uint8Array): Promise<'new' | 'known'>;
  /** Undefined if there is none. @throws DamagedError if its bytes are not what was put */
  get(id: BlobId): Promise<Uint8Array | undefined>;
  /** Whether it is there, sound or not. Reads none of it. */
  has(id: BlobId): Promise<boolean>;
  sizes(parcel: ParcelId): Promise<BlobSizes>;
}

/** Bounds of one place for blobs. */
export interface BlobLimits {
  /** Blobs of one parcel. */
  readonly perParcel: number;
  /** Bytes of all. */
  readonly bytes: number;
}

export const blobLimits: BlobLimits = { perParcel: limits.blobs, bytes: 20 * 1024 ** 3 };

export function hashOf(bytes: Uint8Array): string {
  return hashNow('sha256', bytes, 'hex');
}

/** Without the names of store and order, because health checks show it. */
export function blobName({ hash }: BlobId): string {
  return `the image ${hash.slice(0, 12)}`;
}

/** @throws CapsError too-large, unavailable if there is no room for one more blob of this size */
export function checkRoom(has: BlobSizes, size: number, { perParcel, bytes }: BlobLimits): void {
  if (has.count >= perParcel) {
    throw new CapsError('too-large', `A parcel has no more than ${perParcel} images.`, {
      details: { max: perParcel },
    });
  }
  if (has.bytes + size > bytes) {
    throw new CapsError('unavailable', `The hub keeps ${bytes} bytes of images, and has no room for more.`, {
      details: { maxBytes: bytes },
    });
  }
}

/** The refusal when a disk or a database does not take a blob. */
export function notKept(cause: unknown): CapsError {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : undefined;
  const isFull = code !== undefined && /^(ENOSPC|EDQUOT|53100)$/.test(code);
  const words = isFull ? 'The hub’s disk is full' : 'The hub’s disk takes no images now';
  return new CapsError('unavailable', `${words}; send the image again later.`, {
    details: { reason: isFull ? 'disk-full' : 'disk' },
    cause,
  });
}
