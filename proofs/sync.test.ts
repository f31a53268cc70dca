import { expect, test } from 'vitest';
import { traceSyncs } from './sync-trace.ts';

test('[D1] no client receives a record before the sync that puts it on disk', {
  timeout: 60_000,
}, async () => {
  const report = await traceSyncs(1_000, 'server/main.ts');
  console.log(JSON.stringify(report));
  expect(report).toMatchObject({ acks: 1_000, violations: 0 });
  expect(report.syncs).toBeGreaterThan(10);
});

test.each([
  ['syncs only now and then', 'proofs/mutants/lazy-sync-hub.ts'],
  ['acks before it writes', 'proofs/mutants/early-ack-hub.ts'],
])('[D1] a hub that %s is found out', { timeout: 60_000 }, async (_, script) => {
  const report = await traceSyncs(200, script);
  console.log(JSON.stringify(report));
  expect(report.acks).toBe(200);
  expect(report.violations).toBeGreaterThan(100);
});
