/** Stops a thread of the store. */

import type { Worker } from 'node:worker_threads';

/** A thread that has not stopped by then is terminated. */
const stopMaxMs = 1_000;

/** Sends a thread its stop message. Resolves when it has ended. */
export async function stopThread(worker: Worker, ask: () => void): Promise<void> {
  const gone = new Promise((resolve) => worker.once('exit', resolve));
  const kill = setTimeout(() => void worker.terminate(), stopMaxMs);
  ask();
  // Keeps the process alive until the thread has closed its file.
  worker.ref();
  await gone;
  clearTimeout(kill);
}
