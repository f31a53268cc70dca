/**
 * Many minutes of steady load, during which it samples the hub's memory, descriptors and event loop. A leak that matters
 * within an hour shows within ten minutes.
 *
 *     npm run bench:steady -- --minutes 10 --rate 1500 --record
 */

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { type HubProcess, startHub } from '../testkit/hub-process.ts';
import { Helper } from './helper.ts';
import { cpuSecondsOf, descriptorsOf, placeCells, residentMbOf } from './machine.ts';
import { addRows, rowOf } from './results.ts';
import type { WebLoadJob, WebLoadReport } from './web-load.ts';

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '10' },
    /** Events per second. */
    rate: { type: 'string', default: '1500' },
    /** Adds a row to results.md. */
    record: { type: 'boolean', default: false },
  },
});
const minutes = Number(values.minutes);
const rate = Number(values.rate);
/** Time for caches and V8's heap to reach their size. */
const warmUpMs = 30_000;
const everyMs = 1_000;
const reportMaxMs = 60_000;

interface Sample {
  readonly residentMb: number;
  readonly heapMb: number;
  readonly descriptors: number;
  /** 99th percentile of the event loop's delay in this second. */
  readonly lagMs: number;
  readonly cpuShare: number;
  /** Ascending. */
  readonly ackMs: readonly number[];
}

async function main(): Promise<void> {
  const place = placeCells(fileURLToPath(new URL('..', import.meta.url)));
  const data = await mkdtemp(join(tmpdir(), 'caps-bench-'));
  const hub = await startHub({ data });
  const load = new Helper('web-load.ts', [
    JSON.stringify({ url: hub.url, eventsPerSecond: rate } satisfies WebLoadJob),
  ]);
  try {
    await pause(warmUpMs);
    const samples = await watch(hub, load);
    const cells = [...place, `${minutes} min at ${rate.toLocaleString('en')} events/s`, ...cellsOf(samples)];
    console.log(rowOf(cells));
    if (values.record) addRows('Steady work', [cells]);
  } finally {
    load.end();
    await hub.stop();
    await rm(data, { recursive: true, force: true });
  }
}

async function watch(hub: HubProcess, load: Helper): Promise<Sample[]> {
  const samples: Sample[] = [];
  let cpu = cpuSecondsOf(hub.pid);
  let at = performance.now();
  await load.next(reportMaxMs);
  for (const end = at + minutes * 60_000; performance.now() < end; ) {
    const { ackMs } = await load.next<WebLoadReport>(reportMaxMs);
    const metrics = await (await fetch(`${hub.url}/metrics`)).text();
    const gauge = (name: string) => Number(new RegExp(`^${name} (\\S+)`, 'm').exec(metrics)?.[1]);
    const [cpuNow, now] = [cpuSecondsOf(hub.pid), performance.now()];
    samples.push({
      residentMb: residentMbOf(hub.pid),
      heapMb: gauge('nodejs_heap_size_used_bytes') / 2 ** 20,
      descriptors: descriptorsOf(hub.pid),
      lagMs: gauge('nodejs_eventloop_lag_p99_seconds') * 1_000,
      cpuShare: ((cpuNow - cpu) * 1_000) / (now - at),
      ackMs: ackMs.toSorted((a, b) => a - b),
    });
    [cpu, at] = [cpuNow, now];
    if (samples.length % 60 === 0) console.log(rowOf(cellsOf(samples.slice(-60))));
  }
  return samples;
}

/** Medians of the first, the middle and the last tenth. */
function cellsOf(samples: readonly Sample[]): string[] {
  const part = Math.max(1, Math.floor(samples.length / 10));
  const middle = Math.floor((samples.length - part) / 2);
  const parts = [samples.slice(0, part), samples.slice(middle, middle + part), samples.slice(-part)];
  const course = (of: (sample: Sample) => number, digits: number) =>
    parts
      .map((some) =>
        quantile(
          some.map(of).toSorted((a, b) => a - b),
          0.5,
        ).toFixed(digits),
      )
      .join(' → ');
  const acks = samples.flatMap(({ ackMs }) => ackMs).toSorted((a, b) => a - b);
  const perSecond = Math.round(acks.length / ((samples.length * everyMs) / 1_000));
  return [
    `${perSecond.toLocaleString('en')} events/s`,
    `${course(({ residentMb }) => residentMb, 0)} MB`,
    `${course(({ heapMb }) => heapMb, 0)} MB`,
    course(({ descriptors }) => descriptors, 0),
    `${course(({ lagMs }) => lagMs, 1)} ms`,
    course(({ cpuShare }) => cpuShare, 2),
    `${[0.5, 0.99, 1].map((share) => quantile(acks, share).toFixed(1)).join(' · ')} ms`,
  ];
}

/** @param share 0.99 for the 99th percentile */
function quantile(ascending: readonly number[], share: number): number {
  return ascending[Math.min(ascending.length - 1, Math.floor(ascending.length * share))] ?? 0;
}

await main();
