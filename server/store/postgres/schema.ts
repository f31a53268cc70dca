/** The tables of the PostgreSQL store, in a schema of their own, and how they come to be. */

import { randomBytes } from 'node:crypto';
import { newEpoch } from '../rows/epoch.ts';
import { StoreError } from '../store.ts';
import type { Connection } from './connection.ts';

/** One step per schema version; a step is never edited once a release has run it. */
const migrations: readonly string[] = [
  `
  -- One row, which every commit locks: who holds it numbers the next records.
  CREATE TABLE head (
    singleton boolean PRIMARY KEY DEFAULT true CHECK (singleton),
    epoch text NOT NULL,
    generation integer NOT NULL DEFAULT 1,  -- counts the epochs: an older copy of the log has a lower one
    secret bytea NOT NULL,
    seq bigint NOT NULL,
    time text NOT NULL,
    set_backs text NOT NULL,  -- JSON, see rows/set-backs.ts
    own_ms bigint NOT NULL
  );
  CREATE TABLE log (
    seq bigint PRIMARY KEY,
    store text COLLATE "C" NOT NULL,
    store_seq bigint NOT NULL,
    order_id text COLLATE "C" NOT NULL,
    rev integer NOT NULL,
    previous bigint NOT NULL,  -- seq of the parcel's record before this one, 0 if none: its life without an index
    board text COLLATE "C" NOT NULL,
    drivers text COLLATE "C" NOT NULL,
    text text COLLATE "C" NOT NULL,  -- not jsonb: what is served is what was recorded, letter by letter
    crc bigint NOT NULL
  );
  CREATE UNIQUE INDEX log_by_store ON log (store, store_seq);
  CREATE TABLE parcels (
    first_seq bigint PRIMARY KEY,
    first_store_seq bigint NOT NULL,
    last_seq bigint NOT NULL,
    last_store_seq bigint NOT NULL,
    store text COLLATE "C" NOT NULL,
    order_id text COLLATE "C" NOT NULL,
    status text COLLATE "C" NOT NULL,
    holder text COLLATE "C",
    finished integer NOT NULL,
    state text COLLATE "C" NOT NULL,
    crc bigint NOT NULL
  ) WITH (fillfactor = 80);
  CREATE UNIQUE INDEX parcels_by_key ON parcels (store, order_id);
  CREATE INDEX parcels_unfinished ON parcels (store, first_seq) WHERE finished = 0;
  CREATE INDEX parcels_by_status ON parcels (status, first_seq) WHERE status <> 'delivered';
  CREATE INDEX parcels_by_holder ON parcels (holder, first_seq) WHERE holder IS NOT NULL;
  CREATE INDEX parcels_in_hand ON parcels (holder, status, first_seq) WHERE holder IS NOT NULL AND finished = 0;
  CREATE TABLE commands (
    id text COLLATE "C" NOT NULL,
    actor text COLLATE "C" NOT NULL,
    seq bigint NOT NULL,
    PRIMARY KEY (id, actor)
  );
  CREATE TABLE acknowledged (first_seq bigint PRIMARY KEY);
  CREATE TABLE keys (
    place bigserial PRIMARY KEY,
    id text COLLATE "C" NOT NULL UNIQUE,
    hash bytea NOT NULL UNIQUE,
    role text NOT NULL,
    owner text NOT NULL,
    name text NOT NULL,
    hint text NOT NULL,
    created_at text NOT NULL,
    revoked_at text
  );
  CREATE TABLE profiles (store text COLLATE "C" PRIMARY KEY, profile text NOT NULL);
  -- Live state of the hubs, see peers.ts: rebuilt after a crash, so it needs no log of the database.
  CREATE UNLOGGED TABLE hubs (
    id text COLLATE "C" PRIMARY KEY,
    seen_at timestamptz NOT NULL,
    generation bigint NOT NULL,
    version bigint NOT NULL,
    settings text NOT NULL
  );
  CREATE UNLOGGED TABLE entries (
    hub text COLLATE "C" NOT NULL,
    topic text COLLATE "C" NOT NULL,
    id text COLLATE "C" NOT NULL,
    text text,  -- null once it was removed
    version bigint NOT NULL,
    PRIMARY KEY (hub, topic, id)
  );
  CREATE INDEX entries_by_version ON entries (hub, version);
  -- Final refusals of the last minute.
  CREATE UNLOGGED TABLE refusals (
    id text COLLATE "C" NOT NULL,
    actor text COLLATE "C" NOT NULL,
    content text NOT NULL,
    error text NOT NULL,
    at timestamptz NOT NULL,
    PRIMARY KEY (id, actor)
  );
  CREATE INDEX refusals_by_age ON refusals (at);
  CREATE TABLE probe (singleton boolean PRIMARY KEY DEFAULT true CHECK (singleton), value bytea NOT NULL);
  `,
  `
  -- Images of proofs, of each parcel its own: they are as compressed as they get.
  CREATE TABLE blobs (
    store text COLLATE "C" NOT NULL,
    order_id text COLLATE "C" NOT NULL,
    hash text COLLATE "C" NOT NULL,
    size integer NOT NULL,
    bytes bytea NOT NULL,
    PRIMARY KEY (store, order_id, hash)
  );
  ALTER TABLE blobs ALTER COLUMN bytes SET STORAGE EXTERNAL;
  `,
  `
  -- Orders that repeat, as JSON.
  CREATE TABLE repeats (
    store text COLLATE "C" NOT NULL,
    id text COLLATE "C" NOT NULL,
    text text NOT NULL,
    PRIMARY KEY (store, id)
  );
  `,
  `
  -- What is sent to others: to whom, how far, what came of it.
  CREATE TABLE outbound (
    topic text COLLATE "C" NOT NULL,
    id text COLLATE "C" NOT NULL,
    text text NOT NULL,
    PRIMARY KEY (topic, id)
  );
  -- Which hub does what only one may do.
  CREATE UNLOGGED TABLE leases (name text PRIMARY KEY, hub text NOT NULL, until timestamptz NOT NULL);
  `,
];

