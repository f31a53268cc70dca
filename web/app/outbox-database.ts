/**
 * The pages' IndexedDB, opened when it is wanted. A browser may close it under a page at any time: Safari after a
 * phone has slept ("Connection to Indexed Database server lost"), any of them when storage is cleared or short. Then
 * every transaction throws, and a database that is opened anew works; so that is what happens, once for each piece
 * of work.
 */

export const rows = 'outbox';
/** Some browsers leave an opening without an answer at all, and after a sleep a transaction. */
const openMaxMs = 3_000;
const workMaxMs = 5_000;

export class OutboxDatabase {
  readonly #onLost: () => void;
  #opening: Promise<IDBDatabase> | undefined;

  /** @param onLost the browser has closed it; what was in it may be gone */
  constructor(onLost: () => void) {
    this.#onLost = onLost;
  }

  /** @param work is run a second time if it fails on a database that was open already. @throws what it threw last */
  async run<T>(work: (database: IDBDatabase) => Promise<T>): Promise<T> {
    const wasOpen = this.#opening !== undefined;
    try {
      return await this.#attempt(work);
    } catch (error) {
      if (!wasOpen) throw error;
    }
    return this.#attempt(work);
  }

  /** The next work opens it again. */
  close(): void {
    this.#drop(this.#opening);
  }

  async #attempt<T>(work: (database: IDBDatabase) => Promise<T>): Promise<T> {
    this.#opening ??= inTime(openDatabase(), openMaxMs, (database) => database.close());
    const opening = this.#opening;
    try {
      const database = await opening;
      // A later version of the page must not wait for this one.
      database.onversionchange = () => this.#drop(opening);
      database.onclose = () => {
        this.#drop(opening);
        this.#onLost();
      };
      return await inTime(work(database), workMaxMs);
    } catch (error) {
      this.#drop(opening);
      throw error;
    }
  }

  #drop(opening: Promise<IDBDatabase> | undefined): void {
    if (opening === undefined) return;
    if (this.#opening === opening) this.#opening = undefined;
    opening.then(
      (database) => {
        database.onclose = null;
        database.close();
      },
      // Blocked storage: it never opened.
      () => {},
    );
  }
}

async function openDatabase(): Promise<IDBDatabase> {
  // Throws where storage is blocked.
  const request = indexedDB.open('caps', 1);
  request.onupgradeneeded = () => {
    const store = request.result.createObjectStore(rows, { keyPath: 'place', autoIncrement: true });
    store.createIndex('id', 'id', { unique: true });
    store.createIndex('owner', 'owner');
    store.createIndex('lane', 'lane');
  };
  return done(request);
}

/** @param late takes a result that comes after all. @throws when it does not come in time */
function inTime<T>(coming: Promise<T>, ms: number, late: (result: T) => void = () => {}): Promise<T> {
  return new Promise((resolve, reject) => {
    let isLate = false;
    const timer = setTimeout(() => {
      isLate = true;
      reject(new Error('The database does not answer.'));
    }, ms);
    coming
      .then((result) => (isLate ? late(result) : resolve(result)))
      .catch(reject)
      .finally(() => clearTimeout(timer));
  });
}

/** On disk, not only with the system: a phone in a basement may run out of power. */
export function writing(database: IDBDatabase): IDBObjectStore {
  return database.transaction(rows, 'readwrite', { durability: 'strict' }).objectStore(rows);
}

/** Within a transaction the next request has to be made as soon as this resolves. */
export function done<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

/** Until then what was written may still be refused: the disk is full, say. */
export function committed({ transaction }: IDBObjectStore): Promise<void> {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(transaction.error ?? new Error('The transaction was ended.'));
  });
}
