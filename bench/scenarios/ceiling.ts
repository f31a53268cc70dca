/** How much of what SQLite alone can do the hub does: a bare loop writes the rows that the hub wrote. */

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { startHub } from '../../testkit/hub-process.ts';
import { median } from '../load-process.ts';
import { liveFor, logs, openPerPair, type Pace, pairs } from './lives.ts';
import { atLeast, grouped, type Outcome, type Scenario } from './scenario.ts';

const rounds = 2;
const usualForMs = 5_000;
const shareMin = 60;
/** As the hub sets them (server/store/sqlite/file.ts). */
const pragmas = 'PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 4096';

export const ceiling: Scenario = {
  name: 'ceiling',
  async run(share) {
    const paces: Pace[] = [];
    const bare: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      const data = await mkdtemp(join(tmpdir(), 'caps-bench-'));
      try {
        const pace = await paceOn(data, usualForMs * share);
        paces.push(pace);
        bare.push(writeAgain(data, Math.round(pace.batch)));
      } finally {
        await rm(data, { recursive: true, force: true });
      }
    }
    return [outcomeOf(paces, median(bare))];
  },
};

async function paceOn(data: string, forMs: number): Promise<Pace> {
  const hub = await startHub({ data });
  try {
    return await liveFor(hub, forMs);
  } finally {
    // Brings the WAL into the file.
    await hub.stop();
    await hub.dispose();
  }
}

function outcomeOf(paces: readonly Pace[], bare: number): Outcome {
  const rate = median(paces.map(({ eventsPerSecond }) => eventsPerSecond));
  const micros = median(paces.map(({ microsPerEvent }) => microsPerEvent));
  const batch = Math.round(median(paces.map((pace) => pace.batch)));
  const share = (100 * rate) / bare;
  return {
    what: `whole lives beside SQLite alone: ${pairs} shops, ${pairs} drivers, ${logs} logs, ${openPerPair} at a time; ${rounds} rounds`,
    measured: `${grouped(rate)} events/s, ${share.toFixed(0)} % of SQLite’s; ${micros.toFixed(0)} µs of CPU each`,
    beside: `a loop of \`node:sqlite\` that writes the same rows, ${batch} records a commit: ${grouped(bare)} events/s`,
    goals: [atLeast('share of SQLite', share, shareMin, '%')],
  };
}

interface Table {
  readonly insert: string;
  /** The seq of the record with which a row is written. */
  readonly seqs: readonly number[];
  readonly rows: readonly (readonly (string | number | Uint8Array | null)[])[];
}

/** Writes each row of a log once into a new file with the same tables and indexes. @returns records per second */
function writeAgain(data: string, batch: number): number {
  const from = new DatabaseSync(join(data, 'caps.sqlite'), { readOnly: true });
  const schema = from.prepare('SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL').all();
  const tables = tablesOf(from);
  const head = Number(from.prepare('SELECT max(seq) AS head FROM log').get()?.['head']);
  from.close();
  const db = new DatabaseSync(join(data, 'again.sqlite'));
  try {
    for (const { sql } of schema) db.exec(String(sql));
    db.exec(pragmas);
    const writers = tables.map((table) => ({ ...table, statement: db.prepare(table.insert), next: 0 }));
    const begin = performance.now();
    for (let upTo = batch; upTo - batch < head; upTo += batch) {
      db.exec('BEGIN IMMEDIATE');
      for (const writer of writers) writer.next = writeUpTo(writer, upTo);
      db.exec('COMMIT');
    }
    return (head * 1_000) / (performance.now() - begin);
  } finally {
    db.close();
  }
}

function writeUpTo(
  { rows, seqs, next, statement }: Table & { readonly statement: StatementSync; readonly next: number },
  upTo: number,
): number {
  let at = next;
  for (; at < rows.length && (seqs[at] ?? 0) <= upTo; at += 1) statement.run(...(rows[at] ?? []));
  return at;
}

/** All tables whose rows belong to records. */
function tablesOf(db: DatabaseSync): Table[] {
  const names = db.prepare(`SELECT name FROM sqlite_schema WHERE type = 'table'`).all();
  return names.flatMap((row) => {
    const name = String(row['name']);
    const columns = db.prepare('SELECT name FROM pragma_table_info(?)').all(name);
    const key = columns
      .map((column) => String(column['name']))
      .find((one) => one === 'seq' || one === 'first_seq');
    if (key === undefined || name === 'acknowledged') return [];
    const found = db.prepare(`SELECT * FROM "${name}" ORDER BY ${key}`).all();
    return [
      {
        insert: `INSERT INTO "${name}" VALUES (${columns.map(() => '?').join(', ')})`,
        seqs: found.map((one) => Number(one[key])),
        rows: found.map((one) => Object.values(one) as (string | number | null)[]),
      },
    ];
  });
}
