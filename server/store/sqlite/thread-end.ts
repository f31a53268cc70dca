/** How a thread of the store is stopped. */

import type { Worker } from 'node:worker_threads';

/** One that has not stopped by then is ended. */
const stopMaxMs = 1_000;

/** Asks a thread to stop, with a message of its own. Resolves when it has ended. */
export async function stopThread(worker: Worker, ask: () => void): Promise<void> {
  const gone = new Promise((resolve) => worker.once('exit', resolve));
  const kill = setTimeout(() => void worker.terminate(), stopMaxMs);
  ask();
  // A thread that nothing waits for would not keep the process until it has closed its file.
  worker.ref();
  await gone;
  clearTimeout(kill);
}
