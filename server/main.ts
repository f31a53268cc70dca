/** The process: environment, output, signals and exit code. Only this file touches `process`. */

import './compile-cache.js';
import { flushCompileCache } from 'node:module';
import { inspect, parseArgs } from 'node:util';
import { setFlagsFromString } from 'node:v8';
import type { App } from './app.ts';
import type { Config } from './config.ts';
import type { ProcessOutput as Output } from './output/output.ts';
import type { StoredKey } from './store/store.ts';
import type { CopiedImages, LogPlace } from './upkeep.ts';

// After the cache is enabled: static imports would be compiled before.
const { escapeUnseen } = await import('../protocol/characters.ts');
const { ConfigError, readConfig } = await import('./config.ts');
const { logLine, ProcessOutput } = await import('./output/output.ts');
const { StoreError } = await import('./store/store.ts');

/** Time limit of a stop. */
const stopMaxMs = 10_000;
/** The hub warns about a shorter admin key. */
const adminKeyShort = 16;
/** Time for the output's reader to take the last lines. */
const farewellMaxMs = 1_000;

/** Names this many images; counts the rest. */
const namedMax = 10;
/** Much less than anybody waits before starting the hub again. */
const parentCheckMs = 250;

/** Makes V8 collect garbage when the heap has doubled, not when it is several times as large. */
const heapGrowingPercent = 100;
/**
 * For threads that start later. The flag of `npm start` that bounds the young generation would otherwise override their
 * own, smaller limits; and V8 first collects a thread's garbage at half of its heap limit.
 */
const threadFlags = ['--max-semi-space-size=0', '--initial-old-space-size=12'];

async function main(): Promise<void> {
  setFlagsFromString(`--heap-growing-percent=${heapGrowingPercent}`);
  for (const flag of threadFlags) setFlagsFromString(flag);
  const config = readConfig(process.env);
  const [task, ...rest] = process.argv.slice(2);
  if (task === 'backup' || task === 'restore') return keep(task, rest, config);
  if (task === 'export' || task === 'import') return move(task, rest, config);
  // The hub is most of a start: a wrong setting is named, and a backup made, without it.
  const { pino } = await import('pino');
  const { startService } = await import('./service.ts');
  const output = openOutput();
  const asText = process.stdout.isTTY ? await prettyText(output.colors) : undefined;
  const log = pino({ level: config.logLevel }, { write: (line) => output.line(logLine(line, asText)) });
  if (config.adminKey !== undefined && config.adminKey.length < adminKeyShort) {
    log.warn('CAPS_ADMIN_KEY is short enough to be guessed');
  }
  const dev = process.argv.includes('--dev');
  // With open access the output may show everything; otherwise no events are printed.
  const print = (app: App) => log.isLevelEnabled('info') && app.print(output);
  const service = await startService({ config, log, dev }, print);
  const exit = (code: number) => {
    setTimeout(() => process.exit(code), farewellMaxMs);
    void output.flushed().then(() => process.exit(code));
  };
  const stop = (signal: NodeJS.Signals, drainMs = 0) => {
    log.info({ signal, ...(drainMs === 0 ? {} : { drainMs }) }, 'stopping');
    setTimeout(() => process.exit(1), drainMs + stopMaxMs).unref();
    const drained = drainMs === 0 ? Promise.resolve() : service.app.drain();
    drained.then(service.close).then(
      () => exit(0),
      (error: unknown) => {
        log.fatal({ err: error }, 'could not stop in order');
        exit(1);
      },
    );
  };
  const terminate = () => {
    const { drainMs } = config;
    // Whoever repeats it, or presses Ctrl-C, does not want to wait.
    if (drainMs > 0) process.once('SIGTERM', (signal) => stop(signal));
    stop('SIGTERM', drainMs);
  };
  process.once('SIGTERM', terminate);
  process.once('SIGINT', (signal) => stop(signal));
  stopWithNpm(terminate);
  // Last, because whoever waits for it may stop the hub at once.
  output.line(`${greeting(service.app)}\n`);
  print(service.app);
  // By default it is written when the process ends, and a killed hub would leave none.
  setImmediate(flushCompileCache);
}

