/** The images of proofs: who may add one and who may see it, and what is an image. */

import { CapsError } from '../../protocol/errors.ts';
import { limits } from '../../protocol/limits.ts';
import type { ParcelId } from '../../protocol/orders.ts';
import { type Actor, maySee, type Parcel } from '../../protocol/parcel.ts';
import { deliveryPhotos } from '../../protocol/proof-check.ts';
import { type BlobId, hashOf } from '../store/blobs.ts';
import type { Store } from '../store/store.ts';
import { type Image, isMereHeader, readImage } from './images.ts';

export interface FoundBlob {
  readonly bytes: Uint8Array;
  readonly image: Image;
}

export interface PutBlob {
  readonly image: Image;
  /** The parcel had it already. */
  readonly isKnown: boolean;
}

export class BlobDesk {
  readonly #store: Pick<Store, 'parcel' | 'blobs'>;

  constructor(store: Pick<Store, 'parcel' | 'blobs'>) {
    this.#store = store;
  }

  /**
   * Checks whether the actor may add images to the parcel, before any bytes are read: drivers who hold or held it, since a
   * photo may come late, and admins.
   * @throws CapsError unknown-parcel, not-allowed
   */
  async checkSender(actor: Actor, parcel: ParcelId): Promise<void> {
    await this.#checkReader(actor, parcel);
    if (actor.role === 'driver' || actor.role === 'admin') return;
    throw new CapsError('not-allowed', 'Images come from those who carry the parcel, and from dispatch.');
  }

  /** Keeps an image, after `checkSender`. @throws CapsError bad-message, too-large, unavailable */
  async put(id: BlobId, bytes: Uint8Array): Promise<PutBlob> {
    if (hashOf(bytes) !== id.hash) {
      throw refused('hash', 'hash: The body has another SHA-256 than the address says.');
    }
    const image = readImage(bytes);
    if (!image) {
      throw refused('body', 'body: This is no JPEG, PNG or WebP image, by its first bytes.');
    }
    const { width, height } = image;
    if (Math.max(width, height) > limits.blobSide) {
      const words = `body: The image is ${width} × ${height} pixels; the limit is ${limits.blobSide} either way.`;
      throw refused('body', words);
    }
    if (isMereHeader(bytes)) {
      const words = `body: ${bytes.length} bytes cannot hold ${width} × ${height} pixels; the image is not whole.`;
      throw refused('body', words);
    }
    return { image, isKnown: (await this.#store.blobs.put(id, bytes)) === 'known' };
  }

  /** Undefined if the parcel has no such image, or not yet. @throws CapsError unknown-parcel, unavailable; DamagedError */
  async get(actor: Actor, id: BlobId): Promise<FoundBlob | undefined> {
    if (!(await this.#isShown(actor, id))) return undefined;
    const bytes = await this.#store.blobs.get(id);
    const image = bytes && readImage(bytes);
    return image && { bytes, image };
  }

  /** Whether the parcel has this image by now. @throws CapsError unknown-parcel, unavailable */
  async has(actor: Actor, id: BlobId): Promise<boolean> {
    return (await this.#isShown(actor, id)) && this.#store.blobs.has(id);
  }

  /**
   * Whether the actor sees this one among the parcel's images. To know its hash is not enough for a customer: a signature is
   * for those who have to keep it, and what was photographed at the shop is the shop's.
   */
  async #isShown(actor: Actor, { parcel, hash }: BlobId): Promise<boolean> {
    const found = await this.#checkReader(actor, parcel);
    return actor.role !== 'customer' || deliveryPhotos(found).includes(hash);
  }

  /** Its store, its customer, drivers who hold or held it, and admins. To be on offer is not enough. */
  async #checkReader(actor: Actor, parcel: ParcelId): Promise<Parcel> {
    const found = maySee(parcel, actor) ? await this.#store.parcel(parcel) : undefined;
    const isStranger = actor.role === 'driver' && found?.drivers.includes(actor.driver) !== true;
    if (!found || isStranger) throw new CapsError('unknown-parcel');
    return found;
  }
}

function refused(field: string, words: string): CapsError {
  return new CapsError('bad-message', words, { details: { field } });
}
