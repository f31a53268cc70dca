/**
 * The outbox of a page in IndexedDB, which works on plain http too. Every page of a sender has a lane of its own,
 * so that two tabs neither send each other's commands nor wait for each other. A page that opens takes over the
 * lanes of those that are gone; one that stays open, those of pages that go.
 *
 * Whether a page is gone is told by a Web Lock that it holds as long as it lives. On plain http there are none:
 * there a page that opens takes over every lane. If another page is still sending that, both do, in the same order,
 * and the ids make it one record each.
 */

import type { Kept, OutboxStorage } from '../client/outbox.ts';
import { uuidv7 } from '../protocol/ids.ts';

interface Row extends Kept {
  /** Counts what is kept, so that its order is that of giving. */
  readonly place?: number;
  readonly id: string;
  readonly owner: string;
  readonly lane: string;
}

/** What the pages of one sender tell each other. */
interface Word {
  readonly lane: string;
  /** `here`: the answer to `opened`, so that each knows of each. */
  readonly kind: 'opened' | 'here' | 'left';
}

const rows = 'outbox';
/** Some browsers leave an opening without an answer at all. */
const openMaxMs = 3_000;

export class KeptOutbox implements OutboxStorage {
  readonly #owner: string;
  readonly #onTrouble: () => void;
  readonly #lane = uuidv7();
  readonly #opened: Promise<IDBDatabase>;
  #turn: Promise<unknown> = Promise.resolve();
  #channel: BroadcastChannel | undefined;
  readonly #closing = new AbortController();
  /** Lanes of pages that live. */
  readonly #watched = new Set<string>();
  #isTold = false;

  /**
   * @param owner whose commands these are: nobody else ever gets them
   * @param onTrouble told once, when it turns out that this browser keeps nothing
   */
  constructor(owner: string, onTrouble: () => void) {
    this.#owner = owner;
    this.#onTrouble = onTrouble;
    this.#opened = openDatabase();
    this.#opened.catch(() => this.#fail());
  }

  async open(left: (kept: readonly Kept[]) => void): Promise<void> {
    // First of all, so that no page sees what this one keeps before it sees that this one lives.
    if (navigator.locks) this.#turn = this.#holdLock();
    this.#listen(left);
    const all = (await this.#inTurn((database) => this.#rowsOf(database))) ?? [];
    const found: Row[] = all.filter(({ refusal }) => refusal !== undefined);
    for (const lane of new Set(all.map((row) => row.lane))) {
      if (lane === this.#lane) continue;
      if (!navigator.locks) found.push(...(await this.#adopt(lane)));
      else found.push(...(await this.#adoptIfGone(lane, left)));
    }
    left(found.sort((a, b) => (a.place ?? 0) - (b.place ?? 0)));
    this.#say('opened');
  }

  add({ command, at, about }: Kept): void {
    const row: Row = { id: command.id, owner: this.#owner, lane: this.#lane, command, at, about };
    void this.#inTurn((database) => {
      const store = writing(database);
      store.add(row);
      return committed(store);
    });
  }

  refuse(id: string, refusal: NonNullable<Kept['refusal']>): void {
    void this.#inTurn(async (database) => {
      const store = writing(database);
      const row = await done<Row | undefined>(store.index('id').get(id));
      if (row) store.put({ ...row, refusal });
      return committed(store);
    });
  }

  remove(id: string): void {
    void this.#inTurn(async (database) => {
      const store = writing(database);
      const place = await done(store.index('id').getKey(id));
      if (place !== undefined) store.delete(place);
      return committed(store);
    });
  }

  /** Resolves when what was given is kept and the lane is free for others. */
  async close(): Promise<void> {
    if (this.#closing.signal.aborted) return;
    await this.#inTurn(async (database) => database.close());
    this.#say('left');
    this.#closing.abort();
    this.#channel?.close();
  }

  // ---- the lanes of others ----

  #listen(left: (kept: readonly Kept[]) => void): void {
    if (typeof BroadcastChannel === 'undefined') return;
    this.#channel = new BroadcastChannel(`caps.outbox.${this.#owner}`);
    this.#channel.onmessage = ({ data: { kind, lane } }: MessageEvent<Word>) => {
      if (kind === 'opened') this.#say('here');
      if (navigator.locks) void this.#adoptWhenGone(lane, left);
      else if (kind === 'left') void this.#adopt(lane).then(left);
    };
    globalThis.addEventListener?.('pagehide', () => this.#say('left'), { signal: this.#closing.signal });
  }

  #say(kind: Word['kind']): void {
    if (!this.#closing.signal.aborted) this.#channel?.postMessage({ kind, lane: this.#lane });
  }

  /** Waits for those that live: what they leave comes when they go. */
  async #adoptIfGone(lane: string, left: (kept: readonly Kept[]) => void): Promise<readonly Row[]> {
    const adopted = await navigator.locks.request(lockOf(lane), { ifAvailable: true }, (lock) =>
      lock ? this.#adopt(lane) : undefined,
    );
    if (!adopted) void this.#adoptWhenGone(lane, left);
    return adopted ?? [];
  }

