import type { Client } from '../../../client/client.ts';
import { parcelName, uuidv7 } from '../../../protocol/ids.ts';
import type { Answer } from '../../../protocol/messages.ts';
import type { ParcelId } from '../../../protocol/orders.ts';
import { safeLocalStorage } from '../../app/safe-storage.ts';
import type { Timers } from '../../app/timers.ts';
import type { HeldParcels } from './held-parcels.ts';
import type { ImageDesk, ImageProblem } from './image-desk.ts';
import type { ImagesState } from './image-sender.ts';
import type { KeptImage } from './image-store.ts';
import type { NewProof } from './new-proof.ts';
import { noDraft, type ProofDraft } from './proof-asks.ts';

interface ProofsParts {
  readonly driver: string;
  readonly client: Pick<Client, 'state' | 'waiting' | 'command' | 'dismiss' | 'on'>;
  readonly timers: Timers;
  readonly held: Pick<HeldParcels, 'get'>;
  /** Whether the hub has told of all parcels that are here. */
  readonly isComplete: () => boolean;
  readonly changed: () => void;
}

/** As the page saves them. */
export type SavedProofs = readonly (Pick<ProofDraft, 'scan' | 'pin'> & { readonly key: string })[];

/** What became of a PIN. `kept`: there is no network, so it is checked later. */
export type PinOutcome =
  | 'right'
  | 'kept'
  | { readonly refusal: Extract<Answer, { ok: false }>['error'] }
  | 'wrong';

/** In this browser are images, so every page looks whether some still wait. */
const flagName = 'driver.images';
const noImages: ImagesState = { waiting: 0, unsaved: 0, isHubFull: false, refused: [] };

/**
 * The proofs of a driver: what was made for a step that was not taken yet, and the images on their way to the hub. The code
 * for images is loaded when the first one is made, or when an earlier page has left some.
 */
export class Proofs {
  readonly #parts: ProofsParts;
  readonly #drafts = new Map<string, ProofDraft>();
  #opening: Promise<ImageDesk> | undefined;
  #desk: ImageDesk | undefined;
  #isClosed = false;

