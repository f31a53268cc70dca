/** Overload: shops that do not wait for answers send more than the hub can handle. */

import type { Command } from '../protocol/messages.ts';
import type { ReadingReport } from './reading-task.ts';
import { openThinClient, type ThinClient } from './thin-client.ts';

const shops = 20;
const tickMs = 10;
/** Time for answers after the last command. */
const answerMaxMs = 30_000;

interface SentBatch {
  readonly sentAt: number;
  /** When the hub answered an empty batch sent just before: it had read this one then. */
  receivedAt: number;
  readonly size: number;
  answeredAt: number;
  accepted: number;
  busy: number;
}

export async function offer(url: string, perSecond: number, forMs: number): Promise<ReadingReport> {
  const openings = Array.from({ length: shops }, (_, i) =>
    openThinClient(url, { protocol: 1, role: 'vendor', store: storeOf(i), after: '0' }),
  );
  const clients = await Promise.all(openings);
  const lots: SentBatch[] = [];
  const answers: Promise<void>[] = [];
  const begin = performance.now();
  const size = Math.round((perSecond * tickMs) / 1_000 / shops);
  // Sends all that is due, even if this process is late.
  for (let tick = 0; performance.now() - begin < forMs; ) {
    for (; tick * tickMs <= performance.now() - begin; tick += 1) {
      for (const [i, client] of clients.entries()) answers.push(send(client, i, tick, size, lots));
    }
    await new Promise((resolve) => setTimeout(resolve, tickMs / 2));
  }
  const sentForMs = performance.now() - begin;
  const late = new Promise((resolve) => setTimeout(resolve, answerMaxMs));
  await Promise.race([Promise.all(answers), late]);
  return reportOf(lots, begin, sentForMs);
}

function storeOf(shop: number): string {
  return `offer-${shop}`;
}

async function send(
  client: ThinClient,
  shop: number,
  tick: number,
  size: number,
  lots: SentBatch[],
): Promise<void> {
  const payload = { store: storeOf(shop), customer: 'Hulda Parker', address: '835 Meluk Pass' };
  const batch = Array.from({ length: size }, (_, i): Command => {
    return { event: 'pickup', payload: { ...payload, orderID: `${runName}-${tick}-${i}` } };
  });
  const lot: SentBatch = {
    sentAt: performance.now(),
    receivedAt: 0,
    size,
    answeredAt: 0,
    accepted: 0,
    busy: 0,
  };
  lots.push(lot);
  const received = client.commands([]).then(() => {
    lot.receivedAt = performance.now();
  });
  const text = await client.commands(batch);
  lot.answeredAt = performance.now();
  lot.accepted = text.split('"ok":true').length - 1;
  lot.busy = text.split('"code":"busy"').length - 1;
  await received;
}

function reportOf(lots: readonly SentBatch[], begin: number, forMs: number): ReadingReport {
  const waits = lots
    .filter(({ accepted }) => accepted > 0)
    .map(
      ({ answeredAt, receivedAt, sentAt }) => answeredAt - Math.max(sentAt, Math.min(receivedAt, answeredAt)),
    )
    .toSorted((a, b) => a - b);
  const refused = lots.filter(({ busy }) => busy > 0);
  const firstBusy = Math.min(...refused.map(({ answeredAt }) => answeredAt)) - begin;
  const first = refused.length === 0 ? 'no `busy`' : `first \`busy\` after ${Math.round(firstBusy)} ms`;
  const sum = (count: (lot: SentBatch) => number) => lots.reduce((all, lot) => all + count(lot), 0);
  const perSecond = (count: number) => Math.round((count * 1_000) / forMs).toLocaleString('en');
  const unanswered = sum(({ answeredAt, size }) => (answeredAt === 0 ? size : 0));
  const left = unanswered === 0 ? '' : `, ${unanswered.toLocaleString('en')} never answered`;
  return {
    tookMs: waits,
    said: `${first}; ${perSecond(sum(({ size }) => size))}/s sent, ${perSecond(sum(({ accepted }) => accepted))}/s accepted${left}`,
  };
}

const runName = Date.now().toString(36);
