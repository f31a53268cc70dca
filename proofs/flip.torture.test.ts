import { expect, test } from 'vitest';
import { flipRun } from './flip-run.ts';
import { inFigures, seed, tell } from './proof.ts';

const wanted = Number(process.env['FLIPS'] ?? 10_000);

test('[S6] whatever bit of the file flips, the hub serves true data or names the damage', async (context) => {
  const { flips, refused, named, harmless, lies } = await flipRun({ seed, flips: wanted });
  const found = `${inFigures(named)} named, ${inFigures(refused)} refused at the start, ${inFigures(harmless)} in nothing that is served`;
  const [first] = lies;
  tell(context, {
    name: 'flip',
    figure: `${inFigures(flips)} flips`,
    seed,
    result: `${found}; ${lies.length} served as true${first ? `, such as ${first}` : ''}`,
  });
  expect(lies).toEqual([]);
});
