/** One event, and a thousand who hear of it at once. */

import { startHub } from '../../testkit/hub-process.ts';
import { Helper } from '../helper.ts';
import { cpuSecondsOf } from '../machine.ts';
import type { FanOutJob, FanOutReport } from './fan-out-load.ts';
import { atLeast, grouped, quantilesOf, type Scenario } from './scenario.ts';

const usualReaders = 1_000;
const single = 100;
const batch = 50;
const usualForMs = 5_000;
const deliveriesMin = 300_000;
const openMaxMs = 60_000;
const reportMaxMs = 120_000;

export const fanOut: Scenario = {
  name: 'fan-out',
  async run(share) {
    const readers = Math.ceil(usualReaders * share);
    const hub = await startHub({ env: { CAPS_CONNECTIONS: 'off' } });
    const job = { url: hub.url, readers, single, batch, forMs: usualForMs * share } satisfies FanOutJob;
    const load = new Helper('scenarios/fan-out-load.ts', [JSON.stringify(job)]);
    try {
      await load.next(openMaxMs);
      const from = { hub: cpuSecondsOf(hub.pid), load: cpuSecondsOf(load.pid), ms: performance.now() };
      load.send('begin');
      const { singleMs, stream } = await load.next<FanOutReport>(reportMaxMs);
      const seconds = (performance.now() - from.ms) / 1_000;
      const busy = (cpu: number) => (cpu / seconds).toFixed(2);
      const rate = (stream.deliveries * 1_000) / stream.ms;
      const mean = singleMs.reduce((sum, ms) => sum + ms, 0) / singleMs.length;
      return [
        {
          what: `fan-out of offers to ${grouped(readers)} drivers: a stream, ${batch} under way; then one at a time, until the last driver has it`,
          measured: `${grouped(rate)} deliveries/s in the stream; one at a time ${grouped((readers * 1_000) / mean)}/s`,
          beside: `one at a time: ${quantilesOf(singleMs)} (p50 · p99 · max); busy: hub ${busy(cpuSecondsOf(hub.pid) - from.hub)}, load ${busy(cpuSecondsOf(load.pid) - from.load)}`,
          goals: [atLeast('in the stream', rate, deliveriesMin, 'deliveries/s')],
        },
      ];
    } finally {
      load.end();
      await hub.dispose();
    }
  },
};
