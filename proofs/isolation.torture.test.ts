import { expect, test } from 'vitest';
import { isolationRun } from './isolation-run.ts';
import { inFigures, seed, tell } from './proof.ts';

const parcels = Number(process.env['PARCELS_PER_STORE'] ?? 400);
const stores = 50;
/** Stores that ask every route for data of others. */
const asking = Number(process.env['ASKING'] ?? stores);

test('[A1] fifty stores use a hub together: no byte of one’s parcels reaches another', async (context) => {
  const report = await isolationRun({ seed, stores, drivers: 20, parcels, asking });
  const { foreign, examples, counted, events, bytes, requests, reconnects, deaf } = report;
  tell(context, {
    name: 'isolation',
    figure: `${stores} stores, ${inFigures(events)} events, ${inFigures(reconnects)} reconnects, ${inFigures(requests)} REST requests by ${asking} of them, ${inFigures(bytes / 2 ** 20)} MiB heard`,
    seed,
    result: `${foreign} foreign canaries, ${counted.length} stores told of others’ numbers, ${deaf} deaf`,
  });
  expect([...examples, ...counted]).toEqual([]);
  expect([foreign, deaf]).toEqual([0, 0]);
});
