import { expect, test } from 'vitest';
import { killRun } from './kill-run.ts';
import { seed as firstSeed, inFigures, tell } from './proof.ts';
import { inWords } from './verdict.ts';

const kills = Number(process.env['KILLS'] ?? 1_000);
/** A round has a log of its own and is checked by itself, so that the history fits in memory. */
const killsPerRound = 20;
/** With the default of kills this comes to more than a million acked commands. */
const answers = [800, 2_400] as const;

test(`[D1][D2][D3][D4][D5] the hub is killed ${kills} times: nothing acked is lost, nothing is there twice`, async (context) => {
  const total = { acked: 0, knownAgain: 0, recoveryMs: 0 };
  for (let done = 0; done < kills; done += killsPerRound) {
    const seed = firstSeed + done;
    const round = Math.min(killsPerRound, kills - done);
    const load = { seed, stores: 4, drivers: 6, windowMax: 16, settleMs: 60_000 };
    const report = await killRun({ ...load, kills: round, answers });
    total.acked += report.acked;
    total.knownAgain += report.knownAgain;
    total.recoveryMs = Math.max(total.recoveryMs, report.recoveryMs);
    const words = inWords(report.verdict);
    // After every round, so that one that fails leaves its seed.
    tell(context, {
      name: 'kills',
      figure: `${inFigures(done + round)} kills, ${inFigures(total.acked)} acked, of which ${inFigures(total.knownAgain)} only when asked again`,
      seed: words === '' ? firstSeed : seed,
      result: `${words || 'no faults'}; live again after ${inFigures(total.recoveryMs)} ms at most`,
    });
    expect(words).toBe('');
    expect(report.resets).toBe(0);
  }
});
