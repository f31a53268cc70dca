import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import type { Client } from '../../../client/client.ts';
import type { ParcelId } from '../../../protocol/orders.ts';
import { hubClock } from '../../app/hub-clock.ts';
import type { Timers } from '../../app/timers.ts';
import { ImageSender } from './image-sender.ts';
import { ImageStore, type KeptImage } from './image-store.ts';
import { type PhotoProblem, shrinkPhoto } from './photo.ts';

interface ImageDeskParts {
  readonly driver: string;
  readonly client: Pick<Client, 'state' | 'waiting'>;
  readonly timers: Pick<Timers, 'after'>;
  readonly changed: () => void;
}

/** Why an image was not taken: what it is, or `full`, because this device has no room. */
export type ImageProblem = PhotoProblem | 'full';

/** Everything about images that a page without any does not load: making, keeping, and sending them. */
export class ImageDesk {
  readonly images: ImageStore;
  readonly sender: ImageSender;

  constructor({ driver, client, timers, changed }: ImageDeskParts) {
    this.images = new ImageStore(`driver\n${driver}`);
    this.sender = new ImageSender({ driver, client, timers, images: this.images, changed });
  }

  async addPhoto(parcel: ParcelId, file: Blob): Promise<KeptImage | ImageProblem> {
    const bytes = await shrinkPhoto(file);
    return typeof bytes === 'string' ? bytes : this.#add(parcel, 'photo', bytes);
  }

  async addSignature(parcel: ParcelId, drawing: Blob): Promise<KeptImage | ImageProblem> {
    return this.#add(parcel, 'signature', await drawing.arrayBuffer());
  }

  close(): void {
    this.sender.close();
    this.images.close();
  }

  #add(
    { store, orderID }: ParcelId,
    kind: KeptImage['kind'],
    bytes: ArrayBuffer,
  ): Promise<KeptImage | ImageProblem> {
    // Browsers hash on secure pages only.
    const hash = bytesToHex(sha256(new Uint8Array(bytes)));
    return this.images.add({ store, orderID, kind, hash, at: hubClock.now() }, bytes);
  }
}
