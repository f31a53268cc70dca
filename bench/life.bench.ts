/**
 * Runs whole lives of parcels through the lab's hub and through ours, alternating on the same machine. The hub and the
 * load are separate processes. The result is the hub's CPU time per event; events per second measure the slowest part,
 * which may be the load.
 *
 * Linux only, because it reads the CPU time from /proc.
 *
 *     npm run bench -- --parcels 20000 --drivers 20 --rounds 3 --record
 */

import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { type HubProcess, startHub } from '../testkit/hub-process.ts';
import type { Job } from './load.ts';
import { allSeen, LoadProcess, median } from './load-process.ts';
import { cpuSecondsOf, placeCells } from './machine.ts';
import { addRows } from './results.ts';

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
    /** Runs only one of the two hubs. */
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
  /** Cores that the hub used. Far below 1, the load was the bottleneck. */
  readonly busy: number;
}

const eventsPerParcel = 3;
/** Load average above which events/s are meaningless. */
const place = placeCells(fileURLToPath(new URL('..', import.meta.url)));

async function measure(name: HubName): Promise<Measure> {
  const node = values.profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${values.profile}`];
  const hub = await startHub(name === 'lab' ? { script: 'bench/lab-hub.ts' } : { node });
  const kinds = ['logs', 'drivers', 'shops'] as const;
  const crew = kinds.map((kind) => new LoadProcess({ ...load, dialect: name, kind, url: hub.url }));
  const [logs, , shops] = crew as [LoadProcess, LoadProcess, LoadProcess];
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

function sample({ pid }: HubProcess): { seconds: number; cpuSeconds: number } {
  return { seconds: performance.now() / 1_000, cpuSeconds: cpuSecondsOf(pid) };
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
  addRows('Results', [
    [
      ...place,
      `${load.stores} / ${load.drivers} / ${load.logs}, window ${load.windowMax}, ${rounds} × ${load.parcels} parcels`,
      ...[labHub, ours].map(
        (one) =>
          `${Math.round(one.eventsPerSecond)} · ${one.microsPerEvent.toFixed(1)} · ${one.busy.toFixed(2)}`,
      ),
      `${(ours.eventsPerSecond / labHub.eventsPerSecond).toFixed(2)} ×`,
      `1/${(labHub.microsPerEvent / ours.microsPerEvent).toFixed(2)}`,
    ],
  ]);
}

console.log(`load average before: ${place.at(-1)}`);
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
