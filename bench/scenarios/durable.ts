/** Records that are on the disk before they are acknowledged, and many readers of all of them: ours beside other brokers. */

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { startHub } from '../../testkit/hub-process.ts';
import { reservePort } from '../../testkit/ports.ts';
import { Helper } from '../helper.ts';
import { median } from '../load-process.ts';
import { cpuSecondsOf } from '../machine.ts';
import type { RunningBroker } from './broker.ts';
import type { BrokerJob, BrokerOrder, BrokerReport } from './broker-load.ts';
import { canSync, jetstreamVersion, startJetstream } from './jetstream.ts';
import { redisVersion, startRedis } from './redis-streams.ts';
import { atLeast, type Goal, grouped, type Outcome, type Scenario } from './scenario.ts';

const readers = 23;
const publishers = 20;
const batch = 50;
const rounds = 2;
const warmUpMs = 1_000;
const usualForMs = 3_000;
const reportMaxMs = 30_000;
const readMaxMs = 20_000;

interface Pace {
  /** Per reader and second. */
  readonly delivered: number;
  readonly acked: number;
  readonly micros: number;
}

interface Candidate {
  readonly name: string;
  readonly broker: BrokerJob['broker'];
  readonly start: (folder: string) => Promise<RunningBroker>;
  /** Measured, but not to be beaten: it promises less. */
  readonly isAside?: boolean;
}

export const durable: Scenario = {
  name: 'durable',
  async run(share) {
    const { candidates, missing } = await candidatesHere();
    const runs = candidates.map((): Pace[] => []);
    for (let round = 0; round < rounds; round += 1) {
      for (const [i, one] of candidates.entries()) runs[i]?.push(await measure(one, usualForMs * share));
    }
    const paces = candidates.map((one, i) => ({ ...one, ...middleOf(runs[i] ?? []) }));
    return [outcomeOf(paces, missing)];
  },
};

async function candidatesHere(): Promise<{ candidates: Candidate[]; missing: string[] }> {
  const [nats, redis] = await Promise.all([jetstreamVersion(), redisVersion()]);
  const missing = [
    ...(nats === undefined ? ['nats-server is not on this machine'] : []),
    ...(redis === undefined ? ['redis-server is not on this machine'] : []),
  ];
  const candidates: Candidate[] = [{ name: 'CAPS', broker: 'caps', start: startOurs }];
  const onPort = async <T>(start: (port: number) => Promise<T>): Promise<T> => {
    const { port, release } = await reservePort();
    return start(port).finally(release);
  };
  if (nats !== undefined) {
    const start = (isSynced: boolean) => (folder: string) =>
      onPort((port) => startJetstream({ folder, port, version: nats, isSynced }));
    const broker = 'jetstream';
    if (await canSync(nats)) candidates.push({ name: `JetStream ${nats}`, broker, start: start(true) });
    else missing.push(`JetStream ${nats} cannot sync each message in ${tmpdir()}`);
    candidates.push({
      name: 'JetStream synced every two minutes',
      broker,
      start: start(false),
      isAside: true,
    });
  }
  if (redis !== undefined) {
    candidates.push({
      name: `Redis ${redis}`,
      broker: 'redis',
      start: (folder) => onPort((port) => startRedis(folder, port)),
    });
  }
  return { candidates, missing };
}

async function startOurs(data: string): Promise<RunningBroker> {
  const hub = await startHub({ data });
  return { address: hub.url, pid: hub.pid, stop: () => hub.dispose() };
}

async function measure({ broker, start }: Candidate, forMs: number): Promise<Pace> {
  const folder = await mkdtemp(join(tmpdir(), 'caps-bench-'));
  const server = await start(folder);
  const load = (kind: BrokerJob['kind'], count: number) =>
    new Helper('scenarios/broker-load.ts', [
      JSON.stringify({ broker, kind, count, batch, address: server.address } satisfies BrokerJob),
    ]);
  const [reading, publishing] = [load('readers', readers), load('publishers', publishers)];
  const ask = async (one: Helper, order: BrokerOrder) => {
    one.send(order);
    return sumOf(await one.next<BrokerReport>(reportMaxMs));
  };
  const sample = async () => {
    const [read, acked] = await Promise.all([ask(reading, 'tell'), ask(publishing, 'tell')]);
    return { read, acked, ms: performance.now(), cpu: cpuSecondsOf(server.pid) };
  };
  try {
    for (const one of [reading, publishing]) await one.next(reportMaxMs);
    await ask(publishing, 'begin');
    await pause(warmUpMs);
    const from = await sample();
    await pause(forMs);
    const to = await sample();
    const acked = await ask(publishing, 'stop');
    for (const deadline = Date.now() + readMaxMs; ; await pause(50)) {
      const read = await ask(reading, 'tell');
      if (read === acked * readers) break;
      if (Date.now() > deadline) {
        throw new Error(`of ${acked * readers} deliveries ${broker} has made ${read}`);
      }
    }
    const seconds = (to.ms - from.ms) / 1_000;
    const events = to.acked - from.acked;
    return {
      delivered: (to.read - from.read) / readers / seconds,
      acked: events / seconds,
      micros: ((to.cpu - from.cpu) * 1e6) / events,
    };
  } finally {
    for (const one of [reading, publishing]) one.end();
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

function sumOf(report: BrokerReport): number {
  return report.reduce((sum, count) => sum + count, 0);
}

function middleOf(runs: readonly Pace[]): Pace {
  const of = (pick: (pace: Pace) => number) => median(runs.map(pick));
  return {
    delivered: of(({ delivered }) => delivered),
    acked: of(({ acked }) => acked),
    micros: of(({ micros }) => micros),
  };
}

function outcomeOf(paces: readonly (Pace & Candidate)[], missing: readonly string[]): Outcome {
  const [ours, ...others] = paces;
  const delivered = ours?.delivered ?? Number.NaN;
  const goals = others
    .filter(({ isAside }) => isAside !== true)
    .map((one): Goal => atLeast('delivered', delivered / one.delivered, 1, `× ${one.name}’s`));
  const beside = others.map(
    (one) => `${one.name}: ${cellOf(one)}; ours ${(delivered / one.delivered).toFixed(2)} ×`,
  );
  return {
    what: `durable publish: ${publishers} publishers, ${batch} under way each, ${readers} readers of everything; ${rounds} rounds`,
    measured: ours ? cellOf(ours) : '–',
    beside: [...beside, ...missing].join('; '),
    goals,
  };
}

function cellOf({ delivered, acked, micros }: Pace): string {
  return `${grouped(delivered)} events/s to each reader, ${grouped(acked)} acks/s, ${micros.toFixed(0)} µs of CPU each`;
}
