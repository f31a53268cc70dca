/**
 * The whole life of parcels through the lab's own hub and through ours, in turns on the same machine. The hub
 * and the load are processes of their own. What counts is the hub's CPU time per event; events per second say
 * how fast the slowest part was, which may be the load.
 *
 * Linux only, for the CPU time is read from /proc.
 *
 *     npm run bench -- --parcels 20000 --drivers 20 --rounds 3 --record
 */

import { type ChildProcess, execFileSync, fork } from 'node:child_process';
import { on } from 'node:events';
import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { type HubProcess, startHub } from '../proofs/hub-process.ts';
import type { Job, Report } from './load.ts';

const { values } = parseArgs({
  options: {
    parcels: { type: 'string', default: '20000' },
    stores: { type: 'string', default: '20' },
    drivers: { type: 'string', default: '20' },
    logs: { type: 'string', default: '3' },
    window: { type: 'string', default: '50' },
    rounds: { type: 'string', default: '3' },
    /** Adds a line to results.md. */
    record: { type: 'boolean', default: false },
    /** Writes a CPU profile of our hub into this folder. */
    profile: { type: 'string' },
    /** Only one of the two hubs. */
    only: { type: 'string' },
  },
});
const load = {
  stores: Number(values.stores),
  drivers: Number(values.drivers),
  logs: Number(values.logs),
  windowMax: Number(values.window),
  warmUp: Math.ceil(Number(values.parcels) / 5),
  parcels: Number(values.parcels),
};

type HubName = Job['dialect'];
interface Measure {
  readonly eventsPerSecond: number;
  readonly microsPerEvent: number;
  /** How much of one core the hub used: far below 1, and the load was what set the pace. */
  readonly busy: number;
}

const eventsPerParcel = 3;
/** What else the machine was doing: with other work on it, events/s say little. */
const loadBefore = (loadavg()[0] ?? 0).toFixed(1);
/** What everybody has seen by then is all they will see. */
const seenMs = 10_000;

