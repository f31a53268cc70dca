import { expect, test } from 'vitest';
import { inWords } from '../testkit/verdict.ts';
import { inFigures, seed, tell } from './proof.ts';
import { raceRun } from './race-run.ts';

const parcels = Number(process.env['PARCELS'] ?? 5_000);

test('[C1][C2] sixteen drivers at all doors want the same parcels: each has one winner', async (context) => {
  const { verdict, untold, won, winners, answers } = await raceRun({
    seed,
    parcels,
    drivers: 16,
    settleMs: 60_000,
  });
  const byDoor = Object.entries(winners).map(([door, count]) => `${door} ${count}`);
  tell(context, {
    name: 'races',
    figure: `${inFigures(parcels)} parcels`,
    seed,
    result: `${inFigures(won)} winners (${byDoor.join(', ')}), ${inFigures(answers)} acked; ${inWords(verdict) || 'no faults'}; ${untold.length} not told who won`,
  });
  expect(inWords(verdict)).toBe('');
  expect(untold).toEqual([]);
  expect(won).toBe(parcels);
});
