/**
 * The thread that scans the log, so that the hub's own thread does not. Its read-only connection sees every answered
 * commit. It keeps no state between requests and works on each for a moment; the client decides whether to continue.
 * An error ends the thread, and is reported to its owner.
 */

import { flushCompileCache } from 'node:module';
import { DatabaseSync } from 'node:sqlite';
import { parentPort, workerData } from 'node:worker_threads';
import { assert } from '../../../protocol/errors.ts';
import { readerCacheKib } from '../memory.ts';
import type { RowFields } from '../row.ts';
import { sliceBudget } from '../rows/budget.ts';
import { Damages } from '../rows/damage.ts';
import { sift } from '../rows/sifting.ts';
import type { ParcelPage, ParcelQuery, SiftPage, SiftQuery } from '../store.ts';
import { SqliteLog } from './log.ts';
import { SqliteParcels } from './parcels.ts';
import { logStatements } from './statements.ts';

/** Input of the thread. */
export interface ReaderTask {
  readonly log: string;
}
export type Question =
  | { readonly kind: 'sift'; readonly wanted: SiftQuery }
  | { readonly kind: 'parcels'; readonly query: ParcelQuery };
/** Rows cross threads as their fields. */
export type SentSiftPage = Omit<SiftPage, 'rows'> & { readonly rows: readonly RowFields[] };
export type ToReader =
  | { readonly kind: 'ask'; readonly id: number; readonly question: Question }
  | { readonly kind: 'stop' };
export type Answer =
  | { readonly kind: 'sifted'; readonly sifted: SentSiftPage }
  | { readonly kind: 'listed'; readonly page: ParcelPage };
export type FromReader =
  | { readonly kind: 'ready' }
  /** Name of something damaged. */
  | { readonly kind: 'damaged'; readonly name: string }
  | { readonly kind: 'answer'; readonly id: number; readonly answer: Answer };

const port = parentPort;
assert(port, 'this runs as a thread');
const { log } = workerData as ReaderTask;
const db = new DatabaseSync(log, { readOnly: true });
db.exec(`PRAGMA cache_size = -${readerCacheKib}`);
const tell = (message: FromReader) => port.postMessage(message);
const damage = new Damages();
damage.onFound((name) => tell({ kind: 'damaged', name }));
const records = new SqliteLog(logStatements(db), damage);
const parcels = new SqliteParcels(db, damage);

function answerTo(question: Question): Answer {
  const budget = sliceBudget();
  if (question.kind === 'parcels') return { kind: 'listed', page: parcels.page(question.query, budget) };
  const { wanted } = question;
  const { scope, high } = wanted;
  assert(scope.kind !== 'parcel', 'a life is short enough for the hub');
  return { kind: 'sifted', sifted: sift(wanted, (range) => records.page(scope, range, high), budget) };
}

port.on('message', (message: ToReader) => {
  if (message.kind === 'ask') {
    tell({ kind: 'answer', id: message.id, answer: answerTo(message.question) });
    return;
  }
  port.close();
  db.close();
});
tell({ kind: 'ready' });
// A killed hub would leave none.
flushCompileCache();
