import { expect, test } from 'vitest';
import { fuzzRun } from './fuzz-run.ts';
import { inFigures, seed, tell } from './proof.ts';

const inputs = Number(process.env['INPUTS'] ?? 100_000);

test('[S1] any input at any door leaves the hub running, and good clients get their answers', async (context) => {
  const { isSame, logged, internals, handled, ended, good, goodMs } = await fuzzRun({ seed, inputs });
  const atDoors = Object.entries(handled).map(([door, count]) => `${door} ${inFigures(count)}`);
  tell(context, {
    name: 'malformed input',
    figure: `${atDoors.join(', ')}; ${inFigures(ended)} connections ended by it`,
    seed,
    result: `${isSame ? 'the same process' : 'the process ended'}, ${internals} internal errors, ${logged === '' ? 'no faults' : 'faults logged'}; a good client answered ${inFigures(good)} times, after ${inFigures(goodMs)} ms at most`,
  });
  expect([isSame, logged, internals]).toEqual([true, '', 0]);
  expect(Object.values(handled).every((count) => count === inputs)).toBe(true);
});
