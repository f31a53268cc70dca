/**
 * The thread that checks every row of the log and its indexes once. It has its own connection and rests as long as it
 * works, so that it takes at most half a core.
 */

import { DatabaseSync } from 'node:sqlite';
import { setTimeout as pause } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';
import { assert } from '../../../protocol/errors.ts';
import { patrolCacheKib } from '../memory.ts';
import { damagedIn, faultsOfFile } from './check.ts';

/** Input of the thread. */
export interface PatrolTask {
  readonly log: string;
}
/** A name of something damaged. The thread ends when all is checked. */
export type FromPatrol = string;

const turnMs = 8;

const port = parentPort;
assert(port, 'this runs as a thread');
const db = new DatabaseSync((workerData as PatrolTask).log, { readOnly: true });
db.exec(`PRAGMA cache_size = -${patrolCacheKib}`);
try {
  const work = damagedIn(db);
  for (let begin = performance.now(), isOver = false; !isOver; begin = performance.now()) {
    while (!isOver && performance.now() < begin + turnMs) {
      const { done, value } = work.next();
      if (typeof value === 'string') port.postMessage(value satisfies FromPatrol);
      isOver = done === true;
    }
    await pause(turnMs);
  }
  for (const fault of faultsOfFile(db)) port.postMessage(fault satisfies FromPatrol);
} finally {
  db.close();
}
