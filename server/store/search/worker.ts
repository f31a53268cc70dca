/** The thread of the search index. An error ends it, and is reported to its owner. */

import { flushCompileCache } from 'node:module';
import { parentPort, workerData } from 'node:worker_threads';
import { assert } from '../../../protocol/errors.ts';
import type { IndexHits, IndexQuery } from '../search-index.ts';
import { SqliteRecords } from './records.ts';
import { Searcher, type SearchTask } from './searcher.ts';

/** Input of the thread. */
export interface SearchThreadTask extends Omit<SearchTask, 'log'> {
  readonly log: SearchedLog;
}
export type SearchedLog =
  | { readonly kind: 'sqlite'; readonly path: string }
  /** The last seq that the hub knows. */
  | { readonly kind: 'postgres'; readonly url: string; readonly head: number };
export type ToSearch =
  | { readonly kind: 'grew'; readonly seq: number }
  | { readonly kind: 'find'; readonly id: number; readonly asked: IndexQuery }
  | { readonly kind: 'stop' };
export type FromSearch =
  | { readonly kind: 'ready' }
  /** A record is damaged. */
  | { readonly kind: 'damaged'; readonly seq: number }
  | { readonly kind: 'found'; readonly id: number; readonly sought: IndexHits | undefined };

const port = parentPort;
assert(port, 'this runs as a thread');
const tell = (message: FromSearch) => port.postMessage(message);
const { log, ...task } = workerData as SearchThreadTask;
const { records, grew } = await open(log);
const searcher = new Searcher({ ...task, log: records }, (seq) => tell({ kind: 'damaged', seq }));
tell({ kind: 'ready' });
// A killed hub would leave none.
flushCompileCache();

port.on('message', async (message: ToSearch) => {
  if (message.kind === 'grew') {
    grew(message.seq);
    await searcher.index(message.seq);
  } else if (message.kind === 'find') {
    tell({ kind: 'found', id: message.id, sought: await searcher.find(message.asked) });
  } else {
    port.close();
    await searcher.close();
  }
});

await searcher.index(records.head);

async function open(opened: SearchedLog) {
  if (opened.kind === 'sqlite') return { records: new SqliteRecords(opened.path), grew: () => {} };
  // A hub with a SQLite log starts without the driver of another database.
  const { PostgresRecords } = await import('./postgres-records.ts');
  const records = new PostgresRecords(opened.url, opened.head);
  return { records, grew: (seq: number) => records.grew(seq) };
}
