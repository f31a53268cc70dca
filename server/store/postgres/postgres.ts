/**
 * The log in a PostgreSQL database, which several hubs may share. A commit locks the one row of `head`: whoever holds it
 * is alone, sees what all before have left, and numbers what comes next. So parcels and commands need no locks.
 *
 *     BEGIN, lock the head, find parcels and commands  ──▶ decide ──▶  append, move the head, COMMIT  ──▶ ring
 *              one round trip                                                one round trip
 */

import { createHmac, randomBytes } from 'node:crypto';
import type { ParcelId } from '../../../protocol/messages.ts';
import type { Parcel } from '../../../protocol/parcel.ts';
import { Damages } from '../rows/damage.ts';
import type { ParcelRow } from '../rows/rows.ts';
import type {
  CommitLookup,
  CommitPlan,
  CommitResult,
  Head,
  LogGrowth,
  LookupResult,
  Page,
  ParcelPage,
  ParcelQuery,
  Range,
  ReadyCount,
  Scope,
  SetBack,
  SiftPage,
  SiftQuery,
  Store,
} from '../store.ts';
import { type Bell, PostgresBell } from './bell.ts';
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
import {
  type Connection,
  ConnectionError,
  clientConfig,
  LastingConnection,
  Readers,
  type Statement,
} from './connection.ts';
import { Growth } from './growth.ts';
import { HeavyReads } from './heavy-reads.ts';
import { PostgresKeys, PostgresProfiles } from './keys.ts';
import { KnownFile, type StoredKnownRecord } from './known-file.ts';
import { PostgresLog } from './log.ts';
import { readParcels } from './parcels.ts';
import { PostgresPeers } from './peers.ts';
import { migrate, register, renameLog } from './schema.ts';
import { checkServer, refusal } from './server-check.ts';
import * as sql from './statements.ts';

/** Time to find out whether a commit took effect whose answer was lost. */
const settleMs = 15_000;
const settleEveryMs = 200;
/** Bytes that stay of a probe. */
const probeBytes = 8;

export interface PostgresOptions {
  /** As in DATABASE_URL. */
  readonly url: string;
  /** Rings other hubs; PostgreSQL's own NOTIFY by default. */
  readonly bell?: Bell | undefined;
  /** What all hubs must have in common, as text, of which a hash is stored. Without it this is no hub, only a reader. */
  readonly settings?: string;
  /** Where this hub keeps what it knows of the log. */
  readonly folder: string;
  /** Called with a sentence for the operator. */
  readonly tell: (words: string) => void;
}

/** @throws StoreError in one sentence for the operator */
export async function openPostgresStore(options: PostgresOptions): Promise<Store> {
  const config = clientConfig(options.url);
  const writer = new LastingConnection(config);
  try {
    const connection = await writer.get();
    await checkServer(connection, options.tell);
    await migrate(connection);
    const file = new KnownFile(options.folder, options.tell);
    const identity = await identify(connection, file.read(), options.tell);
    const peers = await enter(connection, options, identity);
    return new PostgresStore(options, { writer, file, peers }, identity);
  } catch (error) {
    await writer.close();
    throw refusal(options.url, error);
  }
}

interface IdentityRow {
  readonly epoch: string;
  readonly secret: Uint8Array;
  readonly seq: number;
  readonly crc: number | null;
  readonly known_crc: number | null;
}

/** Which log this is. It gets a new epoch if it has lost what this hub knew when it ended. */
async function identify(
  connection: Connection,
  known: StoredKnownRecord | undefined,
  tell: (words: string) => void,
): Promise<IdentityRow> {
  for (;;) {
    const [head] = await connection.run<IdentityRow>(
      `SELECT epoch, secret, seq, (SELECT crc FROM log WHERE log.seq = head.seq) AS crc,
         (SELECT crc FROM log WHERE log.seq = $1) AS known_crc FROM head`,
      [known?.seq ?? 0],
    );
    if (!head) throw new Error('its log has lost its head');
    if (known?.epoch !== head.epoch || known.crc === head.known_crc) return head;
    await renameLog(connection, head.epoch);
    tell(`The database has lost record ${known.seq}: the log has a new epoch, and clients start again.`);
  }
}

interface PostgresStoreParts {
  readonly writer: LastingConnection;
  readonly file: KnownFile;
  readonly peers: PostgresPeers | undefined;
}

