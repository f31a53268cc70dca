/** The SQL of the PostgreSQL store. */

import type { Term } from '../../../protocol/search.ts';
import type { BlobRow } from '../blobs.ts';
import type { KeyRow } from '../rows/rows.ts';
import type { StoredRefusal, StoredRepeat } from '../store.ts';
import type { Statement, Value } from './connection.ts';

/** A parcel, with the columns of its pickup's log row that its own row lacks. */
export const parcelColumns = `SELECT parcels.*, pickup.board AS p_board, pickup.drivers AS p_drivers,
  pickup.text AS p_text, pickup.crc AS p_crc`;
/**
 * Looks a parcel's pickup up by its seq. The offset keeps the planner from anything else: it would merge the parcels with
 * the log from its beginning.
 */
export const pickupOfEach = `LEFT JOIN LATERAL (
  SELECT board, drivers, text, crc FROM log WHERE log.seq = parcels.first_seq OFFSET 0) AS pickup ON true`;
export const withPickup = `parcels ${pickupOfEach}`;

/**
 * Takes the head, which makes this commit the only one. Comes with the checksum of the last record that this hub knows:
 * another one, or none, means that the database has lost the end of the log.
 */
export function lockHead(knownSeq: number): Statement {
  return { name: 'lock-head', text: headForUpdate, values: [knownSeq] };
}

/** The same without waiting: no row while another commit has the head. */
export function tryHead(knownSeq: number): Statement {
  return { name: 'try-head', text: `${headForUpdate} SKIP LOCKED`, values: [knownSeq] };
}

const headForUpdate = `SELECT epoch, generation, seq, time, set_backs, own_ms,
    (SELECT crc FROM log WHERE log.seq = $1) AS known_crc
  FROM head FOR UPDATE OF head`;

/** The head as of now, without a lock, with the checksum of the last record too; see `lockHead`. */
export function readHead(knownSeq: number): Statement {
  return {
    name: 'read-head',
    text: `SELECT epoch, generation, seq, time, pg_is_in_recovery() AS standby,
             (SELECT crc FROM log WHERE log.seq = $1) AS known_crc,
             (SELECT crc FROM log WHERE log.seq = head.seq) AS last_crc FROM head`,
    values: [knownSeq],
  };
}

export function findParcels(stores: readonly string[], ids: readonly string[]): Statement {
  return {
    name: 'find-parcels',
    text: `${parcelColumns} FROM unnest($1::text[], $2::text[]) AS wanted (store, order_id)
           JOIN parcels USING (store, order_id) ${pickupOfEach}`,
    values: [stores, ids],
  };
}

export function findCommands(ids: readonly string[], actors: readonly string[]): Statement {
  return {
    name: 'find-commands',
    text: `SELECT commands.id AS command_id, commands.actor, log.*
           FROM unnest($1::text[], $2::text[]) AS wanted (id, actor)
           JOIN commands USING (id, actor) LEFT JOIN log ON log.seq = commands.seq`,
    values: [ids, actors],
  };
}

/** Refusals are final for a minute. */
export function findRefusals(ids: readonly string[], actors: readonly string[]): Statement {
  return {
    name: 'find-refusals',
    text: `SELECT refusals.* FROM unnest($1::text[], $2::text[]) AS wanted (id, actor)
           JOIN refusals USING (id, actor) WHERE at > clock_timestamp() - interval '1 minute'`,
    values: [ids, actors],
  };
}

/** The first refusal of a command counts, until its minute is over. */
export function rememberRefusals(refusals: readonly StoredRefusal[]): Statement {
  return {
    name: 'remember-refusals',
    text: `INSERT INTO refusals
           SELECT DISTINCT ON (id, actor) id, actor, content, error, clock_timestamp()
           FROM unnest($1::text[], $2::text[], $3::text[], $4::text[]) AS new (id, actor, content, error)
           ON CONFLICT (id, actor) DO UPDATE SET content = excluded.content, error = excluded.error, at = excluded.at
           WHERE refusals.content <> excluded.content OR refusals.at <= clock_timestamp() - interval '1 minute'`,
    values: [
      refusals.map(({ command }) => command.id),
      refusals.map(({ command }) => command.actor),
      refusals.map(({ content }) => content),
      refusals.map(({ error }) => JSON.stringify(error)),
    ],
  };
}

/** The last seq of each store; none for a new one. */
export function findStoreHeads(stores: readonly string[]): Statement {
  return {
    name: 'find-store-heads',
    text: `SELECT wanted.store, (SELECT store_seq FROM log WHERE log.store = wanted.store
             ORDER BY store_seq DESC LIMIT 1) AS store_seq
           FROM unnest($1::text[]) AS wanted (store)`,
    values: [stores],
  };
}

const logTypes = {
  seq: 'bigint',
  store: 'text',
  store_seq: 'bigint',
  order_id: 'text',
  rev: 'int',
  previous: 'bigint',
  board: 'text',
  drivers: 'text',
  text: 'text',
  crc: 'bigint',
} as const;
const parcelTypes = {
  first_seq: 'bigint',
  first_store_seq: 'bigint',
  last_seq: 'bigint',
  last_store_seq: 'bigint',
  store: 'text',
  order_id: 'text',
  status: 'text',
  holder: 'text',
  finished: 'int',
  state: 'text',
  crc: 'bigint',
} as const;

