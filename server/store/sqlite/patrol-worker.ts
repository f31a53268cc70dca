/**
 * The thread that looks at every row of the log once, and at its indexes. It reads through a connection of its own, works
 * for a few milliseconds and rests as long, so that it takes no more than half a core.
 */

import { DatabaseSync } from 'node:sqlite';
import { setTimeout as pause } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';
import { assert } from '../../../protocol/errors.ts';
import { damagedIn, faultsOfFile } from './check.ts';

/** What the thread is given. */
export interface PatrolTask {
  readonly log: string;
}
/** Names of what is damaged. It ends when all has been looked at. */
export type FromPatrol = string;

const turnMs = 8;

const port = parentPort;
assert(port, 'this runs as a thread');
const db = new DatabaseSync((workerData as PatrolTask).log, { readOnly: true });
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
