/**
 * Commits to the log in PostgreSQL: one at a time in this hub, and one at a time among all hubs, by the lock of the head.
 *
 *     BEGIN, lock the head, find parcels and commands  ──▶ decide ──▶  append, move the head, COMMIT  ──▶ ring
 *              one round trip                                                one round trip
 */

import type { Damages } from '../rows/damage.ts';
import type { ParcelRow } from '../rows/rows.ts';
import {
  type CommitLookup,
  type CommitPlan,
  type CommitResult,
  type LookupResult,
  UnknownOutcomeError,
} from '../store.ts';
import {
  type CommandRow,
  type CommitHeadRow,
  CommitLookupResult,
  type CommitWrites,
  type HeadRow,
  type RefusalRow,
  type StoreHeadRow,
  writesOf,
} from './commit.ts';
import { type Connection, ConnectionError, type LastingConnection, type Statement } from './connection.ts';
import type { Growth } from './growth.ts';
import * as sql from './statements.ts';

/** Time to find out whether a commit took effect whose answer was lost. */
const settleMs = 15_000;
const settleEveryMs = 200;

export interface PostgresCommitsOptions {
  readonly writer: LastingConnection;
  readonly growth: Growth;
  readonly damage: Damages;
  readonly epoch: string;
}

export class PostgresCommits {
  readonly #writer: LastingConnection;
  readonly #growth: Growth;
  readonly #damage: Damages;
  readonly #epoch: string;
  /** The commit under way, and those that wait for it. */
  #turn: Promise<unknown> = Promise.resolve();
  #isClosed = false;

  constructor({ writer, growth, damage, epoch }: PostgresCommitsOptions) {
    this.#writer = writer;
    this.#growth = growth;
    this.#damage = damage;
    this.#epoch = epoch;
  }

  /** See `Store.commit`. */
  commit<T>(
    wanted: CommitLookup,
    decide: (found: LookupResult) => CommitPlan<T>,
    more?: () => CommitLookup,
  ): Promise<CommitResult<T>> {
    const result = this.#turn.then(() => this.#commit(wanted, decide, more));
    this.#turn = result.catch(() => {});
    return result;
  }

  async #commit<T>(
    wanted: CommitLookup,
    decide: (found: LookupResult) => CommitPlan<T>,
    more: (() => CommitLookup) | undefined,
  ): Promise<CommitResult<T>> {
    if (this.#isClosed) throw new Error('the store is closed');
    const connection = await this.#writer.get();
    let isOpen = true;
    try {
      const found = await this.#find(connection, wanted, more);
      const { appends, refusals = [], result } = decide(found);
      const remembered = refusals.length > 0 ? [sql.rememberRefusals(refusals)] : [];
      if (appends.length === 0) {
        if (remembered.length === 0) return { rows: [], result };
        isOpen = false;
        // What is remembered for a minute needs no sync.
        const unsynced = { text: 'SET LOCAL synchronous_commit = off' };
        await connection.all([unsynced, ...remembered, { text: 'COMMIT' }]);
        return { rows: [], result };
      }
      const writes = writesOf(appends, found);
      isOpen = false;
      await this.#write(connection, writes, remembered);
      this.#growth.wrote(writes.rows, writes.log.at(-1)?.crc ?? null);
      return { rows: writes.rows, result };
    } catch (error) {
      if (error instanceof ConnectionError) this.#writer.drop(connection);
      throw error;
    } finally {
      // Whatever follows on this connection comes after it.
      if (isOpen) connection.run('ROLLBACK').catch(() => this.#writer.drop(connection));
    }
  }

  /**
   * Begins the transaction, takes the head and finds what is wanted, all at once if no other hub has the head. If one has
   * it, commands that come while this hub waits join the commit.
   */
  async #find(
    connection: Connection,
    wanted: CommitLookup,
    more: (() => CommitLookup) | undefined,
  ): Promise<CommitLookupResult> {
    const { known } = this.#growth;
    const begin = [{ text: 'BEGIN' }, sql.tryHead(known.seq)];
    let [, heads = [], ...found] = await connection.all([...begin, ...lookups(wanted)]);
    if (heads.length === 0) {
      [heads = []] = await connection.all([sql.lockHead(known.seq)]);
      const late = more?.();
      const parcels = [...wanted.parcels, ...(late?.parcels ?? [])];
      const commands = [...wanted.commands, ...(late?.commands ?? [])];
      found = await connection.all(lookups({ parcels, commands }));
    }
    const [head] = heads as CommitHeadRow[];
    if (!head) throw new Error('the log has lost its head');
    if (!this.#growth.isOurs(head, known)) {
      // What is found out must outlive this transaction.
      await connection.run('ROLLBACK');
      await this.#growth.check(connection, head, known);
    }
    const [parcels = [], commands = [], refusals = [], storeHeads = []] = found;
    const rows = {
      parcels: parcels as ParcelRow[],
      commands: commands as CommandRow[],
      refusals: refusals as RefusalRow[],
      storeHeads: storeHeads as StoreHeadRow[],
    };
    return new CommitLookupResult(head, rows, this.#damage);
  }

  /** Writes and commits. If the answer is lost, finds out what became of it. */
  async #write(
    connection: Connection,
    writes: CommitWrites,
    remembered: readonly Statement[],
  ): Promise<void> {
    const { log, commands, parcels, head, setBacks } = writes;
    try {
      await connection.all([
        sql.appendRows(log),
        ...(commands.length > 0 ? [sql.rememberCommands(commands)] : []),
        sql.writeParcels(parcels),
        ...remembered,
        sql.moveHead(head.seq, head.time, JSON.stringify(setBacks.list), setBacks.ownMs),
        { text: 'COMMIT' },
      ]);
    } catch (error) {
      if (!(error instanceof ConnectionError)) throw error;
      this.#writer.drop(connection);
      if (!(await this.#hasSettled(writes, error))) throw error;
    }
  }

  /**
   * Whether a commit took effect whose answer was lost. Takes the head, so that the old transaction has ended.
   * @throws UnknownOutcomeError if the database does not come back in time, or with another log
   */
  async #hasSettled({ log, head }: CommitWrites, lost: ConnectionError): Promise<boolean> {
    const deadline = performance.now() + settleMs;
    while (performance.now() < deadline && !this.#isClosed) {
      try {
        const connection = await this.#writer.get();
        const [, heads = []] = await connection.all([{ text: 'BEGIN' }, sql.lockHead(head.seq)]);
        // Another statement: what the first one sees beside the head is as old as its wait.
        const [last] = await connection.run<{ crc: number }>('SELECT crc FROM log WHERE seq = $1', [
          head.seq,
        ]);
        await connection.run('ROLLBACK');
        const [found] = heads as HeadRow[];
        if (found?.epoch !== this.#epoch) break;
        return last?.crc === log.at(-1)?.crc;
      } catch {
        this.#writer.drop();
        await new Promise((resolve) => setTimeout(resolve, settleEveryMs));
      }
    }
    throw new UnknownOutcomeError(lost);
  }

  /** Ends the commit under way, and refuses further ones. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#turn;
  }
}

function lookups({ parcels, commands }: CommitLookup): Statement[] {
  const ids = commands.map(({ id }) => id);
  const actors = commands.map(({ actor }) => actor);
  const stores = parcels.map(({ store }) => store);
  return [
    sql.findParcels(
      stores,
      parcels.map(({ orderID }) => orderID),
    ),
    sql.findCommands(ids, actors),
    sql.findRefusals(ids, actors),
    sql.findStoreHeads([...new Set(stores)]),
  ];
}
