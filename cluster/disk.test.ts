/** The disk of PostgreSQL is full: under its tables, or under the write-ahead log, where it ends the whole server. */

import { setTimeout as pause } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { seed } from '../proofs/proof.ts';
import { Cluster } from '../testkit/cluster.ts';
import { PostgresServer, postgresUser } from '../testkit/postgres-server.ts';
import { SmallDisk } from '../testkit/small-disk.ts';
import { inWords } from '../testkit/verdict.ts';
import { type OrderReport, orderRun } from './order-run.ts';
import { placeAt, type Refusal, recoveryMs, untilReady } from './readiness.ts';

const megabytes = 48;

async function mountDisk(stack: AsyncDisposableStack): Promise<SmallDisk> {
  const user = postgresUser();
  const owner = user ? `,uid=${user.uid},gid=${user.gid}` : '';
  const disk = await SmallDisk.mount(stack, megabytes, `mode=0700${owner}`);
  if (!disk)
    throw new Error('this machine does not let the test mount a file system in memory: run it as root');
  return disk;
}

interface FullDiskReport extends OrderReport {
  /** What a hub says to a request while the disk is full. */
  readonly refusal: Refusal | undefined;
  readonly recoveryMs: number;
}

/** People work at the hubs; the disk gets full, and some time later there is room again. */
async function fullDiskRun(
  cluster: Cluster,
  disk: SmallDisk,
  untilBack: () => Promise<void> = () => Promise.resolve(),
): Promise<FullDiskReport> {
  let refusal: Refusal | undefined;
  let tookMs = 0;
  let isOver = false;
  const report = await orderRun(cluster, {
    ...{ seed, stores: 4, drivers: 4, windowMax: 4, settleMs: 60_000 },
    answers: () => !isOver,
    async disturb(_, recorder) {
      try {
        recorder.connect('red', { url: cluster.url, identity: { role: 'vendor', store: 'red' } });
        await recorder.answered(200);
        disk.fill();
        await untilReady(cluster, [503, 503]);
        for (let i = 0; !refusal; i += 1)
          refusal = await placeAt(cluster.urlOf(1), recorder, 'red', `full-${i}`);
        disk.makeRoom();
        const from = performance.now();
        await untilBack();
        await recoveryMs(cluster, recorder);
        tookMs = performance.now() - from;
      } finally {
        isOver = true;
      }
    },
  });
  return { ...report, refusal, recoveryMs: tookMs };
}

it('[D1][D4][S4] no room for the tables: hubs refuse in words, and record again when there is room', async () => {
  await using stack = new AsyncDisposableStack();
  const disk = await mountDisk(stack);
  const server = stack.use(await PostgresServer.start());
  await server.query('postgres', `CREATE TABLESPACE small LOCATION '${disk.folder}'`);
  await server.query('postgres', 'ALTER ROLE caps SET default_tablespace = small');
  const cluster = stack.use(await Cluster.start({ hubs: 2, server }));
  const { verdict, refusal, ...numbers } = await fullDiskRun(cluster, disk);
  console.log(`SEED=${seed}`, refusal, numbers, cluster.hubs[0]?.logged);
  expect(inWords(verdict)).toBe('');
  expect(refusal?.status).toBe(503);
  expect(['unavailable', 'busy']).toContain(refusal?.code);
  for (const { logged } of cluster.hubs) expect(logged).toMatch(/a commit failed: .*No space left on device/);
});

it('[D1][D4][S4] no room for the write-ahead log, which ends PostgreSQL: nothing is lost, and hubs record again when it is back', async () => {
  await using stack = new AsyncDisposableStack();
  const disk = await mountDisk(stack);
  const server = stack.use(
    await PostgresServer.start({
      initdb: ['-X', disk.folder, '--wal-segsize=1'],
      settings: ['min_wal_size=2MB', 'max_wal_size=8MB'],
    }),
  );
  const cluster = stack.use(await Cluster.start({ hubs: 2, server }));
  const { verdict, refusal, ...numbers } = await fullDiskRun(cluster, disk, async () => {
    // A server that finds no room when it recovers ends for good.
    while (!(await isAnswering(server))) {
      if (!server.isRunning) await server.run();
      await pause(50);
    }
  });
  console.log(`SEED=${seed}`, refusal, numbers, cluster.hubs[0]?.logged);
  expect(inWords(verdict)).toBe('');
  expect(['unavailable', 'busy']).toContain(refusal?.code);
  expect(cluster.hubs.every(({ isRunning }) => isRunning)).toBe(true);
});

function isAnswering(server: PostgresServer): Promise<boolean> {
  return server.query('postgres', 'SELECT 1').then(
    () => true,
    () => false,
  );
}
