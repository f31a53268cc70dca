/** The real, complete hub in this process, for suites of doors and for faulty hubs. */

import { rmSync } from 'node:fs';
import { pino } from 'pino';
import { type App, type AppOptions, createApp } from '../server/app.ts';
import { type Config, readConfig } from '../server/config.ts';
import { openSqliteStore } from '../server/store/sqlite/sqlite.ts';
import type { Store } from '../server/store/store.ts';
import { watchStatuses } from './declared-statuses.ts';
import { memoryFolder } from './simulation/disk.ts';

/** Replacements for parts of a hub. */
export interface TestParts extends Pick<AppOptions, 'clock' | 'deadlines'> {
  /** Called with the store on disk; returns the broken one. */
  readonly breaking?: ((disk: Store, config: Config) => Store | Promise<Store>) | undefined;
  /** Called with each log line; by default they go to stdout. */
  readonly onLog?: (line: string) => void;
}

/** @param settings all of them: there are no defaults here */
export async function startApp(
  settings: Readonly<Record<string, string | undefined>>,
  { breaking = (disk) => disk, onLog, ...others }: TestParts = {},
): Promise<App> {
  const config = readConfig(settings);
  const log = onLog ? pino({ level: config.logLevel }, { write: onLog }) : pino({ level: config.logLevel });
  const store = await breaking(openSqliteStore(config.dataFolder), config);
  return createApp({ config, log, store, ...others });
}

/** The real hub on a free port of loopback. */
export interface RealHub {
  readonly url: string;
  readonly port: number;
  readonly tcpPort: number;
  /** Faults that the hub reported, and responses missing in openapi.json. No input may cause one. */
  readonly faults: readonly string[];
  /** Warnings for the operator. */
  readonly warnings: readonly string[];
  /** As after SIGTERM, before it closes. */
  drain(): Promise<void>;
  /** Safe to call twice. */
  close(): Promise<void>;
}

/** @param settings differing from the defaults */
export async function startRealHub(
  settings: Readonly<Record<string, string>> = {},
  deadlines?: AppOptions['deadlines'],
  breaking?: TestParts['breaking'],
): Promise<RealHub> {
  const folder = memoryFolder();
  const faults: string[] = [];
  const warnings: string[] = [];
  const app = await startApp(
    {
      ...{ PORT: '0', CAPS_TCP_PORT: '0', HOST: '127.0.0.1', CAPS_DATA: folder, LOG_LEVEL: 'warn' },
      ...settings,
    },
    {
      onLog: (line) => void (line.startsWith('{"level":40,') ? warnings : faults).push(line),
      breaking,
      ...(deadlines ? { deadlines } : {}),
    },
  );
  const { port: said, protocol } = new URL(app.url);
  const port = Number(said);
  const endWatch = watchStatuses(port, (what) => faults.push(what));
  return {
    url: `${protocol}//127.0.0.1:${port}`,
    port,
    tcpPort: app.tcpPort ?? 0,
    faults,
    warnings,
    drain: app.drain,
    async close() {
      await app.close();
      endWatch();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
