import { expect, test } from 'vitest';
import { growthMaxBytes, WeighedHub, warmUp } from './slow-reader-run.ts';

/** Records that a reader does not read: enough to tell a hub that buffers everything from a sound one. */
const unread = 4_500;

test('[S2] a hub that keeps sending to a client that does not read is found out', {
  timeout: 240_000,
}, async () => {
  await using hub = await WeighedHub.start('proofs/mutants/keep-sending-hub.ts');
  const reader = await hub.page();
  const before = await hub.mostDuring(0, warmUp);
  await reader.until(warmUp);
  reader.pause();
  const most = await hub.mostDuring(warmUp, unread);
  console.log(`at most ${before} bytes while all read, ${most} while one did not`);
  expect(most - before).toBeGreaterThan(growthMaxBytes);
  reader.close();
});
