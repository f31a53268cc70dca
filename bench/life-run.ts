/** One run of the whole life of parcels through the lab's hub or ours, for life.bench.ts and quick.bench.ts. */

import { type HubProcess, startHub } from '../testkit/hub-process.ts';
import type { Job } from './load.ts';
import { allSeen, LoadProcess, median } from './load-process.ts';
import { cpuSecondsOf, threadCpuOf } from './machine.ts';

export type HubName = Job['dialect'];
export type LifeLoad = Pick<Job, 'stores' | 'drivers' | 'logs' | 'windowMax' | 'warmUp' | 'parcels'>;

export interface Measure {
  readonly eventsPerSecond: number;
  readonly microsPerEvent: number;
  /** Cores that the hub used. Far below 1, the load was the bottleneck. */
  readonly busy: number;
  /** Shares of that CPU time by the threads' names. */
  readonly threads: ReadonlyMap<string, number>;
}

const eventsPerParcel = 3;

export interface LifeOptions {
  /** Folder for a CPU profile of our hub. */
  readonly profile?: string | undefined;
  /** Folder of another version of our hub. */
  readonly tree?: string | undefined;
}

export async function measureLife(
  name: HubName,
  load: LifeLoad,
  { profile, tree }: LifeOptions = {},
): Promise<Measure> {
  const node = profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profile}`];
  const ours = { node, ...(tree === undefined ? {} : { tree }) };
  const hub = await startHub(name === 'lab' ? { script: 'bench/lab-hub.ts' } : ours);
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
    return between(begin, end, load.parcels * eventsPerParcel);
  } finally {
    for (const one of crew) one.end();
    await hub.stop();
    await hub.dispose();
  }
}

interface Sample {
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly threads: ReadonlyMap<string, number>;
}

function sample({ pid }: HubProcess): Sample {
  return {
    seconds: performance.now() / 1_000,
    cpuSeconds: cpuSecondsOf(pid),
    threads: threadCpuOf(pid),
  };
}

function between(begin: Sample, end: Sample, events: number): Measure {
  const seconds = end.seconds - begin.seconds;
  const cpuSeconds = end.cpuSeconds - begin.cpuSeconds;
  const shares = [...end.threads].map(
    ([name, cpu]) => [name, (cpu - (begin.threads.get(name) ?? 0)) / cpuSeconds] as const,
  );
  return {
    eventsPerSecond: events / seconds,
    microsPerEvent: (cpuSeconds * 1e6) / events,
    busy: cpuSeconds / seconds,
    threads: new Map(shares.filter(([, share]) => share > 0)),
  };
}

export function medianOf(runs: readonly Measure[]): Measure {
  const names = new Set(runs.flatMap(({ threads }) => [...threads.keys()]));
  return {
    eventsPerSecond: median(runs.map((run) => run.eventsPerSecond)),
    microsPerEvent: median(runs.map((run) => run.microsPerEvent)),
    busy: median(runs.map((run) => run.busy)),
    threads: new Map(
      [...names].map((name) => [name, median(runs.map(({ threads }) => threads.get(name) ?? 0))]),
    ),
  };
}

export function inWords({ eventsPerSecond, microsPerEvent, busy }: Measure): string {
  const [rate, micros] = [Math.round(eventsPerSecond).toLocaleString('en'), microsPerEvent.toFixed(1)];
  return `${rate.padStart(9)} events/s  ${micros.padStart(6)} µs of hub CPU per event  hub busy ${busy.toFixed(2)}`;
}

/** The threads and their shares, the busiest first. */
export function threadsInWords({ threads, microsPerEvent }: Measure): string {
  return [...threads]
    .sort(([, one], [, other]) => other - one)
    .filter(([, share]) => share >= 0.005)
    .map(
      ([name, share]) => `${name} ${Math.round(share * 100)} % (${(share * microsPerEvent).toFixed(1)} µs)`,
    )
    .join(' · ');
}
