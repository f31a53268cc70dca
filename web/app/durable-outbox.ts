/**
 * The outbox of a page in IndexedDB, which works on plain http too. Every page of a sender has its own lane, so that
 * two tabs neither send each other's commands nor wait for each other. A page adopts the lanes of pages that are gone:
 * when it opens, and while it is open.
 *
 * A page holds a Web Lock while it lives. Plain http has no Web Locks, so there a page adopts every lane when it opens.
 * If another page is still sending the same commands, both send them in the same order, and their ids make each one
 * record.
 */

import type { OutboxStorage, StoredCommand } from '../../client/outbox.ts';
import { uuidv7 } from '../../protocol/ids.ts';
import { committed, done, OutboxDatabase, rows, writing } from './outbox-database.ts';

interface Row extends StoredCommand {
  /** Auto-incremented, so that rows sort in the order in which they were added. */
  readonly place?: number;
  readonly id: string;
  readonly owner: string;
  readonly lane: string;
}

/** A message between the pages of one sender. */
interface LaneMessage {
  readonly lane: string;
  /** `here` answers `opened`, so that all pages know each other. */
  readonly kind: 'opened' | 'here' | 'left';
}

/** A storage that reports what it has saved. */
export interface PageStorage extends OutboxStorage {
  /** Whether the last write succeeded. */
  readonly isKeeping: boolean;
  /** Whether a command is on disk, and so outlives this page. */
  isSaved(id: string): boolean;
}

type LeftTaker = (kept: readonly StoredCommand[]) => void;

/** The wanted state of a row and the written one. */
interface Entry {
  row: Row;
  /** The row as it is on disk. */
  written?: Row | undefined;
}

/** Delay before a failed write is retried. */
const againMs = 5_000;
/** Bounds the ids that are remembered. A command that comes twice for that is sent again, which is harmless. */
const idsMax = 1_000;

/**
 * Keeps the wanted state in memory and writes it to disk as soon as possible. It retries after the browser has closed the
 * database or the disk was full, and never reports a command as saved before it is on disk.
 */
export class DurableOutbox implements PageStorage {
  readonly #owner: string;
  readonly #changed: () => void;
  readonly #lane = uuidv7();
  readonly #database = new OutboxDatabase(() => this.#lostAll());
  readonly #entries = new Map<string, Entry>();
  /** Ids of removed commands that may still be in the database. */
  readonly #gone = new Set<string>();
  /** Ids of other pages' commands that this page has got. What was dismissed must not come back. */
  readonly #given = new Set<string>();
  #turn: Promise<unknown> = Promise.resolve();
  #channel: BroadcastChannel | undefined;
  readonly #closing = new AbortController();
  /** Lanes of pages that are still open. */
  readonly #watched = new Set<string>();
  #isKeeping = true;
  /** The commands of earlier pages are still to be read. */
  #owesLeft = true;
  #left: LeftTaker | undefined;
  #again: ReturnType<typeof setTimeout> | undefined;

  /**
   * @param owner whose commands these are; other owners never get them
   * @param changed is called when `isKeeping` or a result of `isSaved` changes
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
    // Take the lock first: other pages must not adopt this page's commands.
    if (navigator.locks) this.#turn = this.#holdLock();
    this.#listen(left);
    globalThis.document?.addEventListener('visibilitychange', () => this.#tryAgain(), {
      signal: this.#closing.signal,
    });
    await this.#readLeft(left);
    this.#say('opened');
  }

  add({ command, at, about, after }: StoredCommand): void {
    const row: Row = { id: command.id, owner: this.#owner, lane: this.#lane, command, at, about, after };
    this.#entries.set(command.id, { row });
    void this.#write(command.id);
  }

  replace({ command, after }: StoredCommand): void {
    const entry = this.#entries.get(command.id);
    if (!entry) return;
    entry.row = { ...entry.row, command, after };
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
    remember(this.#gone, id);
    void this.#write();
  }

  /** Resolves when everything is written and other pages may adopt the lane. */
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

