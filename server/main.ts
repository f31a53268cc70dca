/** The process: environment, output, signals and exit code. Nothing else touches `process`. */

import { pino } from 'pino';
import pretty from 'pino-pretty';
import { type App, createApp } from './app.ts';
import { ConfigError, readConfig } from './config.ts';
import { StoreError } from './store/store.ts';

/** A stop that takes longer than this is ended. */
const stopMaxMs = 10_000;

async function main(): Promise<void> {
  const config = readConfig(process.env);
  const output = process.stdout.isTTY
    ? pretty({ ignore: 'pid,hostname', translateTime: 'HH:MM:ss' })
    : undefined;
  const log = pino({ level: config.logLevel }, output ?? pino.destination({ dest: 1, sync: true }));
  if (config.ignored.length > 0) log.warn({ settings: config.ignored }, 'these settings have no effect yet');
  const app = await createApp({ config, log, dev: process.argv.includes('--dev') });
  const stop = (signal: NodeJS.Signals) => {
    log.info({ signal }, 'stopping');
    setTimeout(() => process.exit(1), stopMaxMs).unref();
    app.close().then(
      () => process.exit(0),
      (error: unknown) => {
        log.fatal({ err: error }, 'could not stop in order');
        process.exit(1);
      },
    );
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
  // Last, so that whoever waits for it may stop the hub at once.
  process.stdout.write(`${greeting(app)}\n`);
}

function greeting({ url, addresses, tcpPort }: App): string {
  const others = addresses.filter((address) => address !== url);
  const elsewhere =
    others.length > 0 ? `On other machines:  ${others.join('  ')}` : 'Only this machine can reach it.';
  return [
    `CAPS is running on  ${url}`,
    elsewhere,
    'Open /vendor, /driver and /log there.',
    ...(tcpPort === undefined ? [] : [`Programs reach it by TCP on port ${tcpPort}.`]),
    'Access is open: anyone who can reach this address may take any role.',
  ].join('\n');
}

main().catch((error: unknown) => {
  const expected = error instanceof ConfigError || error instanceof StoreError;
  process.stderr.write(
    `${expected ? error.message : String(error instanceof Error ? error.stack : error)}\n`,
  );
  process.exit(1);
});
