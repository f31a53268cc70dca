/**
 * A load process of the scenario `open-loop`: many shops send a command each in turn, evenly spaced, whether the ones
 * before are answered or not. A latency counts from the moment when the command was due, so that a late load cannot hide a
 * late hub.
 */

import { setTimeout as pause } from 'node:timers/promises';
import { openThinClient, type ThinClient } from '../thin-client.ts';
import { pickupOf, shopName, stepOf } from './orders.ts';

export interface EvenJob {
  readonly url: string;
  readonly shops: number;
  readonly perSecond: number;
  readonly warmUpMs: number;
  readonly forMs: number;
}

export interface EvenReport {
  readonly ackMs: readonly number[];
  /** How late commands were sent. */
  readonly lateMs: readonly number[];
  readonly refused: number;
  readonly unanswered: number;
}

const job = JSON.parse(process.argv[2] ?? '') as EvenJob;
/** Connections opened at a time. */
const atATime = 50;
const tickMs = 1;
/** Time for the last answers. */
const answerMaxMs = 15_000;

async function openShops(): Promise<ThinClient[]> {
  const clients: ThinClient[] = [];
  while (clients.length < job.shops) {
    const some = Array.from({ length: Math.min(atATime, job.shops - clients.length) }, (_, i) =>
      openThinClient(job.url, { protocol: 1, role: 'vendor', store: shopName(clients.length + i) }),
    );
    clients.push(...(await Promise.all(some)));
  }
  return clients;
}

async function offer(clients: readonly ThinClient[]): Promise<EvenReport> {
  const ackMs: number[] = [];
  const lateMs: number[] = [];
  const everyMs = 1_000 / job.perSecond;
  const endMs = job.warmUpMs + job.forMs;
  const answers: Promise<void>[] = [];
  let refused = 0;
  let unanswered = 0;
  const begin = performance.now();
  const send = (n: number) => {
    const due = begin + n * everyMs;
    const shop = n % clients.length;
    const turn = Math.floor(n / clients.length);
    const order = Math.floor(turn / 2);
    // Alternates orders and cancellations, so that no order stays open.
    const command = turn % 2 === 0 ? pickupOf(shop, order) : stepOf('cancelled', shop, order);
    const answer = clients[shop]?.commands([command]);
    if (!answer || n * everyMs < job.warmUpMs) return;
    lateMs.push(performance.now() - due);
    unanswered += 1;
    const done = answer.then((text) => {
      unanswered -= 1;
      ackMs.push(performance.now() - due);
      if (text.includes('"ok":false')) refused += 1;
    });
    answers.push(done);
  };
  for (let n = 0; n * everyMs < endMs; await pause(tickMs)) {
    for (; n * everyMs < Math.min(endMs, performance.now() - begin); n += 1) send(n);
  }
  await Promise.race([Promise.all(answers), pause(answerMaxMs, undefined, { ref: false })]);
  return { ackMs, lateMs, refused, unanswered };
}

const clients = await openShops();
process.once('message', () => void offer(clients).then((report) => process.send?.(report)));
process.once('disconnect', () => process.exit());
process.send?.('ready');
