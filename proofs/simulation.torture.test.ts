import { expect, test } from 'vitest';
import { seed as firstSeed, inFigures, tell } from './proof.ts';
import { fine, outcomeOf, simulate } from './simulation-run.ts';

const worlds = Number(process.env['RUNS'] ?? 2_000);
const answers = 500;
/** Time between two lines of progress. */
const worldsPerLine = 100;

test('[D1][D2][D3][D4][D5][D6][C1][C2] with a failing network and disk and any thresholds, no record is lost, doubled or reordered', async (context) => {
  const total = { acked: 0, hours: 0, breaks: 0, crashes: 0, late: 0, searches: 0 };
  for (let done = 0; done < worlds; done += 1) {
    const seed = firstSeed + done;
    const report = await simulate({ seed, answers });
    const outcome = outcomeOf(report);
    total.acked += report.acked;
    total.hours += report.passedMs / 3_600_000;
    total.breaks += report.mischief.breaks;
    total.crashes += report.mischief.crashes;
    total.late += report.mischief.late;
    total.searches += report.searches;
    const { faults, bugs, misled, isSettled } = outcome;
    const isFine = faults === '' && bugs.length === 0 && misled.length === 0 && isSettled;
    if (isFine && (done + 1) % worldsPerLine !== 0 && done + 1 < worlds) continue;
    tell(context, {
      name: 'simulation',
      figure: `${inFigures(done + 1)} worlds, ${inFigures(total.hours)} hours in them, ${inFigures(total.acked)} acked, ${inFigures(total.breaks)} broken connections, ${inFigures(total.crashes)} crashes, ${inFigures(total.late)} copies later than the end of their connection, ${inFigures(total.searches)} searches`,
      seed: isFine ? firstSeed : seed,
      result: isFine ? 'no faults' : JSON.stringify(outcome),
    });
    expect({ seed, ...outcome }).toEqual({ seed, ...fine });
  }
});
