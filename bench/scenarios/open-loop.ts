/** A thousand shops that send at an even pace, whether the hub keeps up or not. */

import { startHub } from '../../testkit/hub-process.ts';
import { Helper } from '../helper.ts';
import { cpuSecondsOf } from '../machine.ts';
import type { EvenJob, EvenReport } from './even-load.ts';
import { atMost, grouped, inMs, type Outcome, quantile, quantilesOf, type Scenario } from './scenario.ts';

const usualShops = 1_000;
const paces = [
  { perSecond: 3_000, ackP99MaxMs: 10 },
  { perSecond: 10_000, ackP99MaxMs: 25 },
] as const;
const warmUpMs = 3_000;
const usualForMs = 10_000;
const openMaxMs = 60_000;
const reportMaxMs = 60_000;

export const openLoop: Scenario = {
  name: 'open-loop',
  async run(share) {
    const outcomes: Outcome[] = [];
    for (const { perSecond, ackP99MaxMs } of paces)
      outcomes.push(await measure(perSecond, ackP99MaxMs, share));
    return outcomes;
  },
};

async function measure(perSecond: number, ackP99MaxMs: number, share: number): Promise<Outcome> {
  const shops = Math.ceil(usualShops * share);
  const forMs = usualForMs * share;
  const hub = await startHub({ env: { CAPS_CONNECTIONS: 'off' } });
  const job = { url: hub.url, shops, perSecond, warmUpMs, forMs } satisfies EvenJob;
  const load = new Helper('scenarios/even-load.ts', [JSON.stringify(job)]);
  try {
    await load.next(openMaxMs);
    const from = { hub: cpuSecondsOf(hub.pid), load: cpuSecondsOf(load.pid), ms: performance.now() };
    load.send('begin');
    const report = await load.next<EvenReport>(reportMaxMs);
    const seconds = (performance.now() - from.ms) / 1_000;
    const busy = (cpu: number) => (cpu / seconds).toFixed(2);
    const { ackMs, lateMs, refused, unanswered } = report;
    const ascending = ackMs.toSorted((a, b) => a - b);
    const late = lateMs.toSorted((a, b) => a - b);
    const left = unanswered === 0 ? '' : `, ${grouped(unanswered)} unanswered`;
    return {
      what: `open loop: ${grouped(shops)} shops offer ${grouped(perSecond)} events/s evenly for ${forMs / 1_000} s; ack from when it was due: p50 · p99 · max`,
      measured: `${quantilesOf(ackMs)}; ${grouped(refused)} of ${grouped(ackMs.length + unanswered)} refused${left}`,
      beside: `sent late: p99 ${inMs(quantile(late, 0.99))}; busy: hub ${busy(cpuSecondsOf(hub.pid) - from.hub)}, load ${busy(cpuSecondsOf(load.pid) - from.load)}`,
      goals: [
        atMost('ack p99', quantile(ascending, 0.99), ackP99MaxMs, 'ms'),
        atMost('refused or unanswered', refused + unanswered, 0, ''),
      ],
    };
  } finally {
    load.end();
    await hub.dispose();
  }
}
