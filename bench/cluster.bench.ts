/**
 * Runs whole lives of parcels through a hub with SQLite, and through one, two and three hubs on one PostgreSQL, in one run
 * on the same machine. A balancer of a few lines spreads the load.
 *
 *     node bench/cluster.bench.ts --parcels 6000 --rounds 3 --record
 */

import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { Balancer } from '../testkit/balancer.ts';
import { Cluster } from '../testkit/cluster.ts';
import { startHub } from '../testkit/hub-process.ts';
import { PostgresServer } from '../testkit/postgres-server.ts';
import { allSeen, LoadProcess, median } from './load-process.ts';
import { cpuSecondsOf, placeCells } from './machine.ts';
import { addRows } from './results.ts';

const { values } = parseArgs({
  options: {
    parcels: { type: 'string', default: '6000' },
    rounds: { type: 'string', default: '3' },
    /** Open orders per store. */
    window: { type: 'string', default: '50' },
    /** Adds a line to results.md. */
    record: { type: 'boolean', default: false },
  },
});
const parcels = Number(values.parcels);
const load = {
  stores: 20,
  drivers: 20,
  logs: 3,
  windowMax: Number(values.window),
  warmUp: Math.ceil(parcels / 5),
};
const eventsPerParcel = 3;
const place = placeCells(fileURLToPath(new URL('..', import.meta.url)));

/** Hubs and where to reach them. */
interface Rig {
  readonly url: string;
  readonly pids: readonly number[];
  dispose(): Promise<void>;
}

async function sqlite(): Promise<Rig> {
  const hub = await startHub();
  const balancer = await Balancer.start([Number(new URL(hub.url).port)]);
  return {
    url: `http://127.0.0.1:${balancer.port}`,
    pids: [hub.pid],
    async dispose() {
      balancer.close();
      await hub.dispose();
    },
  };
}

async function postgres(server: PostgresServer, hubs: number): Promise<Rig> {
  const cluster = await Cluster.start({ hubs, server });
  return {
    url: cluster.url,
    pids: cluster.hubs.map(({ pid }) => pid),
    dispose: () => cluster[Symbol.asyncDispose](),
  };
}

interface Measure {
  readonly eventsPerSecond: number;
  /** CPU time of all hubs per event, in microseconds. */
  readonly microsPerEvent: number;
}

async function measure(start: () => Promise<Rig>): Promise<Measure> {
  const rig = await start();
  const kinds = ['logs', 'drivers', 'shops'] as const;
  const crew = kinds.map(
    (kind) => new LoadProcess({ ...load, parcels, dialect: 'caps', kind, url: rig.url }),
  );
  const [logs, , shops] = crew as [LoadProcess, LoadProcess, LoadProcess];
  const cpuSeconds = () => rig.pids.reduce((sum, pid) => sum + cpuSecondsOf(pid), 0);
  try {
    for (const one of crew) await one.next('ready');
    shops.ask();
    await shops.next('begin');
    const [from, cpuFrom] = [performance.now(), cpuSeconds()];
    await shops.next('end');
    const [seconds, cpu] = [(performance.now() - from) / 1_000, cpuSeconds() - cpuFrom];
    const { events } = await shops.next('delivered');
    await allSeen(logs, events);
    const measured = parcels * eventsPerParcel;
    return { eventsPerSecond: measured / seconds, microsPerEvent: (cpu * 1e6) / measured };
  } finally {
    for (const one of crew) one.end();
    await rig.dispose();
  }
}

const server = await PostgresServer.start();
try {
  const rigs: Readonly<Record<string, () => Promise<Rig>>> = {
    SQLite: sqlite,
    'PostgreSQL, 1 hub': () => postgres(server, 1),
    'PostgreSQL, 2 hubs': () => postgres(server, 2),
    'PostgreSQL, 3 hubs': () => postgres(server, 3),
  };
  const runs = new Map<string, Measure[]>(Object.keys(rigs).map((name) => [name, []]));
  for (let round = 0; round < Number(values.rounds); round += 1) {
    for (const [name, start] of Object.entries(rigs)) {
      const run = await measure(start);
      runs.get(name)?.push(run);
      console.log(
        `${name.padEnd(18)} ${Math.round(run.eventsPerSecond)} events/s, ${run.microsPerEvent.toFixed(1)} µs of the hubs' CPU per event`,
      );
    }
  }
  const cells = Array.from(runs.values(), (list) => {
    const rate = median(list.map(({ eventsPerSecond }) => eventsPerSecond));
    const micros = median(list.map(({ microsPerEvent }) => microsPerEvent));
    return { rate, text: `${Math.round(rate)} · ${micros.toFixed(1)}` };
  });
  const [first] = cells;
  const shares = cells.slice(1).map(({ rate }) => `${Math.round((100 * rate) / (first?.rate ?? 1))} %`);
  console.log(`of SQLite's rate: ${shares.join(', ')}`);
  if (values.record) {
    const what = `${load.stores} / ${load.drivers} / ${load.logs}, window ${load.windowMax}, ${values.rounds} × ${parcels} parcels`;
    addRows('Several hubs', [[...place, what, ...cells.map(({ text }) => text), shares.join(', ')]]);
  }
} finally {
  await server.remove();
}