  async #adoptWhenGone(lane: string, left: (kept: readonly Kept[]) => void): Promise<void> {
    const { signal } = this.#closing;
    if (this.#watched.has(lane)) return;
    this.#watched.add(lane);
    try {
      await navigator.locks.request(lockOf(lane), { signal }, async () => left(await this.#adopt(lane)));
    } catch (error) {
      // AbortError: this page was closed before that one.
      if (!signal.aborted) throw error;
    }
  }

  async #adopt(lane: string): Promise<readonly Row[]> {
    const adopted = await this.#inTurn(async (database) => {
      const store = writing(database);
      const found = await done<Row[]>(store.index('lane').getAll(lane));
      const waiting = found.filter(({ owner, refusal }) => owner === this.#owner && refusal === undefined);
      for (const row of waiting) store.put({ ...row, lane: this.#lane });
      await committed(store);
      return waiting;
    });
    return adopted ?? [];
  }

  #rowsOf(database: IDBDatabase): Promise<Row[]> {
    return done<Row[]>(database.transaction(rows).objectStore(rows).index('owner').getAll(this.#owner));
  }

  #holdLock(): Promise<void> {
    return new Promise((granted) => {
      const held = navigator.locks.request(lockOf(this.#lane), () => {
        granted();
        return this.#closed();
      });
      // Where locks are refused altogether, an own lane that looks left is still sent once.
      held.catch(() => granted());
    });
  }

  // ---- the database ----

  /** One after the other, because a removal must not overtake what it removes. Undefined where it failed. */
  #inTurn<T>(run: (database: IDBDatabase) => Promise<T>): Promise<T | undefined> {
    const result = this.#turn.then(async () => {
      if (this.#closing.signal.aborted) return undefined;
      try {
        return await run(await this.#opened);
      } catch {
        // Blocked storage, a full disk, or a database that the browser has closed: memory goes on.
        this.#fail();
        return undefined;
      }
    });
    this.#turn = result;
    return result;
  }

  #fail(): void {
    if (this.#closing.signal.aborted || this.#isTold) return;
    this.#isTold = true;
    this.#onTrouble();
  }

  #closed(): Promise<void> {
    return new Promise((resolve) => this.#closing.signal.addEventListener('abort', () => resolve()));
  }
}

function openDatabase(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    setTimeout(() => reject(new Error('The database did not open.')), openMaxMs);
    // Throws where storage is blocked.
    const request = indexedDB.open('caps', 1);
    request.onupgradeneeded = () => {
      const store = request.result.createObjectStore(rows, { keyPath: 'place', autoIncrement: true });
      store.createIndex('id', 'id', { unique: true });
      store.createIndex('owner', 'owner');
      store.createIndex('lane', 'lane');
    };
    request.onsuccess = () => {
      // A later version of the page must not wait for this one.
      request.result.onversionchange = () => request.result.close();
      resolve(request.result);
    };
    request.onerror = () => reject(request.error);
  });
}

/** On disk, not only with the system: a phone in a basement may run out of power. */
function writing(database: IDBDatabase): IDBObjectStore {
  return database.transaction(rows, 'readwrite', { durability: 'strict' }).objectStore(rows);
}

/** Within a transaction the next request has to be made as soon as this resolves. */
function done<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

/** Until then what was written may still be refused: the disk is full, say. */
function committed({ transaction }: IDBObjectStore): Promise<void> {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(transaction.error);
  });
}

function lockOf(lane: string): string {
  return `caps.outbox.${lane}`;
}
