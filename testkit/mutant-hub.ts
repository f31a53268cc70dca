/** A hub with something wrong in it, in a process of its own: what proofs must find out about. */

import { pino } from 'pino';
import { createApp } from '../server/app.ts';
import { type Clock, systemClock } from '../server/clock.ts';
import { readConfig } from '../server/config.ts';
import { openSqliteStore } from '../server/store/sqlite/sqlite.ts';
import type { Store } from '../server/store/store.ts';

/** Runs it until it is stopped. @param breaking what is done to its store @param clock another than the machine's */
export async function runMutant(
  what: string,
  breaking: (store: Store) => Store = (store) => store,
  clock: Clock = systemClock,
): Promise<void> {
  const config = readConfig(process.env);
  const store = breaking(openSqliteStore(config.dataFolder));
  const app = await createApp({ config, store, clock, log: pino({ level: config.logLevel }) });
  process.once('SIGTERM', () => void app.close().then(() => process.exit(0)));
  console.log(`A hub that ${what} runs on ${app.url}`);
}
