/** What `npm run test:cluster` does, at length. */

import { afterAll, beforeAll, expect, it } from 'vitest';
import { inFigures, seed, tell } from '../proofs/proof.ts';
import { raceRun } from '../proofs/race-run.ts';
import { Cluster } from '../testkit/cluster.ts';
import { PostgresServer } from '../testkit/postgres-server.ts';
import { inWords } from '../testkit/verdict.ts';
import { cutsRun } from './cuts-run.ts';
import { failoverRun } from './failover-run.ts';
import { orderRun } from './order-run.ts';

const lengths = {
  events: Number(process.env['EVENTS'] ?? 100_000),
  failovers: Number(process.env['FAILOVERS'] ?? 100),
  parcels: Number(process.env['PARCELS'] ?? 5_000),
  cuts: Number(process.env['CUTS'] ?? 1_000),
};

let server: PostgresServer;
beforeAll(async () => {
  server = await PostgresServer.start();
});
afterAll(() => server.remove());

it('[D2] three hubs have one order of 100,000 events of eight stores, for everyone at any of them', async (context) => {
  await using cluster = await Cluster.start({ hubs: 3, server });
  const { verdict, acked, records, resets, perSecond } = await orderRun(cluster, {
    // Much is under way at once, so that a busy machine does not make it last for hours.
    ...{ seed, stores: 8, drivers: 8, windowMax: 64, hands: 16, settleMs: 10 * 60_000 },
    answers: (acked) => acked < lengths.events,
  });
  tell(context, {
    name: 'order of hubs',
    figure: `${inFigures(records)} events, ${inFigures(acked)} acked at ${inFigures(perSecond)}/s`,
    seed,
    result: `${inWords(verdict) || 'no faults'}; ${resets} resets`,
  });
  expect(inWords(verdict)).toBe('');
  expect(records).toBeGreaterThanOrEqual(lengths.events);
  expect(resets).toBe(0);
});

it('[D3] a database that comes back without the end of the log, again and again: each time a new epoch, and nobody goes on silently', async (context) => {
  await using cluster = await Cluster.start({ hubs: 3 });
  const { failovers } = lengths;
  const { silent, epochs, recoveryMs } = await failoverRun(cluster, { seed, failovers, settleMs: 60_000 });
  tell(context, {
    name: 'failovers',
    figure: `${inFigures(failovers)} failovers of three hubs, one of which is killed each time`,
    seed,
    result: `${inFigures(epochs - 1)} new epochs, ${silent.length} silent; every hub records again after ${inFigures(recoveryMs)} ms at most`,
  });
  expect(silent).toEqual([]);
  expect(epochs).toBe(failovers + 1);
});

it('[C1][C2] sixteen drivers at all doors of three hubs want 5,000 parcels: each has one winner', async (context) => {
  await using cluster = await Cluster.start({ hubs: 3, server, tcp: true });
  const { parcels } = lengths;
  const { verdict, untold, won, winners, answers } = await raceRun({
    ...{ seed, parcels, drivers: 16, settleMs: 60_000, cluster },
  });
  const byDoor = Object.entries(winners).map(([door, count]) => `${door} ${count}`);
  tell(context, {
    name: 'races at hubs',
    figure: `${inFigures(parcels)} parcels`,
    seed,
    result: `${inFigures(won)} winners (${byDoor.join(', ')}), ${inFigures(answers)} acked; ${inWords(verdict) || 'no faults'}; ${untold.length} not told who won`,
  });
  expect(inWords(verdict)).toBe('');
  expect(untold).toEqual([]);
  expect(won).toBe(parcels);
});

it('[D1][D4] a thousand commits that lose their answers are recorded once or not at all, as they are answered', async (context) => {
  const { wrong, unanswered, isDense, answers, ...numbers } = await cutsRun(server, {
    ...{ seed, cuts: lengths.cuts },
  });
  const byFate = Object.entries(numbers.byFate).map(([fate, count]) => `${fate} ${count}`);
  tell(context, {
    name: 'cut commits',
    figure: `${inFigures(lengths.cuts)} cuts (${byFate.join(', ')})`,
    seed,
    result: `${inFigures(numbers.answered)} answered, ${inFigures(numbers.recorded)} recorded; ${wrong.length} otherwise than answered, ${unanswered.length} without an answer`,
  });
  expect([...wrong, ...unanswered]).toEqual([]);
  expect(isDense).toBe(true);
  expect([...answers].filter((said) => !['ok', 'unavailable', 'busy'].includes(said))).toEqual([]);
});