  constructor(parts: ProofsParts) {
    this.#parts = parts;
    parts.client.on('state', ({ kind }) => {
      if (kind !== 'live') return;
      this.#desk?.sender.sendSoon(true);
      this.#openIfOwed();
    });
    parts.client.on('outbox', () => this.#desk?.sender.sendSoon());
    this.#openIfOwed();
  }

  get images(): ImagesState {
    if (!this.#desk) return noImages;
    const { images, sender } = this.#desk;
    const { waiting, isHubFull, refused } = sender;
    return { waiting: waiting.length, unsaved: images.unsaved, isHubFull, refused };
  }

  /** What was typed for steps that were not taken yet; the images are kept apart. */
  get saved(): SavedProofs {
    return Array.from(this.#drafts, ([key, { scan, pin }]) => {
      return { key, scan, pin: pin?.state === 'asking' ? undefined : pin };
    }).filter(({ scan, pin }) => scan !== undefined || pin !== undefined);
  }

  restore(saved: SavedProofs): void {
    for (const { key, scan, pin } of saved) this.#drafts.set(key, { ...this.draftOf(key), scan, pin });
  }

  draftOf(key: string): ProofDraft {
    return this.#drafts.get(key) ?? noDraft;
  }

  /** Removes and returns what was made for a step: the step is being taken. */
  take(key: string): readonly NewProof[] {
    const { photo, signature, scan, pin } = this.draftOf(key);
    const images = [photo, signature].filter((image) => image !== undefined);
    for (const { id } of images) void this.#desk?.images.change(id, false);
    this.#setDraft(key, noDraft);
    return [
      ...images.map(({ kind, hash }) => ({ kind, blob: hash })),
      ...(scan === undefined ? [] : [{ kind: 'scan' as const, text: scan }]),
      ...(pin?.state === 'kept' ? [{ kind: 'pin' as const, text: pin.text }] : []),
    ];
  }

  /** The step was taken back before it left this device. */
  giveBack(key: string, proofs: readonly NewProof[]): void {
    for (const { kind, blob, text } of proofs) {
      const image = this.#desk?.images.all.find((one) => one.hash === blob && keyOfImage(one) === key);
      if (image) void this.#desk?.images.change(image.id, true);
      if (image) this.#setDraft(key, { ...this.draftOf(key), [image.kind]: { ...image, isDraft: true } });
      if (kind === 'scan') this.#setDraft(key, { ...this.draftOf(key), scan: text });
      if (kind === 'pin' && text !== undefined)
        this.#setDraft(key, { ...this.draftOf(key), pin: { text, state: 'kept' } });
    }
  }

  /** Forgets what is used, or was made for parcels that went elsewhere. Call it after every change. */
  tidy(): void {
    const { held, isComplete } = this.#parts;
    for (const [key, { photo, signature }] of this.#drafts) {
      const parcel = held.get(key);
      for (const image of [photo, signature]) {
        if (!image) continue;
        if (!parcel && isComplete()) void this.#desk?.images.remove(image.id);
        // An earlier page was closed between a step and the mark on its image.
        else if (parcel?.pending.some(({ proof }) => proof?.blob === image.hash)) this.#markUsed(key, image);
      }
      if (!parcel && isComplete()) this.#drafts.delete(key);
    }
  }

  /** @returns why the photo was not taken */
  addPhoto(parcel: ParcelId, file: Blob): Promise<ImageProblem | undefined> {
    return this.#addImage(parcel, (desk) => desk.addPhoto(parcel, file));
  }

  /** @returns why the signature was not taken */
  addSignature(parcel: ParcelId, drawing: Blob): Promise<ImageProblem | undefined> {
    return this.#addImage(parcel, (desk) => desk.addSignature(parcel, drawing));
  }

  removeImage(key: string, kind: KeptImage['kind']): void {
    const draft = this.draftOf(key);
    const image = draft[kind];
    this.#setDraft(key, { ...draft, [kind]: undefined });
    if (image) void this.#desk?.images.remove(image.id);
  }

  async bytes({ id }: KeptImage): Promise<ArrayBuffer | undefined> {
    return (await this.#open()).images.bytes(id).catch(() => undefined);
  }

  setScan(key: string, scan: string | undefined): void {
    this.#setDraft(key, { ...this.draftOf(key), scan });
  }

  /** Lets the hub check a PIN at once; without network it waits for the step. */
  async checkPin(key: string, text: string): Promise<PinOutcome> {
    const { client, held } = this.#parts;
    const known = held.get(key)?.known;
    if (client.state.kind !== 'live' || !known) {
      this.#setPin(key, { text, state: 'kept' });
      return 'kept';
    }
    const { store, orderID } = known.view.payload;
    const asking = { text, state: 'asking' } as const;
    this.#setPin(key, asking);
    const details = { kind: 'pin', text, rev: known.view.rev } as const;
    const command = { event: 'proof', payload: { store, orderID }, details, id: uuidv7() } as const;
    // Kept, because the network may go at this very moment, and then the parcel is handed over.
    const answer = await client.command(command, { keep: true, about: known.view.payload.address });
    const isRight = answer.ok && answer.pin !== 'wrong';
    // Without network the driver may have typed it again.
    if (this.draftOf(key).pin === asking) this.#setPin(key, isRight ? { text, state: 'right' } : undefined);
    if (!answer.ok) {
      client.dismiss(command.id);
      return { refusal: answer.error };
    }
    return isRight ? 'right' : 'wrong';
  }

  dismiss(id: string): void {
    this.#desk?.sender.dismiss(id);
  }

  /** The driver has given up refused steps with these proofs. */
  discard(proofs: readonly NewProof[]): void {
    for (const { id, hash } of this.#desk?.images.all ?? [])
      if (proofs.some(({ blob }) => blob === hash)) void this.#desk?.images.remove(id);
  }

  close(): void {
    this.#isClosed = true;
    this.#desk?.close();
  }

  async #addImage(
    parcel: ParcelId,
    add: (desk: ImageDesk) => Promise<KeptImage | ImageProblem>,
  ): Promise<ImageProblem | undefined> {
    safeLocalStorage.write(flagName, 'yes');
    const image = await add(await this.#open());
    if (typeof image === 'string') return image;
    const key = parcelName(parcel);
    const { kind, id } = image;
    const before = this.draftOf(key)[kind];
    if (before && before.id !== id) void this.#desk?.images.remove(before.id);
    this.#setDraft(key, { ...this.draftOf(key), [kind]: image });
    return undefined;
  }

  #openIfOwed(): void {
    if (!this.#desk && safeLocalStorage.read(flagName) !== undefined) void this.#open().catch(() => {});
  }

  /** Rejects if the code cannot be loaded; the next call tries again. */
  #open(): Promise<ImageDesk> {
    this.#opening ??= this.#openDesk().catch((error: unknown) => {
      this.#opening = undefined;
      throw error;
    });
    return this.#opening;
  }

  async #openDesk(): Promise<ImageDesk> {
    const { ImageDesk } = await import('./image-desk.ts');
    const desk = new ImageDesk({ ...this.#parts, changed: () => this.#changed() });
    if (this.#isClosed) return desk;
    // Where storage is blocked there is nothing of earlier pages.
    await desk.images.open().catch(() => {});
    this.#desk = desk;
    for (const image of desk.images.all) {
      const key = keyOfImage(image);
      if (image.isDraft) this.#drafts.set(key, { ...this.#drafts.get(key), [image.kind]: image });
    }
    desk.sender.sendSoon();
    this.#changed();
    return desk;
  }

  #markUsed(key: string, { id, kind }: KeptImage): void {
    void this.#desk?.images.change(id, false);
    this.#drafts.set(key, { ...this.draftOf(key), [kind]: undefined });
  }

  #setPin(key: string, pin: ProofDraft['pin']): void {
    this.#setDraft(key, { ...this.draftOf(key), pin });
  }

  #setDraft(key: string, draft: ProofDraft): void {
    if (Object.values(draft).every((one) => one === undefined)) this.#drafts.delete(key);
    else this.#drafts.set(key, draft);
    this.#changed();
  }

  #changed(): void {
    if (!this.#isClosed) this.#parts.changed();
  }
}

function keyOfImage({ store, orderID }: KeptImage): string {
  return parcelName({ store, orderID });
}