async function measure(name: HubName): Promise<Measure> {
  const node = values.profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${values.profile}`];
  const hub = await startHub(name === 'lab' ? { script: 'bench/lab-hub.ts' } : { node });
  const kinds = ['logs', 'drivers', 'shops'] as const;
  const crew = kinds.map((kind) => new Crew({ ...load, dialect: name, kind, url: hub.url }));
  const [logs, , shops] = crew as [Crew, Crew, Crew];
  try {
    for (const one of crew) await one.next('ready');
    shops.ask();
    await shops.next('begin');
    const begin = sample(hub);
    await shops.next('end');
    const end = sample(hub);
    const { events } = await shops.next('delivered');
    await allSeen(logs, events);
    const measured = load.parcels * eventsPerParcel;
    const seconds = end.seconds - begin.seconds;
    const cpuSeconds = end.cpuSeconds - begin.cpuSeconds;
    return {
      eventsPerSecond: measured / seconds,
      microsPerEvent: (cpuSeconds * 1e6) / measured,
      busy: cpuSeconds / seconds,
    };
  } finally {
    for (const one of crew) one.end();
    await hub.stop();
    await hub.dispose();
  }
}

/** A hub that dropped events would be a fast one. */
async function allSeen(logs: Crew, events: number): Promise<void> {
  for (const deadline = Date.now() + seenMs; ; ) {
    logs.ask();
    const seen = await logs.next('seen');
    if (seen.events.every((count) => count === events)) return;
    if (Date.now() > deadline) throw new Error(`of ${events} events the logs saw ${seen.events.join(', ')}`);
    await pause(50);
  }
}

/** A process of the load. */
class Crew {
  readonly #child: ChildProcess;
  readonly #reports: AsyncIterator<[Report]>;

  constructor(job: Job) {
    this.#child = fork(fileURLToPath(new URL('load.ts', import.meta.url)), [JSON.stringify(job)]);
    this.#reports = on(this.#child, 'message', { close: ['exit'] }) as AsyncIterator<[Report]>;
  }

  async next<K extends Report['kind']>(kind: K): Promise<Extract<Report, { kind: K }>> {
    const { value, done } = await this.#reports.next();
    if (done) throw new Error('a process of the load ended');
    const [report] = value;
    if (report.kind !== kind) throw new Error(`"${report.kind}" came instead of "${kind}"`);
    return report as Extract<Report, { kind: K }>;
  }

  ask(): void {
    this.#child.send('');
  }

  end(): void {
    this.#child.disconnect();
  }
}

/** Linux counts CPU time in hundredths of a second (proc(5): utime, stime). */
function sample({ pid }: HubProcess): { seconds: number; cpuSeconds: number } {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // The name in brackets may hold spaces; after it the third field follows.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return { seconds: performance.now() / 1_000, cpuSeconds: (Number(fields[11]) + Number(fields[12])) / 100 };
}

function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  const low = sorted[Math.floor((sorted.length - 1) / 2)] ?? Number.NaN;
  const high = sorted[Math.ceil((sorted.length - 1) / 2)] ?? Number.NaN;
  return (low + high) / 2;
}

function medians(runs: readonly Measure[]): Measure {
  return {
    eventsPerSecond: median(runs.map((run) => run.eventsPerSecond)),
    microsPerEvent: median(runs.map((run) => run.microsPerEvent)),
    busy: median(runs.map((run) => run.busy)),
  };
}

function cells({ eventsPerSecond, microsPerEvent, busy }: Measure): string {
  const [rate, micros] = [Math.round(eventsPerSecond).toLocaleString('en'), microsPerEvent.toFixed(1)];
  return `${rate.padStart(9)} events/s  ${micros.padStart(6)} µs of hub CPU per event  hub busy ${busy.toFixed(2)}`;
}

function record(labHub: Measure, ours: Measure, rounds: number): void {
  const file = new URL('results.md', import.meta.url);
  if (!existsSync(file)) writeFileSync(file, header);
  const commit = execFileSync('git', ['describe', '--always', '--dirty=+'], { encoding: 'utf8' }).trim();
  const processors = cpus();
  const row = [
    new Date().toISOString().slice(0, 10),
    commit,
    `${processors.length} × ${processors[0]?.model.trim() ?? '?'}, Node ${process.versions.node}`,
    loadBefore,
    `${load.stores} / ${load.drivers} / ${load.logs}, window ${load.windowMax}, ${rounds} × ${load.parcels} parcels`,
    ...[labHub, ours].map(
      (one) =>
        `${Math.round(one.eventsPerSecond)} · ${one.microsPerEvent.toFixed(1)} · ${one.busy.toFixed(2)}`,
    ),
    `${(ours.eventsPerSecond / labHub.eventsPerSecond).toFixed(2)} ×`,
    `1/${(labHub.microsPerEvent / ours.microsPerEvent).toFixed(2)}`,
  ];
  appendFileSync(file, `| ${row.join(' | ')} |\n`);
}

const header = `# Results

The whole life of parcels (\`pickup\`, \`in-transit\`, \`delivered\`) through the lab's own hub and through CAPS, in
turns on one machine; medians. The lab's hub keeps nothing and checks nothing; CAPS validates every command and
has every record on disk (fsync) before its ack. Hub and load are processes of their own: shops, drivers and
logs each have one. A hub that is busy far below 1.00 was waiting for the load, and its events/s are the load's;
"load before" is the load average when the run began: far above 0, other work took part, and only the CPU time per
event says something.

| date | commit | machine | load before | stores / drivers / logs | lab: events/s · µs CPU per event · busy | CAPS: the same | events/s | CPU per event |
| --- | --- | --- | --- | --- | --- | --- | --- | --- |
`;

console.log(`load average before: ${loadBefore}`);
const runs: Record<HubName, Measure[]> = { lab: [], caps: [] };
const names: readonly HubName[] =
  values.only === 'lab' ? ['lab'] : values.only === 'caps' ? ['caps'] : ['lab', 'caps'];
for (let round = 0; round < Number(values.rounds); round += 1) {
  for (const name of names) {
    const run = await measure(name);
    runs[name].push(run);
    console.log(`${name.padEnd(4)} ${cells(run)}`);
  }
}
if (names.length === 2) {
  const [labHub, ours] = [medians(runs.lab), medians(runs.caps)];
  const faster = (ours.eventsPerSecond / labHub.eventsPerSecond).toFixed(2);
  const cheaper = (labHub.microsPerEvent / ours.microsPerEvent).toFixed(2);
  console.log(
    `\nlab  ${cells(labHub)}\ncaps ${cells(ours)}\n     ${faster} × the events/s, 1/${cheaper} of the CPU per event`,
  );
  if (values.record) record(labHub, ours, runs.caps.length);
}