  /** Adopts the lane of a closed page; that of an open page when it closes. */
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
      // AbortError: this page was closed first.
      if (!signal.aborted) throw error;
    }
  }

  /** Moves a lane's commands here, refused ones included: its page may have been refused them after this one looked. */
  async #adopt(lane: string): Promise<readonly Row[]> {
    const adopted = await this.#inTurn(async (database) => {
      const store = writing(database);
      const all = await done<Row[]>(store.index('lane').getAll(lane));
      const found = all
        .filter(({ owner }) => owner === this.#owner)
        .map((row) => ({ ...row, lane: this.#lane }));
      for (const row of found) store.put(row);
      await committed(store);
      return found;
    });
    return adopted ?? [];
  }

  /** Reads the commands of earlier pages, refused ones included. If that fails, `#tryAgain` repeats it. */
  async #readLeft(left: LeftTaker): Promise<void> {
    this.#owesLeft = false;
    const all = await this.#inTurn((database) => this.#rowsOf(database));
    if (!all) {
      this.#owesLeft = true;
      return;
    }
    const found: Row[] = all.filter(({ lane, refusal }) => refusal !== undefined && lane !== this.#lane);
    for (const lane of new Set(all.map((row) => row.lane))) {
      if (lane === this.#lane) continue;
      if (!navigator.locks) found.push(...(await this.#adopt(lane)));
      else found.push(...(await this.#adoptIfGone(lane, left)));
    }
    this.#give(found, left);
  }

  #give(found: readonly Row[], left: LeftTaker): void {
    const isKnown = (id: string) => this.#given.has(id) || this.#entries.has(id);
    const fresh = new Map(found.filter(({ id }) => !isKnown(id)).map((row) => [row.id, row]));
    const inOrder = [...fresh.values()].sort((a, b) => (a.place ?? 0) - (b.place ?? 0));
    for (const row of inOrder) {
      remember(this.#given, row.id);
      this.#entries.set(row.id, { row, written: row });
    }
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
      // If locks are refused, other pages may adopt this lane; each command is still one record.
      held.catch(() => granted());
    });
  }

  // ---- the database ----

  /**
   * Writes the wanted state in one transaction.
   * @param last write up to this command; later ones take their own turn, in the order of all pages
   */
  async #write(last?: string): Promise<void> {
    await this.#inTurn(async (database) => {
      const gone = [...this.#gone];
      const changed = this.#unwritten(last);
      if (gone.length + changed.length === 0) return;
      const store = writing(database);
      // Delete first, to free space.
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

  /** Runs one piece of work at a time: a removal must not overtake its addition. @returns undefined on failure */
  #inTurn<T>(run: (database: IDBDatabase) => Promise<T>): Promise<T | undefined> {
    const result = this.#turn.then(async () => {
      if (this.#closing.signal.aborted) return undefined;
      try {
        const value = await this.#database.run(run);
        // A successful read does not prove that writes succeed.
        if (this.#isKeeping || this.#unwritten().length === 0) this.#setKeeping(true);
        return value;
      } catch {
        // Storage is blocked, the disk is full, or the database does not open: go on in memory.
        this.#setKeeping(false);
        return undefined;
      }
    });
    this.#turn = result;
    return result;
  }

  /** @returns the rows to write, in the order in which they were added */
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

  /** Retries if the last write or read failed. */
  #tryAgain(): void {
    if (this.#isKeeping || this.#closing.signal.aborted) return;
    if (this.#owesLeft && this.#left) void this.#readLeft(this.#left);
    void this.#write();
  }

  /** Writes everything again: the browser has closed the database and may have emptied it. */
  #lostAll(): void {
    for (const entry of this.#entries.values()) entry.written = undefined;
    this.#changed();
    void this.#write();
  }

  #closed(): Promise<void> {
    return new Promise((resolve) => this.#closing.signal.addEventListener('abort', () => resolve()));
  }
}

function remember(ids: Set<string>, id: string): void {
  ids.add(id);
  const [oldest] = ids;
  if (ids.size > idsMax && oldest !== undefined) ids.delete(oldest);
}

function lockOf(lane: string): string {
  return `caps.outbox.${lane}`;
}
