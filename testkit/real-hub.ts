/** The real hub in this process, with everything that it has: for suites of doors, and for hubs with something wrong in them. */

import { rmSync } from 'node:fs';
import { pino } from 'pino';
import { type App, type AppOptions, createApp } from '../server/app.ts';
import { type Config, readConfig } from '../server/config.ts';
import { openSqliteStore } from '../server/store/sqlite/sqlite.ts';
import type { Store } from '../server/store/store.ts';
import { watchStatuses } from './declared-statuses.ts';
import { memoryFolder } from './simulation/disk.ts';

/** What a test puts in the place of a hub's own parts. */
export interface Replaced extends Pick<AppOptions, 'clock' | 'deadlines'> {
  /** Given the store on disk. */
  readonly breaking?: ((disk: Store, config: Config) => Store | Promise<Store>) | undefined;
  /** Given each line that the hub logs; they go to stdout otherwise. */
  readonly onLog?: (line: string) => void;
}

/** @param settings all that the hub is told: nothing is added */
export async function startApp(
  settings: Readonly<Record<string, string | undefined>>,
  { breaking = (disk) => disk, onLog, ...others }: Replaced = {},
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
  /** What the hub called a fault of its own, and answers that openapi.json does not declare: nothing that a client sends may be one. */
  readonly faults: readonly string[];
  /** What it told whoever runs it to look at. */
  readonly warnings: readonly string[];
  /** Safe to call twice. */
  close(): Promise<void>;
}

/** @param settings that differ from the defaults */
export async function startRealHub(
  settings: Readonly<Record<string, string>> = {},
  deadlines?: AppOptions['deadlines'],
  breaking?: Replaced['breaking'],
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
    async close() {
      await app.close();
      endWatch();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
