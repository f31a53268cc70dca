/**
 * A process of reading.bench.ts: somebody who works while others read. A shop that sends a command every 20 ms, whether
 * the ones before are answered or not, and measures how long each answer takes.
 */

import { setTimeout as pause } from 'node:timers/promises';
import type { Command } from '../protocol/messages.ts';
import { openThinClient } from './thin-client.ts';

/** What it is told: to begin anew, or to say how it went since. */
export type PulseOrder = 'begin' | 'tell';
export interface PulseReport {
  /** How long each answer took, ascending; of those that have not come, how long they have been waited for. */
  readonly ackMs: readonly number[];
  readonly refused: number;
  readonly unanswered: number;
}

const everyMs = 20;
/** What is not answered by then counts as unanswered. */
const answerMaxMs = 60_000;
const store = 'pulse-flowers';

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

/** An order and then its end, so that none stays open. */
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
  const report: PulseReport = {
    ackMs: lot.map(({ at, ms }) => ms ?? now - at).toSorted((a, b) => a - b),
    refused: lot.filter(({ isRefused }) => isRefused).length,
    unanswered: lot.filter(({ ms }) => ms === undefined).length,
  };
  process.send?.(report);
}

setInterval(send, everyMs);
process.on('message', (order: PulseOrder) => {
  if (order === 'begin') sent = [];
  else void tell();
});
process.once('disconnect', () => process.exit());
process.send?.('ready');