/** Joins the hubs on this database. @throws StoreError if they have other settings */
async function enter(
  connection: Connection,
  { url, settings }: PostgresOptions,
  { secret }: IdentityRow,
): Promise<PostgresPeers | undefined> {
  if (settings === undefined) return undefined;
  const hub = randomBytes(4).toString('hex');
  const hash = createHmac('sha256', secret).update(settings).digest('hex');
  await register(connection, hub, hash);
  return new PostgresPeers(clientConfig(url), hub, hash);
}

class PostgresStore implements Store {
  readonly epoch: string;
  readonly secret: Uint8Array;
  readonly keys: PostgresKeys;
  readonly profiles: PostgresProfiles;
  readonly damage = new Damages();
  readonly peers: PostgresPeers | undefined;
  readonly #growth: Growth;
  readonly #file: KnownFile;
  readonly #writer: LastingConnection;
  readonly #readers: Readers;
  readonly #log: PostgresLog;
  readonly #heavy: HeavyReads;
  /** The commit under way, and those that wait for it. */
  #turn: Promise<unknown> = Promise.resolve();
  #isClosed = false;

  constructor(
    options: PostgresOptions,
    { writer, file, peers }: PostgresStoreParts,
    { epoch, secret, seq, crc }: IdentityRow,
  ) {
    const config = clientConfig(options.url);
    this.epoch = epoch;
    this.secret = new Uint8Array(secret);
    this.#writer = writer;
    this.#readers = new Readers(config, () => {});
    this.#log = new PostgresLog(this.damage);
    this.#heavy = new HeavyReads(this.#readers);
    this.keys = new PostgresKeys(this.#readers);
    this.profiles = new PostgresProfiles(this.#readers);
    this.peers = peers;
    const bell = options.bell ?? new PostgresBell(config);
    this.#file = file;
    this.#growth = new Growth({
      ...{ config, bell, epoch, known: { seq, crc: crc ?? undefined } },
      onKnown: ({ seq: last, crc: sum }) => file.note({ epoch, seq: last, crc: sum ?? 0 }),
    });
  }

  get growth(): LogGrowth {
    return this.#growth;
  }

  async head(): Promise<Head> {
    const { seq, time } = await this.#readers.use((connection) => this.#headOn(connection));
    return { seq, time };
  }

  // ---- commit ----

  commit<T>(wanted: CommitLookup, decide: (found: LookupResult) => CommitPlan<T>): Promise<CommitResult<T>> {
    const result = this.#turn.then(() => this.#commit(wanted, decide));
    this.#turn = result.catch(() => {});
    return result;
  }