/**
 * A signal to `npm start` ends npm and its shell, and never reaches the hub, which would stay behind with the port
 * and the folder. So a new parent process means that npm has ended.
 */
function stopWithNpm(stop: () => void): void {
  if (process.env['npm_lifecycle_event'] !== 'start') return;
  const { ppid } = process;
  const timer = setInterval(() => {
    if (process.ppid === ppid) return;
    clearInterval(timer);
    stop();
  }, parentCheckMs);
  timer.unref();
}

async function prettyText(colorize: boolean): Promise<(line: string) => string> {
  const { prettyFactory } = await import('pino-pretty');
  return prettyFactory({ ignore: 'pid,hostname', translateTime: 'HH:MM:ss', colorize });
}

/** `backup [--data folder] [--to file] [--skip]`, `restore --from file [--data folder] [--skip] [--replace]`. */
async function keep(
  task: 'backup' | 'restore',
  args: string[],
  { dataFolder, databaseUrl }: Config,
): Promise<void> {
  if (databaseUrl !== undefined) {
    throw new ConfigError(
      `DATABASE_URL is set, and ${task} is for a SQLite log. Use the database’s own tools, or unset it.`,
    );
  }
  const { upkeep } = await import('./upkeep.ts');
  const flag = { type: 'boolean', default: false } as const;
  const options = { data: { type: 'string', default: dataFolder }, skip: flag } as const;
  if (task === 'backup') {
    const to = { type: 'string', default: `caps-${compactTime()}.sqlite` } as const;
    const { values } = asked(() => parseArgs({ args, options: { ...options, to } }));
    const { path, records, bytes, skipped, images } = await upkeep.backUp(values.data, values.to, values);
    process.stdout.write(`${path} has all ${records} records of ${values.data}, ${bytes} bytes.\n`);
    process.stdout.write(skippedIn(skipped) + wordsOfImages(images));
    return;
  }
  const from = { type: 'string', default: '' } as const;
  const { values } = asked(() => parseArgs({ args, options: { ...options, from, replace: flag } }));
  if (values.from === '') throw new ConfigError('Say which backup to restore: --from <file>.');
  const restored = await upkeep.restore(values.from, values.data, values);
  const { path, records, replaced, skipped, keys, images } = restored;
  process.stdout.write(
    `${path} has ${records} records again, as a new log: whoever comes back to it starts afresh.\n`,
  );
  if (replaced !== undefined) process.stdout.write(`The log that was there is ${replaced} now.\n`);
  process.stdout.write(skippedIn(skipped) + wordsOfImages(images));
  process.stdout.write(listOfKeys('These keys were revoked before, and stay so:', keys.revoked));
  process.stdout.write(
    listOfKeys(
      'These keys are valid, as when the backup was made; revoke those that were revoked since:',
      keys.valid,
    ),
  );
}

/**
 * `export [--data folder] [--to file]`, `import --from file [--data folder]`, of the database that DATABASE_URL names,
 * or else of a folder.
 */
async function move(
  task: 'export' | 'import',
  args: string[],
  { dataFolder, databaseUrl }: Config,
): Promise<void> {
  const { upkeep } = await import('./upkeep.ts');
  const data = { type: 'string' } as const;
  const placeIn = (folder: string | undefined): LogPlace => {
    if (databaseUrl === undefined) return { folder: folder ?? dataFolder };
    if (folder === undefined) return { databaseUrl };
    throw new ConfigError('DATABASE_URL names a database, and --data a folder: unset one of them.');
  };
  if (task === 'export') {
    const to = { type: 'string', default: `caps-${compactTime()}.jsonl.zst` } as const;
    const { values } = asked(() => parseArgs({ args, options: { data, to } }));
    process.stdout.write(await upkeep.export(placeIn(values.data), values.to));
    return;
  }
  const from = { type: 'string', default: '' } as const;
  const { values } = asked(() => parseArgs({ args, options: { data, from } }));
  if (values.from === '') throw new ConfigError('Say which export to import: --from <file>.');
  const tell = (words: string) => process.stdout.write(`${words}\n`);
  process.stdout.write(await upkeep.import(values.from, placeIn(values.data), tell));
}

