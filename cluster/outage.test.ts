import { afterAll, beforeAll, expect, it } from 'vitest';
import { seed } from '../proofs/proof.ts';
import { Cluster } from '../testkit/cluster.ts';
import { PostgresServer } from '../testkit/postgres-server.ts';
import { inWords } from '../testkit/verdict.ts';
import { orderRun } from './order-run.ts';
import { recoveryMaxMs, recoveryMs, untilReady } from './readiness.ts';

let server: PostgresServer;
beforeAll(async () => {
  server = await PostgresServer.start();
});
afterAll(() => server.remove());

const usual = { seed, stores: 6, drivers: 6, windowMax: 4, settleMs: 60_000 };

it('[D1][D2][D4] PostgreSQL restarted, killed and frozen under load: hubs say that they are not ready, and go on when it is back', async () => {
  await using cluster = await Cluster.start({ hubs: 3, server });
  const tookMs: Record<string, number> = {};
  let isOver = false;
  const { verdict, ...numbers } = await orderRun(cluster, {
    ...usual,
    answers: () => !isOver,
    async disturb(_, recorder) {
      await recorder.answered(100);
      for (const signal of ['SIGINT', 'SIGKILL'] as const) {
        await server.stop(signal);
        await untilReady(cluster, [503, 503, 503]);
        await server.run();
        tookMs[signal] = await recoveryMs(cluster, recorder);
      }
      server.pause();
      await untilReady(cluster, [503, 503, 503]);
      server.resume();
      tookMs['frozen'] = await recoveryMs(cluster, recorder);
      isOver = true;
    },
  });
  console.log(`SEED=${seed}`, tookMs, numbers);
  expect(inWords(verdict)).toBe('');
  expect(Math.max(...Object.values(tookMs))).toBeLessThan(recoveryMaxMs);
  expect(cluster.hubs.every(({ isRunning }) => isRunning)).toBe(true);
});

it('[D1][D2][D4] a hub that is frozen, killed or cut off with the head in its hands holds the others up for seconds at most', async () => {
  await using cluster = await Cluster.start({ hubs: 3, server, wired: true });
  const [hub] = cluster.hubs;
  const [wire] = cluster.wires;
  if (!hub || !wire) throw new Error('no hub');
  const tookMs: Record<string, number> = {};
  let isOver = false;
  const { verdict, ...numbers } = await orderRun(cluster, {
    ...usual,
    answers: () => !isOver,
    async disturb(_, recorder) {
      const [own, ...shops] = [0, 1, 2].map((i) => {
        const store = `at-hub-${i}`;
        return recorder.connect(store, { url: cluster.urlOf(i), identity: { role: 'vendor', store } });
      });
      const order = { customer: 'Hulda', address: '1 Long Road' };
      /** The first hub stands still with the head: its COMMIT is on its way, and stays there. */
      const untilItHolds = (orderID: string) =>
        new Promise<void>((resolve) => {
          wire.onCommit = () => {
            wire.onCommit = () => 'pass';
            resolve();
            return 'hold';
          };
          void own?.command({ event: 'pickup', payload: { ...order, orderID, store: 'at-hub-0' } });
        });
      /** Milliseconds until the others record. */
      const othersMs = async (orderID: string): Promise<number> => {
        const from = performance.now();
        await Promise.all(
          shops.map((shop, i) =>
            shop.command({ event: 'pickup', payload: { ...order, orderID, store: `at-hub-${i + 1}` } }),
          ),
        );
        return performance.now() - from;
      };
      await recorder.answered(100);
      await untilItHolds('frozen');
      hub.pause();
      tookMs['frozen'] = await othersMs('frozen');
      wire.release();
      hub.resume();
      await recoveryMs(cluster, recorder);

      await untilItHolds('killed');
      await hub.kill();
      tookMs['killed'] = await othersMs('killed');
      wire.release();
      await hub.start();
      await recoveryMs(cluster, recorder);

      await untilItHolds('cut-off');
      wire.hold();
      tookMs['cut off'] = await othersMs('cut-off');
      // Its clients are there, and it says that it cannot record.
      await untilReady(cluster, [503, 200, 200]);
      wire.release();
      tookMs['cut off, until it is back'] = await recoveryMs(cluster, recorder);
      isOver = true;
    },
  });
  console.log(`SEED=${seed}`, tookMs, numbers);
  expect(inWords(verdict)).toBe('');
  expect(Math.max(...Object.values(tookMs))).toBeLessThan(recoveryMaxMs);
});
