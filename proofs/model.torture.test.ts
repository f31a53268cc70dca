import fc from 'fast-check';
import { expect, test } from 'vitest';
import { likeTheModel } from '../testkit/simulation/world.ts';
import { inFigures, seed, tell } from './proof.ts';

const numRuns = Number(process.env['RUNS'] ?? 10_000);

test('[D2][D4][D5][C1][C2] the hub agrees with the model for any sequence of commands', async (context) => {
  const outcome = await fc.check(likeTheModel(), { numRuns, seed });
  const { failed, counterexample, counterexamplePath } = outcome;
  tell(context, {
    name: 'model',
    figure: `${inFigures(outcome.numRuns)} runs`,
    seed,
    result: failed
      ? `differs at path ${counterexamplePath}: ${JSON.stringify(counterexample)}`
      : 'no difference',
  });
  expect(failed).toBe(false);
});
