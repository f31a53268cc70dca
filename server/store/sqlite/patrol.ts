/**
 * Checks all of a SQLite log after the start and then daily, in a thread: data that nobody reads may be damaged, and
 * an index may lack rows.
 */

import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { threadLimits } from '../memory.ts';
import type { Patrol } from '../store.ts';
import type { FromPatrol, PatrolTask } from './patrol-worker.ts';

/** The first minute belongs to returning clients. */
const beginMs = 60_000;
const everyMs = 24 * 3_600_000;

export interface SqlitePatrolOptions {
  /** Folder of the log. */
  readonly folder: string;
  /** Called for each damage, again in every round. */
  readonly onDamaged: (name: string) => void;
  readonly beginMs?: number;
}

export function startSqlitePatrol({ folder, onDamaged, ...options }: SqlitePatrolOptions): Patrol {
  const task: PatrolTask = { log: join(folder, 'caps.sqlite') };
  let worker: Worker | undefined;
  let timer: NodeJS.Timeout;
  const wait = (ms: number) => {
    timer = setTimeout(look, ms);
    timer.unref();
  };
  const look = () => {
    worker = new Worker(new URL('./patrol-worker.ts', import.meta.url), {
      name: 'patrol',
      workerData: task,
      resourceLimits: threadLimits,
    });
    worker.unref();
    worker.on('message', (name: FromPatrol) => onDamaged(name));
    // SQLite throws for a page that it cannot parse.
    worker.on('error', (error) => onDamaged(`its own order (${error.message})`));
    worker.on('exit', () => {
      worker = undefined;
    });
    wait(everyMs);
  };
  wait(options.beginMs ?? beginMs);
  return {
    async close() {
      clearTimeout(timer);
      await worker?.terminate();
    },
  };
}
