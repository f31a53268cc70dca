import type { Client } from '../../../client/client.ts';
import { ask, type Refusal } from '../../../client/read.ts';
import { keyOf } from '../../app/access-key.ts';
import type { Timers } from '../../app/timers.ts';
import type { ImageStore, KeptImage } from './image-store.ts';

interface ImageSenderParts {
  readonly driver: string;
  readonly client: Pick<Client, 'state' | 'waiting'>;
  readonly timers: Pick<Timers, 'after'>;
  readonly images: Pick<ImageStore, 'all' | 'bytes' | 'remove'>;
  readonly changed: () => void;
}

/** An image that the hub will never take. */
export interface RefusedImage {
  readonly image: KeptImage;
  readonly error: Pick<Refusal, 'code' | 'message'>;
}

/** The images that the hub does not have yet. */
export interface ImagesState {
  readonly waiting: number;
  /** Those that are lost with this page. */
  readonly unsaved: number;
  readonly isHubFull: boolean;
  readonly refused: readonly RefusedImage[];
}

/** Pauses before it tries again, which double up to the longest. */
const pauseMs = { first: 1_000, longest: 60_000 } as const;
/** The hub waits as long for a body. */
const answerMs = 30_000;
/** Refusals that say what the image is, or whose: the same bytes will never be taken. */
const finalCodes: ReadonlySet<string> = new Set([
  ...['bad-message', 'too-large', 'unknown-parcel', 'not-allowed'],
]);

/**
 * Sends the images that belong to a step, the oldest first and one at a time, as long as it takes. The steps and their
 * proofs go before: until a parcel is recorded as picked up, the hub takes no image of it.
 */
export class ImageSender {
  readonly #parts: ImageSenderParts;
  readonly #refused = new Map<string, RefusedImage>();
  #isSending = false;
  #isClosed = false;
  #pause: (() => void) | undefined;
  #nextPauseMs: number = pauseMs.first;
  #isHubFull = false;

  constructor(parts: ImageSenderParts) {
    this.#parts = parts;
  }

  /** The hub has no room for images, and is asked again and again. */
  get isHubFull(): boolean {
    return this.#isHubFull;
  }

  get refused(): readonly RefusedImage[] {
    return Array.from(this.#refused.values());
  }

  get waiting(): readonly KeptImage[] {
    return this.#parts.images.all.filter(({ id, isDraft }) => !isDraft && !this.#refused.has(id));
  }

  /** Sends what waits. Call it after every change; after a new connection without a pause. */
  sendSoon(isNewConnection = false): void {
    if (isNewConnection) this.#endPause();
    if (this.#isSending || this.#isClosed || this.#pause) return;
    this.#isSending = true;
    void this.#sendAll().finally(() => {
      this.#isSending = false;
    });
  }

  /** The driver has read why it was not taken. */
  dismiss(id: string): void {
    this.#refused.delete(id);
    void this.#parts.images.remove(id);
    this.#parts.changed();
  }

  close(): void {
    this.#isClosed = true;
    this.#endPause();
  }

  async #sendAll(): Promise<void> {
    while (this.#isUp) {
      const [image] = this.waiting;
      if (!image) return;
      const bytes = await this.#parts.images.bytes(image.id).catch(() => 'unread' as const);
      if (bytes === 'unread') return this.#pauseFor();
      // Another page of this driver has sent it.
      if (bytes === undefined || (await this.#send(image, bytes))) await this.#parts.images.remove(image.id);
      else if (!this.#refused.has(image.id)) return;
      this.#parts.changed();
    }
  }

  /** No command is on its way, so the hub has recorded what these images belong to. */
  get #isUp(): boolean {
    const { client } = this.#parts;
    return client.state.kind === 'live' && client.waiting === 0 && !this.#isClosed;
  }

  /** @returns whether the hub has it */
  async #send({ id, store, orderID, hash, ...image }: KeptImage, bytes: ArrayBuffer): Promise<boolean> {
    const { driver, timers } = this.#parts;
    const giveUp = new AbortController();
    const called = timers.after(answerMs, () => giveUp.abort());
    const type = image.kind === 'signature' ? 'image/png' : 'image/jpeg';
    const reply = await ask('PUT /api/blobs/:hash', {
      params: { hash },
      query: { store, orderID, as: `driver:${driver}` },
      key: keyOf('driver'),
      bytes: new Blob([bytes], { type }),
      signal: giveUp.signal,
    }).catch((): undefined => undefined);
    called();
    if (reply?.kind === 'answer') {
      this.#nextPauseMs = pauseMs.first;
      this.#isHubFull = false;
      return true;
    }
    const refusal = reply?.kind === 'refusal' ? reply : undefined;
    if (refusal && finalCodes.has(refusal.code ?? '')) {
      this.#refused.set(id, { image: { ...image, id, store, orderID, hash }, error: refusal });
    } else {
      this.#isHubFull = refusal !== undefined && isFull(refusal);
      this.#pauseFor(refusal?.retryAfterMs);
    }
    return false;
  }

  #pauseFor(wanted = 0): void {
    const { timers, changed } = this.#parts;
    this.#pause = timers.after(Math.max(wanted, this.#nextPauseMs), () => {
      this.#pause = undefined;
      this.sendSoon();
    });
    this.#nextPauseMs = Math.min(2 * this.#nextPauseMs, pauseMs.longest);
    changed();
  }

  #endPause(): void {
    this.#pause?.();
    this.#pause = undefined;
    this.#nextPauseMs = pauseMs.first;
  }
}

/** The hub's disk is full, or it keeps as many images as it may. */
function isFull({ code, details }: Refusal): boolean {
  return code === 'unavailable' && ('maxBytes' in details || details['reason'] === 'disk-full');
}
