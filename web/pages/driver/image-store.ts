/**
 * The images of proofs on this device, until the hub has them. Their bytes lie in IndexedDB, apart from the outbox:
 * another database, because a page of an older version that is still open needs the outbox as it knows it. The page
 * keeps only a list of them in memory.
 */

import { committed, done, OutboxDatabase } from '../../app/outbox-database.ts';

export interface KeptImage {
  readonly id: string;
  /** Whose it is; other owners never get it. */
  readonly owner: string;
  readonly store: string;
  readonly orderID: string;
  readonly kind: 'photo' | 'signature';
  /** SHA-256 of its bytes. */
  readonly hash: string;
  readonly size: number;
  /** When it was taken, in milliseconds since 1970. */
  readonly at: number;
  /** It belongs to no step yet, so it stays here. */
  readonly isDraft: boolean;
}

type NewImage = Omit<KeptImage, 'id' | 'owner' | 'size' | 'isDraft'>;

/** `full`: this device has no room for it. */
export type AddedImage = KeptImage | 'full';

const lists = 'list';
const bodies = 'bytes';
/** Images on one device: some five hundred photos. */
const usualBytesMax = 100_000_000;

export class ImageStore {
  readonly #owner: string;
  readonly #bytesMax: number;
  readonly #database = new OutboxDatabase(() => {}, openImages);
  readonly #known = new Map<string, KeptImage>();
  /** Those that are not on disk: they are lost with the page. */
  readonly #loose = new Map<string, ArrayBuffer>();

  /** @param owner whose images these are */
  constructor(owner: string, bytesMax = usualBytesMax) {
    this.#owner = owner;
    this.#bytesMax = bytesMax;
  }

  /** In the order in which they were taken. */
  get all(): readonly KeptImage[] {
    return Array.from(this.#known.values()).sort((a, b) => a.at - b.at);
  }

  /** How many would be lost with the page. */
  get unsaved(): number {
    return this.#loose.size;
  }

  /** Reads the list that earlier pages have left. Rejects where the database does not open. */
  async open(): Promise<void> {
    const found = await this.#database.run((database) =>
      done<KeptImage[]>(database.transaction(lists).objectStore(lists).index('owner').getAll(this.#owner)),
    );
    for (const image of found) if (!this.#known.has(image.id)) this.#known.set(image.id, image);
  }

  /** Resolves when it is on disk, or known not to get there. */
  async add(fresh: NewImage, bytes: ArrayBuffer): Promise<AddedImage> {
    const { store, orderID, hash } = fresh;
    const id = [this.#owner, store, orderID, hash].join('\n');
    const image: KeptImage = { ...fresh, id, owner: this.#owner, size: bytes.byteLength, isDraft: true };
    const used = this.all.reduce((sum, { size }) => sum + size, 0);
    if (!this.#known.has(id) && used + image.size > this.#bytesMax) return 'full';
    try {
      await this.#write(async (list, body) => {
        list.put(image);
        body.put(bytes, id);
      });
      this.#loose.delete(id);
    } catch (error) {
      if (error instanceof DOMException && error.name === 'QuotaExceededError') return 'full';
      // Storage is blocked, or the database does not open: this page has it, and says that it is not saved.
      this.#loose.set(id, bytes);
    }
    this.#known.set(id, image);
    return image;
  }

  /** Says whether a step has it. */
  async change(id: string, isDraft: boolean): Promise<void> {
    const image = this.#known.get(id);
    if (!image || image.isDraft === isDraft) return;
    const changed = { ...image, isDraft };
    this.#known.set(id, changed);
    await this.#write(async (list) => {
      // Another page may have removed it.
      if ((await done(list.getKey(id))) !== undefined) list.put(changed);
    }).catch(() => {});
  }

  /** @returns undefined where another page has removed it, or the disk does not answer */
  async bytes(id: string): Promise<ArrayBuffer | undefined> {
    const loose = this.#loose.get(id);
    if (loose) return loose;
    return this.#database.run((database) =>
      done<ArrayBuffer | undefined>(database.transaction(bodies).objectStore(bodies).get(id)),
    );
  }

  async remove(id: string): Promise<void> {
    this.#known.delete(id);
    this.#loose.delete(id);
    // If this fails, a later page sends it once more, which changes nothing.
    await this.#write(async (list, body) => {
      list.delete(id);
      body.delete(id);
    }).catch(() => {});
  }

  close(): void {
    this.#database.close();
  }

  #write(work: (list: IDBObjectStore, body: IDBObjectStore) => Promise<void>): Promise<void> {
    return this.#database.run(async (database) => {
      const transaction = database.transaction([lists, bodies], 'readwrite', { durability: 'strict' });
      const written = committed({ transaction });
      written.catch(() => {});
      await work(transaction.objectStore(lists), transaction.objectStore(bodies));
      await written;
    });
  }
}

function openImages(): IDBOpenDBRequest {
  const request = indexedDB.open('caps.images', 1);
  request.onupgradeneeded = () => {
    request.result.createObjectStore(lists, { keyPath: 'id' }).createIndex('owner', 'owner');
    request.result.createObjectStore(bodies);
  };
  return request;
}
