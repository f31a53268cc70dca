/** A faulty hub in its own process, which proofs must expose. */

import { flushCompileCache } from 'node:module';
import type { Clock } from '../server/clock.ts';
import { startApp, type TestParts } from './real-hub.ts';

/**
 * Runs until it is stopped.
 * @param what the fault, as the end of a sentence
 * @param breaking breaks its store
 * @param clock replaces the machine's
 */
export async function runMutant(
  what: string,
  breaking?: TestParts['breaking'],
  clock?: Clock,
): Promise<void> {
  const app = await startApp(process.env, { breaking, ...(clock ? { clock } : {}) });
  process.once('SIGTERM', () => void app.close().then(() => process.exit(0)));
  // Most are killed, and would leave the next one nothing that is compiled.
  setImmediate(flushCompileCache);
  console.log(`A hub that ${what} runs on ${app.url}`);
}
