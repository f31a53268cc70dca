import { expect, test } from 'vitest';
import { traceSyncs } from './sync-trace.ts';

const acks = Number(process.env['ACKS'] ?? 20_000);

test(`[D1] of ${acks} acks, each comes after the sync of its record`, async () => {
  const report = await traceSyncs(acks, 'server/main.ts');
  console.log(JSON.stringify(report));
  expect(report).toMatchObject({ acks, violations: 0 });
});
