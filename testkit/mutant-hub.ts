/** A hub with something wrong in it, in a process of its own: what proofs must find out about. */

import type { Clock } from '../server/clock.ts';
import { type Replaced, startApp } from './real-hub.ts';

/**
 * Runs it until it is stopped.
 * @param what is wrong with it, as the end of a sentence
 * @param breaking what is done to its store
 * @param clock in place of the machine's
 */
export async function runMutant(what: string, breaking?: Replaced['breaking'], clock?: Clock): Promise<void> {
  const app = await startApp(process.env, { breaking, ...(clock ? { clock } : {}) });
  process.once('SIGTERM', () => void app.close().then(() => process.exit(0)));
  console.log(`A hub that ${what} runs on ${app.url}`);
}
