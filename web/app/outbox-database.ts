/**
 * The pages' databases, opened on demand. A browser may close it at any time: Safari after a phone has slept
 * ("Connection to Indexed Database server lost"), any browser when storage is cleared or low. Then every transaction
 * throws until the database is opened again, so each piece of work is retried once.
 */

export const rows = 'outbox';
/** Some browsers never answer an open request or, after a sleep, a transaction. */
const openMaxMs = 3_000;
const workMaxMs = 5_000;

export class OutboxDatabase {
  readonly #onLost: () => void;
  readonly #open: () => IDBOpenDBRequest;
  #opening: Promise<IDBDatabase> | undefined;

  /**
   * @param onLost is called when the browser has closed the database; its content may be gone
   * @param open opens another database than that of the outbox
   */
  constructor(onLost: () => void, open: () => IDBOpenDBRequest = openOutbox) {
    this.#onLost = onLost;
    this.#open = open;
  }

  /** @param work runs a second time if it fails on a database that was already open. @throws its last error */
  async run<T>(work: (database: IDBDatabase) => Promise<T>): Promise<T> {
    const wasOpen = this.#opening !== undefined;
    try {
      return await this.#attempt(work);
    } catch (error) {
      if (!wasOpen) throw error;
    }
    return this.#attempt(work);
  }

  /** Closes the database. The next `run` opens it again. */
  close(): void {
    this.#drop(this.#opening);
  }

  async #attempt<T>(work: (database: IDBDatabase) => Promise<T>): Promise<T> {
    this.#opening ??= inTime(this.#openNow(), openMaxMs, (database) => database.close());
    const opening = this.#opening;
    try {
      const database = await opening;
      // Do not block a later version of the page.
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

  /** Throws where storage is blocked. */
  async #openNow(): Promise<IDBDatabase> {
    return done(this.#open());
  }

  #drop(opening: Promise<IDBDatabase> | undefined): void {
    if (opening === undefined) return;
    if (this.#opening === opening) this.#opening = undefined;
    opening.then(
      (database) => {
        database.onclose = null;
        database.close();
      },
      // It never opened: storage is blocked.
      () => {},
    );
  }
}

function openOutbox(): IDBOpenDBRequest {
  const request = indexedDB.open('caps', 1);
  request.onupgradeneeded = () => {
    const store = request.result.createObjectStore(rows, { keyPath: 'place', autoIncrement: true });
    store.createIndex('id', 'id', { unique: true });
    store.createIndex('owner', 'owner');
    store.createIndex('lane', 'lane');
  };
  return request;
}

/** @param late gets a result that comes too late. @throws on timeout */
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

/** Strict durability, because a phone may run out of power. */
export function writing(database: IDBDatabase): IDBObjectStore {
  return database.transaction(rows, 'readwrite', { durability: 'strict' }).objectStore(rows);
}

/** Within a transaction, make the next request as soon as this resolves. */
export function done<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

/** Resolves when the transaction is committed. Until then it may still fail, for example on a full disk. */
export function committed({ transaction }: Pick<IDBObjectStore, 'transaction'>): Promise<void> {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(transaction.error ?? new Error('The transaction was ended.'));
  });
}
