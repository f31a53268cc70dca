import { expect, test, vi } from 'vitest';
import { flipRun } from './flip-run.ts';
import { seed } from './proof.ts';

test('[S6] whatever bit of the file flips, the hub serves true data or names the damage', {
  timeout: 120_000,
}, async () => {
  const { lies, ...counts } = await flipRun({ seed, flips: Number(process.env['FLIPS'] ?? 80) });
  console.log(`SEED=${seed} ${JSON.stringify(counts)}`);
  expect(lies).toEqual([]);
  // A run that only hit free space would prove nothing.
  expect(counts.named).toBeGreaterThan(13);
});

test('[S6] a store that does not check its checksums is found out', { timeout: 120_000 }, async () => {
  vi.resetModules();
  vi.doMock('node:zlib', async (original) => ({ ...(await original<object>()), crc32: () => 0 }));
  try {
    const unchecked = await import('./flip-run.ts');
    const { lies } = await unchecked.flipRun({ seed, flips: 50 });
    expect(lies.length).toBeGreaterThan(5);
  } finally {
    vi.doUnmock('node:zlib');
    vi.resetModules();
  }
});
