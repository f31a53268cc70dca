/**
 * The outbox of a page in IndexedDB, which works on plain http too. Every page of a sender has a lane of its own,
 * so that two tabs neither send each other's commands nor wait for each other. A page that opens takes over the
 * lanes of those that are gone; one that stays open, those of pages that go.
 *
 * Whether a page is gone is told by a Web Lock that it holds as long as it lives. On plain http there are none:
 * there a page that opens takes over every lane. If another page is still sending that, both do, in the same order,
 * and the ids make it one record each.
 */

import type { OutboxStorage, StoredCommand } from '../../client/outbox.ts';
import { uuidv7 } from '../../protocol/ids.ts';
import { committed, done, OutboxDatabase, rows, writing } from './outbox-database.ts';

interface Row extends StoredCommand {
  /** Counts what is kept, so that its order is that of giving. */
  readonly place?: number;
  readonly id: string;
  readonly owner: string;
  readonly lane: string;
}

/** What the pages of one sender tell each other. */
interface LaneMessage {
  readonly lane: string;
  /** `here`: the answer to `opened`, so that each knows of each. */
  readonly kind: 'opened' | 'here' | 'left';
}

/** A storage that says what it has: nobody is told that something is saved which is not. */
export interface PageStorage extends OutboxStorage {
  /** Whether this browser keeps what it is given, as far as was tried last. */
  readonly isKeeping: boolean;
  /** Whether a command would outlive this page: it is on disk. */
  isSaved(id: string): boolean;
}

type LeftTaker = (kept: readonly StoredCommand[]) => void;

/** What is to be in the database, and what is. */
interface Entry {
  row: Row;
  /** As it was written, once that is on disk. */
  written?: Row | undefined;
}

/** What could not be written is tried again after this. */
const againMs = 5_000;
/** So many commands that are done with are still to be taken out; one that stays would be sent again, and be harmless. */
const goneMax = 1_000;

/**
 * Keeps in memory what is to be on disk, and brings the disk to that as soon as it can: at once on a good day, and
 * again and again after the browser has closed the database or the disk was full. What is not on disk is never said
 * to be saved.
 */
export class DurableOutbox implements PageStorage {
  readonly #owner: string;
  readonly #changed: () => void;
  readonly #lane = uuidv7();
  readonly #database = new OutboxDatabase(() => this.#lostAll());
  readonly #entries = new Map<string, Entry>();
  /** Ids of what is done with and may still be in the database. */
  readonly #gone = new Set<string>();
  #turn: Promise<unknown> = Promise.resolve();
  #channel: BroadcastChannel | undefined;
  readonly #closing = new AbortController();
  /** Lanes of pages that live. */
  readonly #watched = new Set<string>();
  #isKeeping = true;
  /** What earlier pages left is still to be read. */
  #owesLeft = true;
  #left: LeftTaker | undefined;
  #again: ReturnType<typeof setTimeout> | undefined;

  /**
   * @param owner whose commands these are: nobody else ever gets them
   * @param changed `isKeeping` or what `isSaved` says is another
   */
  constructor(owner: string, changed: () => void) {
    this.#owner = owner;
    this.#changed = changed;
  }

  get isKeeping(): boolean {
    return this.#isKeeping;
  }

  isSaved(id: string): boolean {
    return this.#entries.get(id)?.written !== undefined;
  }

