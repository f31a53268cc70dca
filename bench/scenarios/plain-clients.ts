/** The programs of the lab, unmodified, at the lab's hub and at ours: each event is a message of its own. */

import { startHub } from '../../testkit/hub-process.ts';
import type { Job } from '../load.ts';
import { allSeen, LoadProcess, median } from '../load-process.ts';
import { cpuSecondsOf } from '../machine.ts';
import { atLeast, atMost, grouped, type Scenario, within } from './scenario.ts';

const rounds = 3;
const usualParcels = 5_000;
const crew = { stores: 20, drivers: 20, logs: 3, windowMax: 10 };
const eventsPerParcel = 3;
/** What is lost ends no run by itself: plain clients wait for it. */
const runMaxMs = 30_000;

interface Measure {
  readonly rate: number;
  readonly micros: number;
}

export const plainClients: Scenario = {
  name: 'plain',
  async run(share) {
    const parcels = Math.round(usualParcels * share);
    const runs: { lab: Measure[]; caps: Measure[] } = { lab: [], caps: [] };
    for (let round = 0; round < rounds; round += 1) {
      runs.lab.push(await measure('bench/lab-hub.ts', parcels));
      runs.caps.push(await measure(undefined, parcels));
    }
    const [theirs, ours] = [middleOf(runs.lab), middleOf(runs.caps)];
    const rate = ours.rate / theirs.rate;
    const cost = ours.micros / theirs.micros;
    return [
      {
        what: `plain clients, whole lives: ${crew.stores} shops, ${crew.drivers} drivers, ${crew.logs} logs, window ${crew.windowMax}, ${rounds} × ${grouped(parcels)} parcels`,
        measured: `${cellOf(ours)}: ${rate.toFixed(2)} × the events/s, ${cost.toFixed(2)} × the CPU`,
        beside: `the lab’s hub: ${cellOf(theirs)}`,
        goals: [atLeast('events/s', rate, 1, '× the lab’s'), atMost('CPU', cost, 1, '× the lab’s')],
      },
    ];
  },
};

async function measure(script: string | undefined, parcels: number): Promise<Measure> {
  const hub = await startHub(script === undefined ? {} : { script });
  const load = { ...crew, warmUp: Math.ceil(parcels / 5), parcels };
  const start = (kind: Job['kind']) => new LoadProcess({ ...load, dialect: 'lab', kind, url: hub.url });
  const [logs, drivers, shops] = [start('logs'), start('drivers'), start('shops')];
  try {
    for (const one of [logs, drivers, shops]) await one.next('ready');
    shops.ask();
    await within(shops.next('begin'), runMaxMs, 'the warm-up');
    const from = { ms: performance.now(), cpu: cpuSecondsOf(hub.pid) };
    await within(shops.next('end'), runMaxMs, 'the run');
    const [ms, cpu] = [performance.now() - from.ms, cpuSecondsOf(hub.pid) - from.cpu];
    const { events } = await within(shops.next('delivered'), runMaxMs, 'the last deliveries');
    await allSeen(logs, events);
    const measured = parcels * eventsPerParcel;
    return { rate: (measured * 1_000) / ms, micros: (cpu * 1e6) / measured };
  } finally {
    for (const one of [logs, drivers, shops]) one.end();
    await hub.dispose();
  }
}

function middleOf(runs: readonly Measure[]): Measure {
  return { rate: median(runs.map(({ rate }) => rate)), micros: median(runs.map(({ micros }) => micros)) };
}

function cellOf({ rate, micros }: Measure): string {
  return `${grouped(rate)} events/s · ${micros.toFixed(1)} µs`;
}
