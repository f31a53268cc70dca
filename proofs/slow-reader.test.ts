import { expect, test } from 'vitest';
import { growthMaxBytes, WeighedHub, warmUp } from './slow-reader-run.ts';

/** Records while two clients do not read. */
const unread = 1_500;
/** A plain client takes some 13 s for these: more than the hub ever buffers for it. */
const slowlyRead = 500;

test('[S2] a page and a plain client on TCP that stop reading cost bounded memory, and catch up without a gap', {
  timeout: 240_000,
}, async () => {
  await using hub = await WeighedHub.start();
  const page = await hub.page();
  // First everyone reads, until the caches are full.
  const before = await hub.mostDuring(0, warmUp);
  await page.until(warmUp);
  const plain = await hub.program();

  const lagging = hub.isTold(({ name, lagging }) => name === 'slow' && lagging === true);
  for (const reader of [page, plain]) reader.pause();
  // Twenty megabytes.
  const most = await hub.mostDuring(warmUp, unread);
  console.log(`at most ${before} bytes while all read, ${most} while two did not`);
  expect(most - before).toBeLessThan(growthMaxBytes);
  await lagging;
  for (const reader of [page, plain]) reader.resume();
  await page.until(warmUp + unread);
  expect(page.seqs).toEqual(Array.from({ length: warmUp + unread }, (_, i) => i + 1));

  // The hub spaces its lines, so it is far behind even if it reads.
  await plain.until(warmUp + slowlyRead);
  // The next line may have come with the last.
  expect(plain.seqs.slice(0, slowlyRead)).toEqual(
    Array.from({ length: slowlyRead }, (_, i) => warmUp + i + 1),
  );
  for (const reader of [page, plain]) reader.close();
});
