/**
 * Scenarios beside the whole life of parcels, each with the goal that it must reach: other brokers, overload, storms of
 * connections, lost networks, bytes. Each ends by itself within about a minute.
 *
 * Linux only, because it reads CPU times from /proc.
 *
 *     npm run bench:scenarios -- --record
 *     npm run bench:scenarios -- --only open-loop,storm
 *     npm run bench:scenarios -- --share 0.1
 */

import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { placeCells } from './machine.ts';
import { addRows, rowOf } from './results.ts';
import { ceiling } from './scenarios/ceiling.ts';
import { disk } from './scenarios/disk.ts';
import { durable } from './scenarios/durable.ts';
import { fanOut } from './scenarios/fan-out.ts';
import { jitter } from './scenarios/jitter.ts';
import { openLoop } from './scenarios/open-loop.ts';
import { plainClients } from './scenarios/plain-clients.ts';
import { cellsOf, type Scenario } from './scenarios/scenario.ts';
import { deploy, storm } from './scenarios/storms.ts';

const scenarios: readonly Scenario[] = [
  plainClients,
  durable,
  ceiling,
  openLoop,
  fanOut,
  storm,
  jitter,
  deploy,
  disk,
];

const { values } = parseArgs({
  options: {
    /** Names, separated by commas. */
    only: { type: 'string' },
    /** Connections and time for a try, as a share of the usual ones. */
    share: { type: 'string', default: '1' },
    /** Adds the rows to results.md. */
    record: { type: 'boolean', default: false },
  },
});
const share = Number(values.share);
if (values.record && share !== 1) throw new Error('A try is not recorded.');

function wanted(): readonly Scenario[] {
  if (values.only === undefined) return scenarios;
  return values.only.split(',').map((name) => {
    const found = scenarios.find((one) => one.name === name);
    if (!found) throw new Error(`There are ${scenarios.map((one) => one.name).join(', ')}; not ${name}.`);
    return found;
  });
}

const tree = fileURLToPath(new URL('..', import.meta.url));
let failures = 0;
for (const { name, run } of wanted()) {
  const place = placeCells(tree);
  const begin = performance.now();
  try {
    for (const outcome of await run(share)) {
      const cells = [...place, ...cellsOf(outcome)];
      console.log(rowOf(cells));
      if (values.record) addRows('Scenarios', [cells]);
    }
  } catch (error) {
    failures += 1;
    console.error(`${name} failed:`, error);
  }
  console.log(`${name}: ${((performance.now() - begin) / 1_000).toFixed(0)} s`);
}
process.exitCode = failures === 0 ? 0 : 1;
