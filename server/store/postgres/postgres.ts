/**
 * The log in a PostgreSQL database, which several hubs may share. A commit locks the one row of `head`: whoever holds it
 * is alone, sees what all before have left, and numbers what comes next. So parcels and commands need no locks.
 */

import { createHmac, randomBytes } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import type { ParcelId } from '../../../protocol/orders.ts';
import type { Parcel } from '../../../protocol/parcel.ts';
import { lockFolder, makeWritable } from '../files/folder-lock.ts';
import type { LogGrowth } from '../growth.ts';
import { Damages } from '../rows/damage.ts';
import type {
  CommitLookup,
  CommitPlan,
  CommitResult,
  Head,
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
import { PostgresBlobs } from './blobs.ts';
import type { HeadRow, LatestHeadRow } from './commit.ts';
import { PostgresCommits } from './commits.ts';
import { type Connection, clientConfig, LastingConnection, Readers } from './connection.ts';
import { Growth } from './growth.ts';
import { HeavyReads } from './heavy-reads.ts';
import { PostgresKeys, PostgresProfiles } from './keys.ts';
import { KnownFile, type StoredKnownRecord } from './known-file.ts';
import { PostgresLog } from './log.ts';
import { PostgresLeases, PostgresOutbound } from './outbound.ts';
import { readParcels } from './parcels.ts';
import { PostgresPeers } from './peers.ts';
import { describePlace } from './place.ts';
import { PostgresRepeats } from './repeats.ts';
import { migrate, register, renameLog } from './schema.ts';
import { checkServer, refusal } from './server-check.ts';
import * as sql from './statements.ts';

/** Bytes that stay of a probe. */
const probeBytes = 8;

export interface PostgresOptions {
  /** As in DATABASE_URL. */
  readonly url: string;
  /** Rings other hubs, and is closed with the store; PostgreSQL's own NOTIFY by default. */
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
  makeWritable(options.folder);
  const lock = lockFolder(options.folder, 'Give each hub a folder of its own: set CAPS_DATA.');
  const config = clientConfig(options.url);
  const writer = new LastingConnection(config);
  try {
    const connection = await writer.get();
    await checkServer(connection, options.tell);
    await migrate(connection);
    const file = new KnownFile(options.folder, options.tell);
    const identity = await identify(connection, file.read(), options.tell);
    const place = await describePlace(connection, options.url);
    const peers = await enter(connection, options, identity);
    return new PostgresStore(options, { writer, file, lock, peers, place }, identity);
  } catch (error) {
    await Promise.all([writer.close(), options.bell?.close()]);
    lock.close();
    throw refusal(options.url, error);
  }
}

interface IdentityRow {
  readonly epoch: string;
  readonly generation: number;
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
      `SELECT epoch, generation, secret, seq, (SELECT crc FROM log WHERE log.seq = head.seq) AS crc,
         (SELECT crc FROM log WHERE log.seq = $1) AS known_crc FROM head`,
      [known?.seq ?? 0],
    );
    if (!head) throw new Error('its log has lost its head');
    const isOlder = known !== undefined && head.generation < known.generation;
    const hasLost = known?.epoch === head.epoch && known.crc !== head.known_crc;
    if (!isOlder && !hasLost) return head;
    await renameLog(connection, head.epoch, known.generation);
    tell(`The database has lost record ${known.seq}: the log has a new epoch, and clients start again.`);
  }
}

interface PostgresStoreParts {
  readonly writer: LastingConnection;
  readonly file: KnownFile;
  /** Of the folder in which the file is. */
  readonly lock: DatabaseSync;
  readonly peers: PostgresPeers | undefined;
  readonly place: string;
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
  readonly repeats: PostgresRepeats;
  readonly outbound: PostgresOutbound;
  readonly blobs: PostgresBlobs;
  readonly damage = new Damages();
  readonly peers: PostgresPeers | undefined;
  readonly leases: PostgresLeases | undefined;
  readonly place: string;
  readonly #growth: Growth;
  readonly #file: KnownFile;
  readonly #lock: DatabaseSync;
  readonly #writer: LastingConnection;
  readonly #commits: PostgresCommits;
  readonly #readers: Readers;
  readonly #log: PostgresLog;
  readonly #heavy: HeavyReads;
  #isClosed = false;

  constructor(
    options: PostgresOptions,
    { writer, file, lock, peers, place }: PostgresStoreParts,
    { epoch, generation, secret, seq, crc }: IdentityRow,
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
    this.repeats = new PostgresRepeats(this.#readers);
    this.blobs = new PostgresBlobs({ readers: this.#readers, damage: this.damage });
    this.outbound = new PostgresOutbound(this.#readers);
    this.peers = peers;
    this.leases = peers && new PostgresLeases(this.#readers, peers.hub);
    this.place = place;
    const bell = options.bell ?? new PostgresBell(config);
    this.#file = file;
    this.#lock = lock;
    this.#growth = new Growth({
      ...{ config, bell, epoch, generation, known: { seq, crc } },
      onKnown: (known) => file.note({ epoch, generation, ...known }),
    });
    file.note({ epoch, generation, seq, crc });
    this.#commits = new PostgresCommits({ writer, growth: this.#growth, damage: this.damage, epoch });
  }

  get growth(): LogGrowth {
    return this.#growth;
  }

  async head(): Promise<Head> {
    const { seq, time } = await this.#readers.use((connection) => this.#headOn(connection));
    return { seq, time };
  }

  commit<T>(
    wanted: CommitLookup,
    decide: (found: LookupResult) => CommitPlan<T>,
    more?: () => CommitLookup,
  ): Promise<CommitResult<T>> {
    return this.#commits.commit(wanted, decide, more);
  }

  // ---- read ----

  async #headOn(connection: Connection): Promise<HeadRow> {
    const { known } = this.#growth;
    const [rows = []] = await connection.all([sql.readHead(known.seq)]);
    const [head] = rows as LatestHeadRow[];
    if (!head) throw new Error('the log has lost its head');
    await this.#growth.check(connection, head, known);
    // Whatever is read up to there may be told to clients.
    this.#growth.know({ seq: head.seq, crc: head.last_crc });
    return head;
  }

  read(scope: Scope, range: Range): Promise<Page> {
    return this.#readers.use(async (connection) => {
      // First, because what is read after it contains all up to it.
      const { seq: head } = await this.#headOn(connection);
      return { ...(await this.#log.page(connection, scope, range, head)), head };
    });
  }

  rowsAt(seqs: readonly number[]): Promise<Pick<Page, 'rows' | 'damaged'>> {
    return this.#readers.use((connection) => this.#log.rowsAt(connection, seqs));
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
    await this.#commits.close();
    await this.peers?.close();
    await Promise.all([this.#growth.close(), this.#writer.close(), this.#readers.close()]);
    this.#file.close();
    this.#lock.close();
  }
}
