/**
 * Hubs behind HAProxy, with deploy/haproxy.cfg, are killed one after the other while people work through the balancer:
 * shops, drivers and logs of the SDK, and programs at the TCP door that come back by themselves.
 */

import { setTimeout as pause } from 'node:timers/promises';
import type { Client } from '../client/client.ts';
import { seeded } from '../testkit/chance.ts';
import { readDatabase } from '../testkit/cluster.ts';
import type { PostgresServer } from '../testkit/postgres-server.ts';
import type { Recorder } from '../testkit/recorder.ts';
import { TcpLine } from '../testkit/tcp-lines.ts';
import { type BalancedHubs, startBalancedHubs } from './balanced-hubs.ts';
import { type OrderReport, orderRun } from './order-run.ts';

export interface KillsReport extends OrderReport {
  /** By kill: the longest time in which an SDK client was not live, in milliseconds. */
  readonly backMs: readonly number[];
  /** The same of programs at the TCP door, until a hub answered them. */
  readonly tcpBackMs: readonly number[];
  /** How often one of either lost its hub. */
  readonly breaks: number;
}

export interface KillsOptions {
  readonly seed: number;
  readonly kills: number;
  readonly settleMs: number;
}

/** Programs at the TCP door. */
const linesMax = 4;
const pingMs = 100;

export async function killsRun(server: PostgresServer, options: KillsOptions): Promise<KillsReport> {
  const { seed, settleMs } = options;
  const databaseUrl = await server.database();
  await using stack = new AsyncDisposableStack();
  const rig = stack.adopt(await startBalancedHubs({ databaseUrl }), (it) => it.dispose());
  const absences = new Absences();
  const stop = new AbortController();
  let isOver = false;
  const cluster = {
    ...{ url: rig.url, hubs: rig.hubs, urlOf: () => rig.url },
    whole: () => readDatabase(databaseUrl),
  };
  const lines = Array.from({ length: linesMax }, () => keepALine(rig.tcpPort, absences, stop.signal));
  const report = await orderRun(cluster, {
    ...{ seed, stores: 6, drivers: 6, windowMax: 8, settleMs },
    answers: () => !isOver,
    async disturb(_, recorder) {
      try {
        await recorder.answered(100);
        for (const client of recorder.clients) absences.follow(client);
        await killInTurns(rig, recorder, absences, options);
      } finally {
        absences.end();
        isOver = true;
      }
    },
  });
  stop.abort();
  await Promise.all(lines);
  return { ...report, backMs: absences.longestMs, tcpBackMs: absences.longestTcpMs, breaks: absences.count };
}

async function killInTurns(
  rig: BalancedHubs,
  recorder: Recorder,
  absences: Absences,
  { kills, seed }: KillsOptions,
): Promise<void> {
  const chance = seeded(seed);
  for (let i = 0; i < kills; i += 1) {
    await recorder.answered(chance.int(20, 200));
    const hub = rig.hubs[i % 2];
    absences.begin();
    await hub?.kill();
    // Its clients come back to the other one while it is away.
    await recorder.answered(20);
    await hub?.start();
    while ((await rig.states('requests')).some(({ status }) => status !== 'UP')) await pause(50);
  }
}

/** Times without a hub. */
class Absences {
  readonly longestMs: number[] = [];
  readonly longestTcpMs: number[] = [];
  count = 0;
  #isOver = false;

  /** Another kill: what ends from now on counts for it. */
  begin(): void {
    this.longestMs.push(0);
    this.longestTcpMs.push(0);
  }

  follow(client: Client): void {
    let from: number | undefined;
    client.on('state', ({ kind }) => {
      if (kind === 'closed') return;
      if (kind !== 'live') from ??= performance.now();
      else if (from !== undefined) {
        this.#took(this.longestMs, performance.now() - from);
        from = undefined;
      }
    });
  }

  tookTcp(ms: number): void {
    this.#took(this.longestTcpMs, ms);
  }

  #took(longest: number[], ms: number): void {
    if (this.#isOver || longest.length === 0) return;
    longest.push(Math.max(longest.pop() ?? 0, ms));
    this.count += 1;
  }

  /** What comes later is not counted. */
  end(): void {
    this.#isOver = true;
  }
}

/** A program at the TCP door that pings, and connects again when its connection has ended. */
async function keepALine(port: number, absences: Absences, signal: AbortSignal): Promise<void> {
  let from: number | undefined;
  while (!signal.aborted) {
    const line = new TcpLine(port);
    const stop = () => line.close();
    signal.addEventListener('abort', stop);
    line.write('PING.\n');
    try {
      await line.line('PONG.');
      if (from !== undefined) absences.tookTcp(performance.now() - from);
      from = undefined;
      await line.ended;
    } catch {
      // It ended before the answer.
    }
    from ??= performance.now();
    signal.removeEventListener('abort', stop);
    line.close();
    await pause(pingMs);
  }
}
