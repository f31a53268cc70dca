/**
 * Measures whether readers slow down writers. On a long log, with a hub in its own process, started like `npm start`, a
 * shop sends a command every 20 ms and measures the answers, first at rest, then while others read.
 *
 *     npm run bench:reading -- --records 100000,1000000 --record
 *     npm run bench:reading -- --tree ../before --only joins
 *     npm run bench:reading -- --database
 */

import { rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { connect as connectTcp } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { type HubProcess, startHub } from '../testkit/hub-process.ts';
import type { ProbeOrder, ProbeReport } from './ack-probe.ts';
import { Helper } from './helper.ts';
import { isIdle, placeCells, residentMbOf } from './machine.ts';
import { copyOfDatabase } from './reading-database.ts';
import { type CopiedLog, copiedLog, copyOfLog, type LogKind } from './reading-log.ts';
import { largeScenarios, type Must, type Scenario, scenariosOf } from './reading-scenarios.ts';
import type { ReadingReport } from './reading-task.ts';
import { acksCell, type Measurement, missesOf, mustCell, tookCell } from './reading-verdict.ts';
import { addRows, rowOf } from './results.ts';
import { startsOf } from './start-times.ts';

const { values } = parseArgs({
  options: {
    records: { type: 'string', default: '100000,1000000' },
    /** The tree of the hub to measure. */
    tree: { type: 'string', default: fileURLToPath(new URL('..', import.meta.url)) },
    /** Has the log in PostgreSQL. */
    database: { type: 'boolean', default: false },
    /** Duration of the rest, and of repeated tasks. */
    seconds: { type: 'string', default: '5' },
    /** Runs only scenarios with this in their name. */
    only: { type: 'string', default: '' },
    /** Adds the rows to results.md. */
    record: { type: 'boolean', default: false },
    /** Writes CPU profiles of the hub into this folder. */
    profile: { type: 'string' },
  },
});
const tree = resolve(values.tree);
const copyOf = values.database ? copyOfDatabase : copyOfLog;
const forMs = Number(values.seconds) * 1_000;
const heading = 'While others read';
/** Number of records of 10 kB. */
const largeRecords = 4_000;
/** Timeout of a scenario. */
const scenarioMaxMs = 180_000;
/** Pause between scenarios, so that the work left by one does not affect the next. */
const idleMaxMs = 20_000;
const place = placeCells(tree);
const scales = await mkdtemp(join(tmpdir(), 'caps-scale-'));

async function main(): Promise<void> {
  console.log(
    rowOf([
      'date',
      'commit',
      'machine',
      'load before',
      'log',
      'what',
      'took: p50 · p99 · max',
      'acks at rest: p50 · p99 · max',
      'acks meanwhile',
      'must reach',
      'reached',
    ]),
  );
  const wanted = ({ name }: { name: string }) => name.includes(values.only);
  const wantsStarts = wanted({ name: '`npm start`' });
  const sizes = values.records.split(',').map(Number);
  for (const records of sizes) {
    const all = scenariosOf(records, forMs).filter(wanted);
    await measureAll(
      all.filter(({ env }) => !env),
      'city',
      records,
    );
    for (const scenario of all.filter(({ env }) => env)) await measureAll([scenario], 'city', records);
    if (wantsStarts) await measureStarts(records, await copyOf('city', records, tree));
  }
  if (wantsStarts && !values.database)
    await measureStarts(0, copiedLog(await mkdtemp(join(tmpdir(), 'caps-bench-'))));
  await measureAll(largeScenarios(forMs).filter(wanted), 'large', largeRecords);
}

async function measureAll(scenarios: readonly Scenario[], log: LogKind, records: number): Promise<void> {
  const [first] = scenarios;
  if (!first) return;
  const copy = await copyOf(log, records, tree);
  const scale = join(scales, `${log}-${records}`);
  const weighing = ['--expose-gc', '--import', new URL('../testkit/weigh.ts', import.meta.url).href];
  const profiling = values.profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${values.profile}`];
  try {
    const hub = await startHub({
      ...{ tree, data: copy.folder, node: [...weighing, ...profiling] },
      env: { WEIGH_AT: scale, CAPS_CONNECTIONS: 'off', ...copy.env, ...first.env },
    });
    try {
      for (const scenario of scenarios) {
        await comeToRest(hub, scenario);
        const row = await measure(hub, scale, scenario).catch((error: unknown) => failed(hub, error));
        report(scenario.name, records, scenario.must, row);
        if (!hub.isRunning) await hub.start();
      }
    } finally {
      await hub.stop();
    }
  } finally {
    await copy.remove();
  }
}

/** Restarts a hub that is still busy with abandoned work. */
async function comeToRest(hub: HubProcess, { env }: Scenario): Promise<void> {
  // Gives the hub's background work after a start its time.
  const isAtRest = await isIdle(hub.pid, env ? 1_000 : idleMaxMs);
  if (isAtRest || env) return;
  await hub.kill();
  await hub.start();
}

async function measure(hub: HubProcess, scale: string, { task }: Scenario): Promise<Measurement> {
  const probe = new Helper('ack-probe.ts', [hub.url]);
  let load: Helper | undefined;
  let most = 0;
  const looking = setInterval(() => {
    if (hub.isRunning) most = Math.max(most, residentMbOf(hub.pid));
  }, 100);
  const readProbe = () => {
    probe.send('tell' satisfies ProbeOrder);
    return probe.next<ProbeReport>(scenarioMaxMs);
  };
  try {
    await probe.next(scenarioMaxMs);
    await pause(forMs);
    const rest = await readProbe();
    const before = await weigh(hub, scale);
    most = before.residentMb;
    probe.send('begin' satisfies ProbeOrder);
    load = new Helper('reading-load.ts', [hub.url, JSON.stringify(task)]);
    const told = await load.next<ReadingReport>(scenarioMaxMs);
    const meanwhile = await readProbe();
    const growthMb = most - before.residentMb;
    const eachKb = task.kind === 'idle' ? perOne(before, await weigh(hub, scale), task.count) : undefined;
    return { rest, meanwhile, ...told, growthMb, eachKb, failure: undefined };
  } finally {
    clearInterval(looking);
    load?.end();
    probe.end();
  }
}

interface Weight {
  readonly residentMb: number;
  readonly heapMb: number;
}

/** After a garbage collection. */
async function weigh({ url }: HubProcess, scale: string): Promise<Weight> {
  const residentMb = Number(await text(connectTcp(scale))) / 2 ** 20;
  const metrics = await (await fetch(`${url}/metrics`)).text();
  const heap = Number(/^nodejs_heap_size_used_bytes (\S+)/m.exec(metrics)?.[1]);
  return { residentMb, heapMb: heap / 2 ** 20 };
}

function perOne(before: Weight, after: Weight, count: number): Measurement['eachKb'] {
  const kb = (mb: number) => (mb * 1_024) / count;
  return { resident: kb(after.residentMb - before.residentMb), heap: kb(after.heapMb - before.heapMb) };
}

function failed({ isRunning, said }: HubProcess, error: unknown): Measurement {
  const reason = error instanceof Error ? error.message : String(error);
  const why = /heap out of memory/.test(said) ? 'its memory was full' : reason;
  const failure = isRunning ? reason : `the hub ended: ${why}`;
  return { ...nothing, failure };
}

const nothing: Measurement = {
  ...{ rest: undefined, meanwhile: undefined, tookMs: [], said: '' },
  ...{ growthMb: undefined, eachKb: undefined, failure: undefined },
};

async function measureStarts(records: number, copy: CopiedLog): Promise<void> {
  try {
    const starts = await startsOf(tree, copy);
    const cpu = starts.map(({ cpuSeconds }) => cpuSeconds).toSorted((a, b) => a - b);
    const said = `CPU ${cpu.map((seconds) => seconds.toFixed(2)).join(', ')} s`;
    const tookMs = starts.map(({ wallMs }) => wallMs).toSorted((a, b) => a - b);
    report(
      '`npm start` to its greeting',
      records,
      { cpuMaxSeconds: 1 },
      { ...nothing, tookMs, said, cpuSeconds: cpu[1] },
    );
  } finally {
    await copy.remove();
  }
}

function report(name: string, records: number, must: Must, measured: Measurement): void {
  const misses = missesOf(must, measured);
  const reached = misses.length === 0 ? 'yes' : `**no**: ${misses.join('; ')}`;
  const log = `${records.toLocaleString('en')} records${values.database ? ', PostgreSQL' : ''}`;
  const cells = [
    ...place,
    log,
    name,
    tookCell(measured),
    acksCell(measured.rest),
    acksCell(measured.meanwhile),
    mustCell(must),
    reached,
  ];
  console.log(rowOf(cells));
  if (values.record) addRows(heading, [cells]);
}

try {
  await main();
} finally {
  rmSync(scales, { recursive: true, force: true });
}
