/**
 * A process of reading.bench.ts: a shop that sends a command every 20 ms, without waiting for answers, and measures the
 * latency of each.
 */

import { setTimeout as pause } from 'node:timers/promises';
import type { Command } from '../protocol/messages.ts';
import { openThinClient } from './thin-client.ts';

/** `begin` resets the measurements, `tell` asks for a report. */
export type ProbeOrder = 'begin' | 'tell';
export interface ProbeReport {
  /** Latencies in ascending order; for missing answers, the wait so far. */
  readonly ackMs: readonly number[];
  readonly refused: number;
  readonly unanswered: number;
}

const everyMs = 20;
/** A command without an answer by then counts as unanswered. */
const answerMaxMs = 60_000;
const store = 'probe-flowers';

interface SentCommand {
  readonly at: number;
  ms: number | undefined;
  isRefused: boolean;
  readonly answered: Promise<void>;
}

const [url = ''] = process.argv.slice(2);
const client = await openThinClient(url, { protocol: 1, role: 'vendor', store, after: '0' });
const run = Date.now().toString(36);
let sent: SentCommand[] = [];
let count = 0;

/** Alternates orders and cancellations, so that no order stays open. */
function next(): Command {
  const payload = { store, orderID: `${run}-${Math.floor(count / 2)}` };
  const isOrder = count % 2 === 0;
  count += 1;
  return isOrder
    ? { event: 'pickup', payload: { ...payload, customer: 'Hulda Parker', address: '835 Meluk Pass' } }
    : { event: 'cancelled', payload };
}

function send(): void {
  const at = performance.now();
  const { promise: answered, resolve } = Promise.withResolvers<void>();
  const one: SentCommand = { at, ms: undefined, isRefused: false, answered };
  sent.push(one);
  void client.commands([next()]).then((text) => {
    one.ms = performance.now() - at;
    one.isRefused = text.includes('"ok":false');
    resolve();
  });
}

async function tell(): Promise<void> {
  const lot = sent;
  sent = [];
  await Promise.race([Promise.all(lot.map(({ answered }) => answered)), pause(answerMaxMs)]);
  const now = performance.now();
  const report: ProbeReport = {
    ackMs: lot.map(({ at, ms }) => ms ?? now - at).toSorted((a, b) => a - b),
    refused: lot.filter(({ isRefused }) => isRefused).length,
    unanswered: lot.filter(({ ms }) => ms === undefined).length,
  };
  process.send?.(report);
}

setInterval(send, everyMs);
process.on('message', (order: ProbeOrder) => {
  if (order === 'begin') sent = [];
  else void tell();
});
process.once('disconnect', () => process.exit());
process.send?.('ready');
