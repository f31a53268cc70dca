import { expect, test } from 'vitest';
import { compareChecks } from '../testkit/command-checks.ts';
import { inFigures, seed, tell } from './proof.ts';

const commands = Number(process.env['COMMANDS'] ?? 1_000_000);

test('the quick check of a command agrees with the schema on all that it takes', (context) => {
  const { taken } = compareChecks(commands, seed);
  tell(context, {
    name: 'checks',
    figure: `${inFigures(commands)} commands, ${inFigures(taken)} of them taken by the quick check`,
    seed,
    result: 'no difference',
  });
  expect(taken).toBeGreaterThan(commands / 10);
});