  async #commit<T>(
    wanted: CommitLookup,
    decide: (found: LookupResult) => CommitPlan<T>,
  ): Promise<CommitResult<T>> {
    if (this.#isClosed) throw new Error('the store is closed');
    const connection = await this.#writer.get();
    let isOpen = true;
    try {
      const found = await this.#find(connection, wanted);
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
      this.#growth.wrote(writes.rows, writes.log.at(-1)?.crc ?? undefined);
      return { rows: writes.rows, result };
    } catch (error) {
      if (error instanceof ConnectionError) this.#writer.drop();
      throw error;
    } finally {
      // Whatever follows on this connection comes after it.
      if (isOpen) connection.run('ROLLBACK').catch(() => this.#writer.drop());
    }
  }

  async #find(connection: Connection, { parcels, commands }: CommitLookup): Promise<CommitLookupResult> {
    const stores = [...new Set(parcels.map(({ store }) => store))];
    const { known } = this.#growth;
    const [, heads = [], found = [], repeated = [], refused = [], storeHeads = []] = await connection.all([
      { text: 'BEGIN' },
      sql.lockHead(known.seq),
      sql.findParcels(
        parcels.map(({ store }) => store),
        parcels.map(({ orderID }) => orderID),
      ),
      sql.findCommands(
        commands.map(({ id }) => id),
        commands.map(({ actor }) => actor),
      ),
      sql.findRefusals(
        commands.map(({ id }) => id),
        commands.map(({ actor }) => actor),
      ),
      sql.findStoreHeads(stores),
    ]);
    const [head] = heads as CommitHeadRow[];
    if (!head) throw new Error('the log has lost its head');
    if (!this.#growth.isOurs(head, known)) {
      // What is found out must outlive this transaction.
      await connection.run('ROLLBACK');
      await this.#growth.check(connection, head, known);
    }
    const rows = {
      parcels: found as ParcelRow[],
      commands: repeated as CommandRow[],
      refusals: refused as RefusalRow[],
      storeHeads: storeHeads as StoreHeadRow[],
    };
    return new CommitLookupResult(head, rows, this.damage);
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
      this.#writer.drop();
      if (!(await this.#hasSettled(writes, error))) throw error;
    }
  }

  /**
   * Whether a commit took effect whose answer was lost. Takes the head, so that the old transaction has ended.
   * @throws the given error if the database does not come back in time
   */
  async #hasSettled({ log, head }: CommitWrites, lost: ConnectionError): Promise<boolean> {
    const deadline = performance.now() + settleMs;
    while (performance.now() < deadline && !this.#isClosed) {
      try {
        const connection = await this.#writer.get();
        const [, heads = []] = await connection.all([{ text: 'BEGIN' }, sql.lockHead(head.seq)]);
        await connection.run('ROLLBACK');
        const [found] = heads as HeadRow[];
        return found?.epoch === this.epoch && found.known_crc === log.at(-1)?.crc;
      } catch {
        this.#writer.drop();
        await new Promise((resolve) => setTimeout(resolve, settleEveryMs));
      }
    }
    throw lost;
  }

  // ---- read ----

  async #headOn(connection: Connection): Promise<HeadRow> {
    const { known } = this.#growth;
    const [rows = []] = await connection.all([sql.readHead(known.seq)]);
    const [head] = rows as HeadRow[];
    if (!head) throw new Error('the log has lost its head');
    await this.#growth.check(connection, head, known);
    return head;
  }

  read(scope: Scope, range: Range): Promise<Page> {
    return this.#readers.use(async (connection) => {
      // First, because what is read after it contains all up to it.
      const { seq: head } = await this.#headOn(connection);
      return { ...(await this.#log.page(connection, scope, range, head)), head };
    });
  }

  sift(wanted: SiftQuery): Promise<SiftPage> {
    return this.#heavy.use(wanted.caller, (connection) => this.#log.sift(connection, wanted));
  }

  headOf(scope: Scope): Promise<number> {
    return this.#readers.use(async (connection) => {
      if (scope.kind === 'all') return (await this.#headOn(connection)).seq;
      if (scope.kind === 'store') return this.#log.storeHead(connection, scope.store);
      return (await this.#log.parcel(connection, scope.parcel))?.parcel.rev ?? 0;
    });
  }

  async setBacks(): Promise<readonly SetBack[]> {
    const [row] = await this.#readers.use((connection) =>
      connection.run<{ set_backs: string }>('SELECT set_backs FROM head'),
    );
    return JSON.parse(row?.set_backs ?? '[]') as SetBack[];
  }

  async parcel(key: ParcelId): Promise<Parcel | undefined> {
    return (await this.#readers.use((connection) => this.#log.parcel(connection, key)))?.parcel;
  }

  parcels(query: ParcelQuery): Promise<ParcelPage> {
    const read = (connection: Connection) => readParcels(connection, query, this.damage);
    return query.caller === undefined ? this.#readers.use(read) : this.#heavy.use(query.caller, read);
  }

  async readyCount(): Promise<ReadyCount> {
    // One statement sees one moment.
    const [row] = await this.#readers.use((connection) =>
      connection.run<ReadyCount>(
        `SELECT seq, time, (SELECT count(*) FROM parcels WHERE status = 'ready' AND status <> 'delivered') AS count
         FROM head`,
      ),
    );
    if (!row) throw new Error('the log has lost its head');
    return row;
  }

  async holders(after: string, limit: number): Promise<readonly string[]> {
    const rows = await this.#readers.use((connection) =>
      connection.run<{ holder: string }>(
        `SELECT DISTINCT holder FROM parcels WHERE holder > $1 AND finished = 0 ORDER BY holder LIMIT $2`,
        [after, limit],
      ),
    );
    return rows.map(({ holder }) => holder);
  }

  async acknowledge(keys: readonly ParcelId[]): Promise<void> {
    await this.#readers.use((connection) =>
      connection.run(
        `INSERT INTO acknowledged SELECT first_seq FROM parcels
           JOIN unnest($1::text[], $2::text[]) AS wanted (store, order_id) USING (store, order_id)
         ON CONFLICT DO NOTHING`,
        [keys.map(({ store }) => store), keys.map(({ orderID }) => orderID)],
      ),
    );
  }

  async probe(bytes: number): Promise<void> {
    await this.#readers.use(async (connection) => {
      for (const size of bytes > probeBytes ? [bytes, probeBytes] : [bytes]) {
        await connection.run(
          `INSERT INTO probe (value) VALUES ($1) ON CONFLICT (singleton) DO UPDATE SET value = excluded.value`,
          [randomBytes(size)],
        );
      }
    });
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    await this.#turn;
    await this.peers?.close();
    await Promise.all([this.#growth.close(), this.#writer.close(), this.#readers.close()]);
    this.#file.close();
  }
}
