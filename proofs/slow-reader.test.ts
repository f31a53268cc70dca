import { expect, test } from 'vitest';
import { growthMaxBytes, type Reader, WeighedHub, warmUp } from './slow-reader-run.ts';

/** Records while one client does not read. */
const unread = 1_500;
/** A plain client takes some 13 s for these: more than the hub ever buffers for it. */
const slowlyRead = 500;

test('[S2] a page or a plain client on TCP that stops reading costs bounded memory, and catches up without a gap', {
  timeout: 240_000,
}, async () => {
  await using hub = await WeighedHub.start();
  const reader = await hub.page();
  // First everyone reads, until the caches are full.
  const before = await hub.mostDuring(0, warmUp);
  await reader.until(warmUp);

  const lagging = hub.isTold(({ name, lagging }) => name === 'slow' && lagging === true);
  const most = await mostWhileUnread(hub, reader, warmUp, before);
  expect(most - before).toBeLessThan(growthMaxBytes);
  await lagging;
  reader.resume();
  await reader.until(warmUp + unread);
  expect(reader.seqs).toEqual(Array.from({ length: warmUp + unread }, (_, i) => i + 1));

  // The hub spaces its lines, so it is far behind even if it reads.
  const from = warmUp + unread;
  const plain = await hub.program();
  const mostAfter = await mostWhileUnread(hub, plain, from, before);
  expect(mostAfter - before).toBeLessThan(growthMaxBytes);
  plain.resume();
  await plain.until(from + slowlyRead);
  // The next line may have come with the last.
  expect(plain.seqs.slice(0, slowlyRead)).toEqual(Array.from({ length: slowlyRead }, (_, i) => from + i + 1));
  for (const one of [reader, plain]) one.close();
});

/** Sends twenty megabytes to the readers. @returns the hub's peak memory */
async function mostWhileUnread(
  hub: WeighedHub,
  reader: Reader,
  from: number,
  before: number,
): Promise<number> {
  reader.pause();
  const most = await hub.mostDuring(from, unread);
  console.log(`at most ${before} bytes while all read, ${most} while one did not`);
  return most;
}
