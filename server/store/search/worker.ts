/** The thread of the search index. An error ends it, and is reported to its owner. */

import { flushCompileCache } from 'node:module';
import { parentPort, workerData } from 'node:worker_threads';
import { assert } from '../../../protocol/errors.ts';
import type { IndexHits, IndexQuery } from '../store.ts';
import { Searcher, type SearchTask } from './searcher.ts';

export type ToSearch =
  | { readonly kind: 'grew' }
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
const searcher = new Searcher(workerData as SearchTask, (seq) => tell({ kind: 'damaged', seq }));
tell({ kind: 'ready' });
// A killed hub would leave none.
flushCompileCache();
port.on('message', async (message: ToSearch) => {
  if (message.kind === 'grew') await searcher.index();
  else if (message.kind === 'find')
    tell({ kind: 'found', id: message.id, sought: await searcher.find(message.asked) });
  else {
    port.close();
    searcher.close();
  }
});
await searcher.index();
