import { expect, test } from 'vitest';
import { powerRun } from './power-run.ts';
import { inFigures, seed, tell } from './proof.ts';

const wanted = Number(process.env['CUTS'] ?? 1_000);

test('[D1][D2][D5] after a power cut the log has every acked record and no hole', async (context) => {
  const load = { acks: 2_000, script: 'proofs/mutants/often-folded-hub.ts' };
  const { cuts, acks, writes, syncs, folds, faults } = await powerRun({ seed, cuts: wanted, ...load });
  const [first] = faults;
  tell(context, {
    name: 'powercut',
    figure: `${inFigures(cuts)} cuts of ${inFigures(acks * 3)} acks, ${inFigures(writes)} writes, ${inFigures(syncs)} syncs, ${inFigures(folds)} folds of the WAL`,
    seed,
    result: first === undefined ? 'no faults' : `${faults.length} with faults, such as ${first}`,
  });
  expect(faults).toEqual([]);
});
