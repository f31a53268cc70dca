/**
 * Has all of a SQLite log looked at after the start and then every day, in a thread: what nobody reads may be damaged,
 * too, and a list may lack a row that it cannot find.
 */

import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Patrol } from '../store.ts';
import type { FromPatrol, PatrolTask } from './patrol-worker.ts';

/** The minute after a start is for clients that come back. */
const beginMs = 60_000;
const everyMs = 24 * 3_600_000;

export interface SqlitePatrolOptions {
  /** Of the log. */
  readonly folder: string;
  /** Told of what is damaged, of the same again every time. */
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
    worker = new Worker(new URL('./patrol-worker.ts', import.meta.url), { workerData: task });
    worker.unref();
    worker.on('message', (name: FromPatrol) => onDamaged(name));
    // SQLite says so of a page that it cannot make sense of.
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
