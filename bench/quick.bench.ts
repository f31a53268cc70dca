/**
 * Whether a change of the hot path costs too much, within a minute: the hub's CPU per event, as a ratio to the lab hub's in
 * the same run, against the last row of results.md for the same kind of machine. Fails if the ratio loses more than 15 %.
 *
 * Both hubs take turns, and the middle ratio counts: other work on the machine slows both. Linux only, like life.bench.ts.
 *
 *     npm run bench:quick
 */

import { fileURLToPath } from 'node:url';
import { inWords, type LifeLoad, type Measure, measureLife, medianOf, threadsInWords } from './life-run.ts';
import { median } from './load-process.ts';
import { placeCells } from './machine.ts';
import { lastLife, readResults } from './results.ts';

/** As in the rows to compare with, but shorter. The index of searches begins within the warm-up. */
const load: LifeLoad = { stores: 20, drivers: 20, logs: 3, windowMax: 50, warmUp: 2_000, parcels: 4_000 };
const roundsMax = 5;
/** No round begins that would end past this. */
const budgetMs = 55_000;
/** Of the ratio that the last row has. */
const enough = 0.85;

const place = placeCells(fileURLToPath(new URL('..', import.meta.url)));
const machine = place[2] ?? '';
console.log(`load average before: ${place.at(-1)}`);

const begin = performance.now();
const labHub: Measure[] = [];
const ours: Measure[] = [];
for (let longest = 0; ours.length < roundsMax; ) {
  const roundBegin = performance.now();
  if (ours.length > 0 && roundBegin - begin + longest > budgetMs) break;
  labHub.push(await measureLife('lab', load));
  ours.push(await measureLife('caps', load));
  longest = Math.max(longest, performance.now() - roundBegin);
}

const ratio = median(labHub.map((one, i) => one.microsPerEvent / (ours[i]?.microsPerEvent ?? Number.NaN)));
console.log(`lab  ${inWords(medianOf(labHub))}\ncaps ${inWords(medianOf(ours))}`);
console.log(`       ${threadsInWords(medianOf(ours))}`);
const spread = `${ours.length} rounds in ${Math.round((performance.now() - begin) / 1_000)} s`;
console.log(`1/${ratio.toFixed(2)} of the lab hub's CPU per event (${spread})`);

const last = lastLife(readResults(), machine, `${load.stores} / ${load.drivers} / ${load.logs},`);
if (!last) {
  console.log(`results.md has no row for ${machine} to compare with.`);
} else {
  const share = Math.round((ratio / last.ratio - 1) * 100);
  const change = `${share < 0 ? '−' : '+'}${Math.abs(share)} % against 1/${last.ratio} of ${last.date} (${last.commit})`;
  const isEnough = ratio >= last.ratio * enough;
  console.log(isEnough ? change : `Too slow: ${change}; 15 % less are tolerated.`);
  if (!isEnough) process.exitCode = 1;
}