function compactTime(): string {
  return new Date().toISOString().replace(/[-:]|\.\d+/g, '');
}

function skippedIn(names: readonly string[]): string {
  return names.map((name) => `Damaged, and not in it: ${name}.\n`).join('');
}

/** Nothing where there are none, and none are missing. */
function wordsOfImages({ count, bytes, damaged, missing }: CopiedImages): string {
  const some = (names: readonly string[]) => {
    const more = names.length > namedMax ? ` and ${names.length - namedMax} more` : '';
    return `${names.slice(0, namedMax).join(', ')}${more}`;
  };
  return [
    ...(count > 0 ? [`With ${count} image${count === 1 ? '' : 's'} of proofs, ${bytes} bytes.`] : []),
    ...(damaged.length > 0 ? [`Damaged images, and not in it: ${some(damaged)}.`] : []),
    ...(missing.length > 0 ? [`Images that are lost, or not sent yet: ${some(missing)}.`] : []),
  ]
    .map((line) => `${line}\n`)
    .join('');
}

/** As JavaScript strings, so that a name cannot send commands to the terminal. */
function listOfKeys(head: string, keys: readonly StoredKey[]): string {
  if (keys.length === 0) return '';
  const lines = keys.map(({ role, owner, name, hint }) => {
    const whose = [role, ...[owner, name].filter((text) => text !== '').map((text) => inspect(text))].join(
      ' ',
    );
    return `  ${hint}  ${whose}\n`;
  });
  return `${head}\n${lines.join('')}`;
}

/** @throws ConfigError for unknown arguments */
function asked<T>(parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    throw new ConfigError(`${error instanceof Error ? error.message.split('. ')[0] : error}.`);
  }
}

function openOutput(): Output {
  const { stdout } = process;
  // Node writes to a terminal synchronously, so that Ctrl-S would stop the whole hub. There is no public way to
  // change that.
  if (stdout.isTTY) (stdout as Partial<Terminal>)._handle?.setBlocking?.(false);
  return new ProcessOutput(stdout, stdout.isTTY === true && stdout.getColorDepth() > 2);
}

const loopback = /^(localhost$|127\.|\[::1\]$)/;

interface Terminal {
  readonly _handle?: { setBlocking?(blocking: boolean): void };
}

function greeting({ url, addresses, tcpPort, isKeyed, share, fingerprint }: App): string {
  const others = addresses.filter((address) => address !== url && !loopback.test(new URL(address).hostname));
  const elsewhere =
    others.length > 0 ? `On other machines:  ${others.join('  ')}` : 'Only this machine can reach it.';
  // TLS covers the pages, REST and Socket.IO.
  const isPlain = url.startsWith('https:') ? ', which is not encrypted' : '';
  return [
    `CAPS is running on  ${url}`,
    elsewhere,
    'Open /vendor, /driver and /log there.',
    ...(tcpPort === undefined ? [] : [`Programs reach it by TCP on port ${tcpPort}${isPlain}.`]),
    ...(share ? [`The log is in ${share.place}.`, `Among the hubs on it, this is ${share.hub}.`] : []),
    ...(fingerprint === undefined
      ? []
      : [
          `Phones get HTTPS at  ${phonePage(others.find((one) => one.startsWith('http:')) ?? others.at(-1) ?? url)}`,
          `The certificate that they install is this hub’s if its SHA-256 is ${fingerprint}.`,
        ]),
    isKeyed
      ? 'Access is keyed: nothing without a key. The first admin’s is CAPS_ADMIN_KEY, which issues others.'
      : 'Access is open: anyone who can reach this address may take any role.',
  ].join('\n');
}

/** It begins over plain HTTP. */
function phonePage(address: string): string {
  return `${address.replace(/^https:/, 'http:')}/phone`;
}

main().catch((error: unknown) => {
  const expected = error instanceof ConfigError || error instanceof StoreError;
  const said = expected ? error.message : String(error instanceof Error ? error.stack : error);
  process.stderr.write(`${said.split('\n').map(escapeUnseen).join('\n')}\n`);
  process.exit(1);
});
