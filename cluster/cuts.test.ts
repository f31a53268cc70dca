import { afterAll, beforeAll, expect, it } from 'vitest';
import { seed } from '../proofs/proof.ts';
import { seeded } from '../testkit/chance.ts';
import { Cluster } from '../testkit/cluster.ts';
import { PostgresServer } from '../testkit/postgres-server.ts';
import { inWords } from '../testkit/verdict.ts';
import { cutsRun, Scissors } from './cuts-run.ts';
import { orderRun } from './order-run.ts';

const cuts = Number(process.env['CUTS'] ?? 60);

let server: PostgresServer;
beforeAll(async () => {
  server = await PostgresServer.start();
});
afterAll(() => server.remove());

it('[D1][D4] commands without ids, whose commits lose their answers, are recorded once or not at all, as they are answered', async () => {
  const { wrong, unanswered, isDense, answers, ...numbers } = await cutsRun(server, { seed, cuts });
  console.log(`SEED=${seed}`, numbers);
  expect([...wrong, ...unanswered]).toEqual([]);
  expect(isDense).toBe(true);
  expect([...answers].filter((said) => !['ok', 'unavailable', 'busy'].includes(said))).toEqual([]);
  expect(answers).toContain('ok');
});

it('[D1][D2][D4] three hubs whose commits lose their answers have one order, and find out themselves what is recorded', async () => {
  await using cluster = await Cluster.start({ hubs: 3, server, wired: true });
  const scissors = new Scissors(cluster.wires, seeded(seed), 40);
  const { verdict, ...numbers } = await orderRun(cluster, {
    ...{ seed, stores: 8, drivers: 8, windowMax: 8, settleMs: 60_000 },
    answers: () => scissors.count < 40,
  });
  console.log(`SEED=${seed}`, scissors.byFate, numbers);
  expect(inWords(verdict)).toBe('');
  // A client whose connection broke asks again; a hub that does not find out would make far more of them ask.
  expect(numbers.knownAgain).toBeLessThan(10);
});
