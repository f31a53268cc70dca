import { expect } from 'playwright/test';

const triesMax = 5;
/** Of the processor's time. */
const spinMs = 50;

/**
 * Expects one of a few tries to take at most this long. A busy machine may be slow, but hardly each time; a slow product
 * is. Where each try was slow, what other programs took of the machine is allowed for.
 * @param tookMs what the tries so far took, in milliseconds; further ones are added
 * @param again tries once more
 */
export async function expectFast(
  maxMs: number,
  tookMs: number[],
  again: () => Promise<number>,
): Promise<void> {
  while (Math.min(...tookMs) > maxMs && tookMs.length < triesMax) tookMs.push(await again());
  const bestMs = Math.min(...tookMs);
  const allowedMs = bestMs > maxMs ? maxMs * slowness() : maxMs;
  expect(bestMs, `milliseconds: ${tookMs}`).toBeLessThanOrEqual(allowedMs);
}

/** How many times as long as on an idle machine the same work takes now. */
function slowness(): number {
  const [start, cpu] = [performance.now(), process.cpuUsage()];
  let usedMs = 0;
  while (usedMs < spinMs) {
    const { user, system } = process.cpuUsage(cpu);
    usedMs = (user + system) / 1_000;
  }
  return Math.max(1, (performance.now() - start) / usedMs);
}
