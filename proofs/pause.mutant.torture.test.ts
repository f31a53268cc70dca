import { expect, test } from 'vitest';
import { pauseRun } from './pause-run.ts';
import { seed } from './proof.ts';

test('[C3] a hub that counts a paused driver as gone is found out', {
  timeout: 120_000,
}, async () => {
  const { released, pauses } = await pauseRun({
    ...{ seed, windowMax: 3, settleMs: 20_000, doors: ['socket.io', 'tcp'] },
    ...{ lastsMs: 3_000, hubMs: [300, 1_000], peopleMs: [1_500, 2_500], claimTimeoutS: 1 },
    hub: { script: 'proofs/mutants/silence-only-hub.ts' },
  });
  console.log(`SEED=${seed} ${released.length} released in ${pauses.people} pauses`);
  expect(released.length).toBeGreaterThan(0);
});
