import type { RobotTimers } from '../../client/driver-robot.ts';

/** Timers in a worker. Browsers throttle those of a hidden page to one a minute. */
export interface Timers extends RobotTimers {
  /** Safe to call twice. */
  close(): void;
}

/** A message to the worker. */
export type TimerOrder =
  | { readonly kind: 'after' | 'every'; readonly id: number; readonly ms: number }
  | { readonly kind: 'stop'; readonly id: number };

export function workerTimers(): Timers {
  const worker = new Worker(new URL('./ticker.ts', import.meta.url), { type: 'module' });
  const runs = new Map<number, () => void>();
  let lastId = 0;

  worker.addEventListener('message', ({ data }: MessageEvent<number>) => runs.get(data)?.());

  function tell(order: TimerOrder): void {
    worker.postMessage(order);
  }

  function start(kind: 'after' | 'every', ms: number, run: () => void): () => void {
    lastId += 1;
    const id = lastId;
    const stop = () => {
      if (runs.delete(id)) tell({ kind: 'stop', id });
    };
    runs.set(id, () => {
      if (kind === 'after') runs.delete(id);
      run();
    });
    tell({ kind, id, ms });
    return stop;
  }

  return {
    after: (ms, run) => start('after', ms, run),
    every: (ms, run) => start('every', ms, run),
    close() {
      runs.clear();
      worker.terminate();
    },
  };
}