/** Words of a search that stand in a stored text as they are looked for, but for capitals. */
export function plainWords(terms: readonly Term[]): string[] {
  const words = terms
    .filter(({ field, exclude }) => field === undefined && !exclude)
    .map(({ value }) => value);
  return words.filter((word) => /^[ -~]+$/.test(word) && !/^\+?\d+$|["\\]| {2}/.test(word));
}

/**
 * A condition that leaves out nothing that matches a word: a text with characters that JSON escapes, or that a search
 * folds, is compared elsewhere.
 */
export function mayContain(text: string, word: string): string {
  return `(strpos(lower(${text}), ${word}) > 0 OR ${text} ~ '[^ -~]|\\\\| {2}')`;
}

type Cell = string | number | null;
type Cells<T> = { readonly [K in keyof T]: Cell };

export function appendRows(rows: readonly Cells<typeof logTypes>[]): Statement {
  return { name: 'append', ...insertion('log', logTypes, rows) };
}

export function rememberCommands(
  rows: readonly { readonly id: string; readonly actor: string; readonly seq: number }[],
): Statement {
  return { name: 'remember', ...insertion('commands', { id: 'text', actor: 'text', seq: 'bigint' }, rows) };
}

export function addAcknowledged(rows: readonly { readonly first_seq: number }[]): Statement {
  return { name: 'add-acknowledged', ...insertion('acknowledged', { first_seq: 'bigint' }, rows) };
}

export function addProfiles(
  rows: readonly { readonly store: string; readonly profile: string }[],
): Statement {
  return { name: 'add-profiles', ...insertion('profiles', { store: 'text', profile: 'text' }, rows) };
}

export function addRepeats(rows: readonly StoredRepeat[]): Statement {
  const types = { store: 'text', id: 'text', text: 'text' } as const;
  return {
    name: 'add-repeats',
    ...insertion(
      'repeats',
      types,
      rows.map(({ store, id, text }) => ({ store, id, text })),
    ),
  };
}

export function addOutbound(
  rows: readonly { readonly topic: string; readonly id: string; readonly text: string }[],
): Statement {
  const types = { topic: 'text', id: 'text', text: 'text' } as const;
  return { name: 'add-outbound', ...insertion('outbound', types, rows) };
}

export function addBlobs(rows: readonly BlobRow[]): Statement {
  return {
    text: `INSERT INTO blobs (store, order_id, hash, size, bytes)
      SELECT store, order_id, hash, octet_length(bytes), bytes
      FROM (SELECT store, order_id, hash, decode(text, 'base64') AS bytes
        FROM unnest($1::text[], $2::text[], $3::text[], $4::text[]) AS new (store, order_id, hash, text)) AS added`,
    values: [
      ...[rows.map(({ store }) => store), rows.map((row) => row.order_id), rows.map(({ hash }) => hash)],
      rows.map(({ bytes }) => Buffer.from(bytes).toString('base64')),
    ],
  };
}

/** In this order, which is that of their list. */
export function addKeys(rows: readonly KeyRow[]): Statement {
  const names = ['id', 'hash', 'role', 'owner', 'name', 'hint', 'created_at', 'revoked_at'] as const;
  const cells = rows.map((row) => ({ ...row, hash: Buffer.from(row.hash).toString('hex') }));
  const columns = names.join(', ');
  return {
    name: 'add-keys',
    text: `INSERT INTO keys (${columns}) SELECT ${columns.replace('hash', "decode(hash, 'hex')")}
           FROM unnest(${names.map((_, i) => `$${i + 1}::text[]`).join(', ')})
             WITH ORDINALITY AS added (${columns}, place) ORDER BY place`,
    values: names.map((name) => cells.map((row) => row[name])),
  };
}

/** New parcels and changed ones. A second parcel with the same name is refused. */
export function writeParcels(rows: readonly Cells<typeof parcelTypes>[]): Statement {
  const { text, values } = insertion('parcels', parcelTypes, rows);
  const changing = ['last_seq', 'last_store_seq', 'status', 'holder', 'finished', 'state', 'crc'];
  const updates = changing.map((column) => `${column} = excluded.${column}`).join(', ');
  return {
    name: 'write-parcels',
    text: `${text} ON CONFLICT (first_seq) DO UPDATE SET ${updates}`,
    values,
  };
}

/** One array for each column. */
function insertion<C extends Readonly<Record<string, string>>>(
  table: string,
  types: C,
  rows: readonly Cells<C>[],
): { text: string; values: readonly Value[] } {
  const columns = Object.keys(types);
  const arrays = columns.map((column, i) => `$${i + 1}::${types[column]}[]`);
  return {
    text: `INSERT INTO ${table} (${columns.join(', ')}) SELECT * FROM unnest(${arrays.join(', ')})`,
    values: columns.map((column) => rows.map((row) => row[column] ?? null)),
  };
}

export function moveHead(seq: number, time: string, setBacks: string, ownMs: number): Statement {
  return {
    name: 'move-head',
    text: 'UPDATE head SET seq = $1, time = $2, set_backs = $3, own_ms = $4',
    values: [seq, time, setBacks, ownMs],
  };
}