/** "CAPS": hubs that start at once take turns at the tables. */
const lockNumber = 0x43415053;
/** An import holds it until its log is there; whoever else comes meanwhile is told. */
const importLockNumber = lockNumber + 1;
/** Who adds a blob holds it, and nobody else adds one. */
export const blobLockNumber = lockNumber + 2;
/** Hubs that add repeating orders take turns. */
export const repeatLockNumber = lockNumber + 3;

/**
 * Creates or migrates the tables, and the log with them.
 * @throws StoreError for tables of a newer version, or while an import is under way
 */
export async function migrate(connection: Connection): Promise<void> {
  await connection.run('BEGIN');
  try {
    const [lock] = await connection.run<{ free: boolean }>(
      'SELECT pg_try_advisory_xact_lock_shared($1) AS free',
      [importLockNumber],
    );
    if (lock?.free !== true) {
      throw new StoreError('A log is being imported into the database: start the hub when that has ended.');
    }
    await makeTables(connection);
    await connection.run('COMMIT');
  } catch (error) {
    await connection.run('ROLLBACK').catch(() => {});
    throw error;
  }
}

/**
 * Within a transaction, to whose end no hub starts on this database.
 * @throws StoreError if one starts now, or another import is under way
 */
export async function lockForImport(connection: Connection): Promise<void> {
  const [lock] = await connection.run<{ free: boolean }>('SELECT pg_try_advisory_xact_lock($1) AS free', [
    importLockNumber,
  ]);
  if (lock?.free === true) return;
  throw new StoreError('A hub is starting on the database, or another log is being imported into it.');
}

/** Within a transaction. @throws StoreError for tables of a newer version */
export async function makeTables(connection: Connection): Promise<void> {
  await connection.run('SELECT pg_advisory_xact_lock($1)', [lockNumber]);
  const version = await versionOf(connection);
  if (version === 0) {
    await connection.script(
      'CREATE SCHEMA IF NOT EXISTS caps; CREATE TABLE version (version integer NOT NULL); INSERT INTO version VALUES (0)',
    );
  }
  for (const [index, step] of migrations.entries()) if (index >= version) await connection.script(step);
  await connection.run('UPDATE version SET version = $1', [migrations.length]);
  await connection.run(
    `INSERT INTO head (epoch, secret, seq, time, set_backs, own_ms)
     SELECT $1, $2, 0, '', '[]', 0 WHERE NOT EXISTS (SELECT 1 FROM head) AND NOT EXISTS (SELECT 1 FROM log)`,
    [newEpoch(), randomBytes(32)],
  );
}

/** @returns 0 without tables @throws StoreError for tables of a newer version */
async function versionOf(connection: Connection): Promise<number> {
  const [found] = await connection.run(
    `SELECT 1 FROM pg_tables WHERE schemaname = 'caps' AND tablename = 'version'`,
  );
  if (!found) return 0;
  const [row] = await connection.run<{ version: number }>('SELECT version FROM caps.version');
  const version = row?.version ?? 0;
  if (version <= migrations.length) return version;
  throw new StoreError(
    `The database was written by a newer CAPS (its format is ${version}, this one knows ${migrations.length}).`,
  );
}

/** Whether it has a log that no hub has to change first. @throws StoreError for one of a newer version */
export async function isOfThisVersion(connection: Connection): Promise<boolean> {
  return (await versionOf(connection)) === migrations.length;
}

/** A hub unseen for longer has ended, by the database's clock. */
export const leaseMs = 10_000;

/**
 * Enters a hub into the list, unless another one runs with other settings.
 * @param settings a text that all hubs must have in common
 * @throws StoreError
 */
export async function register(connection: Connection, hub: string, settings: string): Promise<void> {
  await connection.run('BEGIN');
  try {
    await connection.run('SELECT pg_advisory_xact_lock($1)', [lockNumber]);
    const [other] = await connection.run(
      `SELECT 1 FROM hubs WHERE settings <> $1 AND seen_at > clock_timestamp() - $2 * interval '1 millisecond'`,
      [settings, leaseMs],
    );
    if (other) {
      throw new StoreError(
        'Another hub on this database has other settings: all of them need the same CAPS_ADMIN_KEY and CAPS_CLAIM_TIMEOUT. One that has just ended counts for ten seconds.',
      );
    }
    await connection.run('INSERT INTO hubs VALUES ($1, clock_timestamp(), 0, 0, $2)', [hub, settings]);
    await connection.run('COMMIT');
  } catch (error) {
    await connection.run('ROLLBACK').catch(() => {});
    throw error;
  }
}

/**
 * Gives the log a new epoch, unless somebody else has.
 * @param epoch the one that it has
 * @param generation the highest that is known
 */
export async function renameLog(connection: Connection, epoch: string, generation: number): Promise<void> {
  await connection.run(
    'UPDATE head SET epoch = $1, generation = greatest(generation, $2) + 1 WHERE epoch = $3',
    [newEpoch(), generation, epoch],
  );
}