  async open(left: LeftTaker): Promise<void> {
    this.#left = left;
    // First of all, so that no page sees what this one keeps before it sees that this one lives.
    if (navigator.locks) this.#turn = this.#holdLock();
    this.#listen(left);
    globalThis.document?.addEventListener('visibilitychange', () => this.#tryAgain(), {
      signal: this.#closing.signal,
    });
    await this.#readLeft(left);
    this.#say('opened');
  }

  add({ command, at, about }: StoredCommand): void {
    const row: Row = { id: command.id, owner: this.#owner, lane: this.#lane, command, at, about };
    this.#entries.set(command.id, { row });
    void this.#write(command.id);
  }

  refuse(id: string, refusal: NonNullable<StoredCommand['refusal']>): void {
    const entry = this.#entries.get(id);
    if (!entry) return;
    entry.row = { ...entry.row, refusal };
    void this.#write(id);
  }

  remove(id: string): void {
    this.#entries.delete(id);
    this.#gone.add(id);
    const [oldest] = this.#gone;
    if (this.#gone.size > goneMax && oldest !== undefined) this.#gone.delete(oldest);
    void this.#write();
  }

  /** Resolves when what was given is kept and the lane is free for others. */
  async close(): Promise<void> {
    if (this.#closing.signal.aborted) return;
    clearTimeout(this.#again);
    await this.#turn;
    if (!this.#isKeeping) await this.#write();
    this.#say('left');
    this.#closing.abort();
    this.#database.close();
    this.#channel?.close();
  }

  // ---- the lanes of others ----

  #listen(left: LeftTaker): void {
    if (typeof BroadcastChannel === 'undefined') return;
    this.#channel = new BroadcastChannel(`caps.outbox.${this.#owner}`);
    this.#channel.onmessage = ({ data: { kind, lane } }: MessageEvent<LaneMessage>) => {
      if (kind === 'opened') this.#say('here');
      if (navigator.locks) void this.#adoptWhenGone(lane, left);
      else if (kind === 'left') void this.#adopt(lane).then((found) => this.#give(found, left));
    };
    globalThis.addEventListener?.('pagehide', () => this.#say('left'), { signal: this.#closing.signal });
  }

  #say(kind: LaneMessage['kind']): void {
    if (!this.#closing.signal.aborted) this.#channel?.postMessage({ kind, lane: this.#lane });
  }

  /** Waits for those that live: what they leave comes when they go. */
  async #adoptIfGone(lane: string, left: LeftTaker): Promise<readonly Row[]> {
    const adopted = await navigator.locks.request(lockOf(lane), { ifAvailable: true }, (lock) =>
      lock ? this.#adopt(lane) : undefined,
    );
    if (!adopted) void this.#adoptWhenGone(lane, left);
    return adopted ?? [];
  }

  async #adoptWhenGone(lane: string, left: LeftTaker): Promise<void> {
    const { signal } = this.#closing;
    if (this.#watched.has(lane)) return;
    this.#watched.add(lane);
    try {
      await navigator.locks.request(lockOf(lane), { signal }, async () =>
        this.#give(await this.#adopt(lane), left),
      );
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
      return waiting.map((row) => ({ ...row, lane: this.#lane }));
    });
    return adopted ?? [];
  }

  /** What earlier pages left, and what was refused; again later where it cannot be read now. */
  async #readLeft(left: LeftTaker): Promise<void> {
    const all = await this.#inTurn((database) => this.#rowsOf(database));
    // Then it is tried again.
    if (!all) return;
    this.#owesLeft = false;
    const found: Row[] = all.filter(({ lane, refusal }) => refusal !== undefined && lane !== this.#lane);
    for (const lane of new Set(all.map((row) => row.lane))) {
      if (lane === this.#lane) continue;
      if (!navigator.locks) found.push(...(await this.#adopt(lane)));
      else found.push(...(await this.#adoptIfGone(lane, left)));
    }
    this.#give(found, left);
  }

  #give(found: readonly Row[], left: LeftTaker): void {
    const inOrder = [...found].sort((a, b) => (a.place ?? 0) - (b.place ?? 0));
    for (const row of inOrder) this.#entries.set(row.id, { row, written: row });
    left(inOrder);
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

  /**
   * Brings the database to what it is to hold, in one transaction.
   * @param last up to this command: what was given later takes its own turn, in the order of all pages
   */
  async #write(last?: string): Promise<void> {
    await this.#inTurn(async (database) => {
      const gone = [...this.#gone];
      const changed = this.#unwritten(last);
      if (gone.length + changed.length === 0) return;
      const store = writing(database);
      // What goes first makes room.
      for (const id of gone) {
        const place = await done(store.index('id').getKey(id));
        if (place !== undefined) store.delete(place);
      }
      for (const { entry, row } of changed) {
        const place = await done(store.index('id').getKey(row.id));
        const { place: _, ...fresh } = row;
        if (place !== undefined) store.put({ ...fresh, place });
        else if (!entry.written) store.add(fresh);
      }
      await committed(store);
      for (const id of gone) this.#gone.delete(id);
      for (const { entry, row } of changed) entry.written = row;
      if (changed.length > 0) this.#changed();
    });
  }

  /** One after the other, because a removal must not overtake what it removes. Undefined where it failed. */
  #inTurn<T>(run: (database: IDBDatabase) => Promise<T>): Promise<T | undefined> {
    const result = this.#turn.then(async () => {
      if (this.#closing.signal.aborted) return undefined;
      try {
        const value = await this.#database.run(run);
        // Reading may go well where writing does not.
        if (this.#isKeeping || this.#unwritten().length === 0) this.#setKeeping(true);
        return value;
      } catch {
        // Blocked storage, a full disk, or a database that opens no more: memory goes on, and says so.
        this.#setKeeping(false);
        return undefined;
      }
    });
    this.#turn = result;
    return result;
  }

  /** In the order in which it was given. */
  #unwritten(last?: string): { readonly entry: Entry; readonly row: Row }[] {
    const found: { entry: Entry; row: Row }[] = [];
    for (const [id, entry] of this.#entries) {
      if (entry.written !== entry.row) found.push({ entry, row: entry.row });
      if (id === last) break;
    }
    return found;
  }

  #setKeeping(isKeeping: boolean): void {
    if (!isKeeping) this.#tryAgainSoon();
    if (this.#closing.signal.aborted || this.#isKeeping === isKeeping) return;
    this.#isKeeping = isKeeping;
    this.#changed();
  }

  #tryAgainSoon(): void {
    if (this.#closing.signal.aborted) return;
    clearTimeout(this.#again);
    this.#again = setTimeout(() => this.#tryAgain(), againMs);
  }

  /** Where the last try failed. */
  #tryAgain(): void {
    if (this.#isKeeping || this.#closing.signal.aborted) return;
    if (this.#owesLeft && this.#left) void this.#readLeft(this.#left);
    void this.#write();
  }

  /** The browser has closed the database, and may have emptied it. */
  #lostAll(): void {
    for (const entry of this.#entries.values()) entry.written = undefined;
    this.#changed();
    void this.#write();
  }

  #closed(): Promise<void> {
    return new Promise((resolve) => this.#closing.signal.addEventListener('abort', () => resolve()));
  }
}

function lockOf(lane: string): string {
  return `caps.outbox.${lane}`;
}
