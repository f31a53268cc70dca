import { expect, test } from 'vitest';
import { inFigures, seed, tell } from './proof.ts';
import { traceSyncs } from './sync-trace.ts';

const wanted = Number(process.env['ACKS'] ?? 20_000);

test('[D1] no client receives a record before the sync that puts it on disk', async (context) => {
  const { acks, syncs, violations, example } = await traceSyncs(wanted, 'server/main.ts');
  tell(context, {
    name: 'sync before ack',
    figure: `${inFigures(acks)} acks, ${inFigures(syncs)} syncs`,
    seed,
    result: `${violations} told before their sync${example ? `, such as ${example}` : ''}`,
  });
  expect([acks, violations]).toEqual([wanted, 0]);
});
