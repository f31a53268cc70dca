/** A load process: all shops, all drivers or all logs of a run. life.bench.ts controls it. */

import type { Order } from '../protocol/orders.ts';
import { caps, type Dialect, lab } from './dialects.ts';

export interface Job {
  readonly dialect: 'lab' | 'caps';
  readonly kind: 'shops' | 'drivers' | 'logs';
  readonly url: string;
  readonly stores: number;
  readonly drivers: number;
  readonly logs: number;
  /** Open orders per shop. */
  readonly windowMax: number;
  /** Parcels delivered before and during the measurement. */
  readonly warmUp: number;
  readonly parcels: number;
}

/** A load process's message to the bench. */
export type Report =
  | { readonly kind: 'ready' }
  /** From the shops: the measurement begins, and ends. */
  | { readonly kind: 'begin' | 'end' }
  /** From the shops: all parcels are delivered. `events`: the number that each log must have. */
  | { readonly kind: 'delivered'; readonly events: number }
  /** From the logs, in answer to any message: the number of events of each. */
  | { readonly kind: 'seen'; readonly events: readonly number[] };

const job = JSON.parse(process.argv[2] ?? '') as Job;
const dialect: Dialect = { lab, caps }[job.dialect];
const storeNames = Array.from({ length: job.stores }, (_, i) => `${i + 1}-flowers`);

function tell(report: Report): void {
  process.send?.(report);
}

async function shops(): Promise<void> {
  let delivered = 0;
  let placed = 0;
  let open = true;
  const onDelivered = (order: () => void) => () => {
    delivered += 1;
    if (delivered === job.warmUp) tell({ kind: 'begin' });
    if (delivered === job.warmUp + job.parcels) {
      open = false;
      tell({ kind: 'end' });
    }
    if (open) order();
    else if (delivered === placed) tell({ kind: 'delivered', events: 3 * placed });
  };
  const openings = storeNames.map(async (store) => {
    let order = () => {};
    const send = await dialect.shop(
      url,
      store,
      onDelivered(() => order()),
    );
    order = () => {
      placed += 1;
      send(orderOf(store, String(placed)));
    };
    return () => order();
  });
  const orders = await Promise.all(openings);
  process.once('message', () => {
    for (const order of orders) for (let i = 0; i < job.windowMax; i += 1) order();
  });
}

function orderOf(store: string, orderID: string): Order {
  return { store, orderID, customer: 'Hulda Sophie Parker', address: '835 Meluk Pass, Hodtinihi' };
}

/** Each parcel has one driver, so there are no lost races and both hubs carry the same events. */
async function drivers(): Promise<void> {
  const all = Array.from({ length: job.drivers }, (_, i) =>
    dialect.driver(url, `driver-${i}`, (orderID) => Number(orderID) % job.drivers === i),
  );
  await Promise.all(all);
}

async function logs(): Promise<void> {
  const seen = Array.from({ length: job.logs }, () => 0);
  const all = seen.map((_, i) =>
    dialect.log(url, storeNames, (count) => {
      seen[i] = (seen[i] ?? 0) + count;
    }),
  );
  await Promise.all(all);
  process.on('message', () => tell({ kind: 'seen', events: seen }));
}

const { url } = job;
await { shops, drivers, logs }[job.kind]();
tell({ kind: 'ready' });
process.once('disconnect', () => process.exit());
