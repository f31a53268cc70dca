import { expect, test } from 'vitest';
import { inWords } from '../testkit/verdict.ts';
import { killRun } from './kill-run.ts';
import { seed as firstSeed, inFigures, tell } from './proof.ts';

const kills = Number(process.env['KILLS'] ?? 1_000);
/** Each round has its own log and check, so that the history fits into memory. */
const killsPerRound = 20;
/** Includes refusals. The default number of kills gives more than a million acked commands. */
const answers = [1_100, 2_600] as const;
/** Concurrent rounds: clients reconnect for most of a round. */
const lanes = 3;
const ackedPerKillMin = 1_000;

test(`[D1][D2][D3][D4][D5] the hub is killed ${kills} times: no acked record is lost or doubled`, async (context) => {
  const total = { kills: 0, acked: 0, knownAgain: 0, recoveryMs: 0 };
  const playRound = async (done: number): Promise<void> => {
    const seed = firstSeed + done;
    const round = Math.min(killsPerRound, kills - done);
    const load = { seed, stores: 8, drivers: 16, windowMax: 24, settleMs: 60_000 };
    const report = await killRun({ ...load, kills: round, answers });
    total.kills += round;
    total.acked += report.acked;
    total.knownAgain += report.knownAgain;
    total.recoveryMs = Math.max(total.recoveryMs, report.recoveryMs);
    const words = inWords(report.verdict);
    // After each round, so that a failing one leaves its seed.
    tell(context, {
      name: 'kills',
      figure: `${inFigures(total.kills)} kills, ${inFigures(total.acked)} acked, of which ${inFigures(total.knownAgain)} only when asked again`,
      seed: words === '' ? firstSeed : seed,
      result: `${words || 'no faults'}; live again after ${inFigures(total.recoveryMs)} ms at most`,
    });
    expect(words).toBe('');
    expect(report.resets).toBe(0);
  };
  const starts = Array.from(
    { length: Math.ceil(kills / killsPerRound) },
    (_, i) => i * killsPerRound,
  ).values();
  const playRounds = async () => {
    for (const done of starts) await playRound(done);
  };
  await Promise.all(Array.from({ length: lanes }, playRounds));
  if (kills >= 1_000) expect(total.acked).toBeGreaterThanOrEqual(kills * ackedPerKillMin);
});
