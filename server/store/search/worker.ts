/**
 * The thread of the search index, so that the hub's own neither indexes nor searches.
 *
 * Whatever goes wrong ends the thread, and whoever started it hears why.
 */

import { parentPort, workerData } from 'node:worker_threads';
import { assert } from '../../../protocol/errors.ts';
import type { Asked, Sought } from '../store.ts';
import { Searcher, type SearchTask } from './searcher.ts';

export type ToSearch =
  | { readonly kind: 'grew' }
  | { readonly kind: 'find'; readonly id: number; readonly asked: Asked }
  | { readonly kind: 'stop' };
export type FromSearch =
  | { readonly kind: 'ready' }
  /** A record that is not as it was written. */
  | { readonly kind: 'damaged'; readonly seq: number }
  | { readonly kind: 'found'; readonly id: number; readonly sought: Sought | undefined };

const port = parentPort;
assert(port, 'this runs as a thread');
const tell = (message: FromSearch) => port.postMessage(message);
const searcher = new Searcher(workerData as SearchTask, (seq) => tell({ kind: 'damaged', seq }));
tell({ kind: 'ready' });
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
