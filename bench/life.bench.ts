/**
 * Runs whole lives of parcels through the lab's hub and through ours, alternating on the same machine. The hub and the
 * load are separate processes. The result is the hub's CPU time per event; events per second measure the slowest part,
 * which may be the load.
 *
 * Linux only, because it reads the CPU time from /proc.
 *
 *     npm run bench -- --parcels 20000 --drivers 20 --rounds 3 --record
 */

import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { type HubName, inWords, type Measure, measureLife, medianOf, threadsInWords } from './life-run.ts';
import { placeCells } from './machine.ts';
import { addRows } from './results.ts';

const { values } = parseArgs({
  options: {
    parcels: { type: 'string', default: '20000' },
    stores: { type: 'string', default: '20' },
    drivers: { type: 'string', default: '20' },
    logs: { type: 'string', default: '3' },
    window: { type: 'string', default: '50' },
    rounds: { type: 'string', default: '3' },
    /** Adds a line to results.md. */
    record: { type: 'boolean', default: false },
    /** Writes a CPU profile of our hub into this folder. */
    profile: { type: 'string' },
    /** The folder of another version of our hub, to compare. */
    tree: { type: 'string' },
    /** Runs only one of the two hubs. */
    only: { type: 'string' },
  },
});
const load = {
  stores: Number(values.stores),
  drivers: Number(values.drivers),
  logs: Number(values.logs),
  windowMax: Number(values.window),
  warmUp: Math.ceil(Number(values.parcels) / 5),
  parcels: Number(values.parcels),
};

const place = placeCells(fileURLToPath(new URL('..', import.meta.url)));

function record(labHub: Measure, ours: Measure, rounds: number): void {
  addRows('Results', [
    [
      ...place,
      `${load.stores} / ${load.drivers} / ${load.logs}, window ${load.windowMax}, ${rounds} × ${load.parcels} parcels`,
      ...[labHub, ours].map(
        (one) =>
          `${Math.round(one.eventsPerSecond)} · ${one.microsPerEvent.toFixed(1)} · ${one.busy.toFixed(2)}`,
      ),
      `${(ours.eventsPerSecond / labHub.eventsPerSecond).toFixed(2)} ×`,
      `1/${(labHub.microsPerEvent / ours.microsPerEvent).toFixed(2)}`,
    ],
  ]);
}

console.log(`load average before: ${place.at(-1)}`);
const runs: Record<HubName, Measure[]> = { lab: [], caps: [] };
const names: readonly HubName[] =
  values.only === 'lab' ? ['lab'] : values.only === 'caps' ? ['caps'] : ['lab', 'caps'];
for (let round = 0; round < Number(values.rounds); round += 1) {
  for (const name of names) {
    const run = await measureLife(name, load, { profile: values.profile, tree: values.tree });
    runs[name].push(run);
    console.log(`${name.padEnd(4)} ${inWords(run)}`);
    if (name === 'caps') console.log(`       ${threadsInWords(run)}`);
  }
}
if (names.length === 2) {
  const [labHub, ours] = [medianOf(runs.lab), medianOf(runs.caps)];
  const faster = (ours.eventsPerSecond / labHub.eventsPerSecond).toFixed(2);
  const cheaper = (labHub.microsPerEvent / ours.microsPerEvent).toFixed(2);
  console.log(
    `\nlab  ${inWords(labHub)}\ncaps ${inWords(ours)}\n       ${threadsInWords(ours)}\n     ${faster} × the events/s, 1/${cheaper} of the CPU per event`,
  );
  if (values.record) record(labHub, ours, runs.caps.length);
}
