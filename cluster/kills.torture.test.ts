import { afterAll, beforeAll, expect, it } from 'vitest';
import { inFigures, seed, tell } from '../proofs/proof.ts';
import { PostgresServer } from '../testkit/postgres-server.ts';
import { inWords } from '../testkit/verdict.ts';
import { killsRun } from './kills-run.ts';

const kills = Number(process.env['KILLS'] ?? 100);
/** Time in which everybody is at the other hub. */
const backMaxMs = 5_000;

let server: PostgresServer;
beforeAll(async () => {
  server = await PostgresServer.start();
});
afterAll(() => server.remove());

it('[D1][D2][D4] hubs behind HAProxy that are killed under load lose nothing and double nothing, and their clients are back within 5 s', async (context) => {
  const run = await killsRun(server, { seed, kills, settleMs: 60_000 });
  const { verdict, acked, knownAgain, resets, breaks } = run;
  const [backMs, tcpBackMs] = [run.backMs, run.tcpBackMs].map((all) => all.toSorted((a, b) => a - b));
  const inMs = (all: readonly number[] = []) =>
    `${inFigures(all[Math.floor(all.length / 2)] ?? 0)} ms, ${inFigures(all.at(-1) ?? 0)} ms at most`;
  tell(context, {
    name: 'kills behind HAProxy',
    figure: `${inFigures(kills)} kills, ${inFigures(acked)} acked, of which ${inFigures(knownAgain)} only when asked again; ${inFigures(breaks)} broken connections`,
    seed,
    result: `${inWords(verdict) || 'no faults'}; ${resets} resets; the last client was back after ${inMs(backMs)}; at the TCP door after ${inMs(tcpBackMs)}`,
  });
  expect(inWords(verdict)).toBe('');
  expect(resets).toBe(0);
  expect(breaks).toBeGreaterThan(kills);
  // Half of the kills, because a busy machine is late now and then.
  for (const all of [backMs, tcpBackMs]) expect(all?.[Math.floor(kills / 2)]).toBeLessThan(backMaxMs);
});
