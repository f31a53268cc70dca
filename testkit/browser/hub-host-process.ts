/**
 * Runs hubs one after the other in one process, because most of a hub's start is loading it. Each has its own folder
 * and ports. What `main.ts` adds, signals and the greeting, is tested where a hub has its own process.
 */

import { flushCompileCache } from 'node:module';
import { pino } from 'pino';
import { type App, createApp } from '../../server/app.ts';
import { readConfig } from '../../server/config.ts';
import type { FromHost, ToHost } from './hub-host.ts';

let app: App | undefined;
const tell = (message: FromHost) => process.send?.(message);

async function start(env: Readonly<Record<string, string>>): Promise<void> {
  const config = readConfig(env);
  const log = pino(
    { level: config.logLevel },
    { write: (line: string) => tell({ kind: 'complaint', line }) },
  );
  app = await createApp({ config, log });
  tell({ kind: 'started', url: app.url, tcpPort: app.tcpPort });
  // It will be killed, and leave the next one nothing.
  flushCompileCache();
}

async function stop(): Promise<void> {
  await app?.close();
  app = undefined;
  tell({ kind: 'stopped' });
}

process.on('message', (message: ToHost) => {
  const done = message.kind === 'start' ? start(message.env) : stop();
  done.catch((error: unknown) => tell({ kind: 'failed', reason: String(error) }));
});
process.once('disconnect', () => process.exit(0));
