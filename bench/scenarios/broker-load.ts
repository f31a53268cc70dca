/** A load process of the scenario `durable`: all readers, or all publishers, of a broker. */

import type { BrokerClients } from './broker.ts';
import { capsClients } from './caps-clients.ts';
import { jetstreamClients } from './jetstream.ts';
import { redisClients } from './redis-streams.ts';

export interface BrokerJob {
  readonly broker: 'caps' | 'jetstream' | 'redis';
  readonly kind: 'readers' | 'publishers';
  readonly address: string;
  readonly count: number;
  /** Records that a publisher has under way. */
  readonly batch: number;
}

/** Each is answered with a report, `stop` when everything under way has been acknowledged. */
export type BrokerOrder = 'begin' | 'tell' | 'stop';
/** Acknowledged records of each publisher, or read records of each reader. */
export type BrokerReport = readonly number[];

const clients: Readonly<Record<BrokerJob['broker'], BrokerClients>> = {
  caps: capsClients,
  jetstream: jetstreamClients,
  redis: redisClients,
};

const job = JSON.parse(process.argv[2] ?? '') as BrokerJob;
const { openReader, openPublisher } = clients[job.broker];
const counts = Array.from({ length: job.count }, () => 0);
let isOpen = true;

const add = (i: number, count: number) => {
  counts[i] = (counts[i] ?? 0) + count;
};

async function openAll(): Promise<(() => Promise<void>)[]> {
  if (job.kind === 'readers') {
    await Promise.all(counts.map((_, i) => openReader(job.address, i, (count) => add(i, count))));
    return [];
  }
  const publishers = await Promise.all(
    counts.map((_, i) => openPublisher(job.address, i, (count) => add(i, count))),
  );
  return publishers.map((publish) => async () => {
    while (isOpen) await publish(job.batch);
  });
}

function tell(): void {
  process.send?.(counts satisfies BrokerReport);
}

const loops = await openAll();
let all: Promise<unknown> = Promise.resolve();
process.on('message', (order: BrokerOrder) => {
  if (order === 'begin') all = Promise.all(loops.map((loop) => loop()));
  isOpen &&= order !== 'stop';
  if (order === 'stop') void all.then(tell);
  else tell();
});
process.once('disconnect', () => process.exit());
tell();
