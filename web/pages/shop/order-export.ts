/** Writes orders into a CSV file. Loaded when it is wanted. */

import { byteOrderMark } from '../../../protocol/csv.ts';
import { isFinished } from '../../../protocol/events.ts';
import { parcelName } from '../../../protocol/ids.ts';
import type { CapsRecord, ParcelView } from '../../../protocol/messages.ts';
import { hubClock } from '../../app/hub-clock.ts';
import { readLinkOrigin } from '../../app/link-origin.ts';
import { parcelLink } from '../../app/parcel-link.ts';
import { dayIn, zoneOr } from '../../app/zoned-day.ts';
import { fetchLife } from './fetch-orders.ts';
import { readRecords } from './fetch-records.ts';
import { factEvents, factsOf, type OrderFacts, offlineMs, standingRecords } from './order-facts.ts';
import { tableOf } from './order-table.ts';
import { fetchProfile } from './profile.ts';

/** So many orders are asked about one by one; for more, the events of their time are read. */
const oneByOneMax = 20;
const atOnce = 4;

/**
 * Downloads the orders as CSV, with what the hub knows of their deliveries.
 * @param day of the orders, for the file's name; by default today
 * @throws Error in words for a person
 */
export async function exportOrders(
  store: string,
  orders: readonly ParcelView[],
  day?: string,
): Promise<void> {
  const [profile, facts, origin] = await Promise.all([
    fetchProfile(store),
    readFacts(store, orders),
    readLinkOrigin(),
  ]);
  const zone = zoneOr(profile.timeZone);
  const table = tableOf(orders, {
    zone,
    factsOf: ({ payload }) => facts.get(parcelName(payload)),
    linkTo: ({ payload }) => parcelLink(origin, payload),
  });
  downloadCsv(`orders-${store}-${day ?? dayIn(zone, hubClock.now())}.csv`, table);
}

export function downloadCsv(name: string, table: string): void {
  const url = URL.createObjectURL(new Blob([byteOrderMark, table], { type: 'text/csv;charset=utf-8' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name.replace(/[^\p{L}\p{N}._-]+/gu, '-');
  link.click();
  // The browser has started the download by the next task.
  setTimeout(() => URL.revokeObjectURL(url), 0);
}

/** Of a parcel that nobody has tried to deliver there are none. */
async function readFacts(
  store: string,
  orders: readonly ParcelView[],
): Promise<ReadonlyMap<string, OrderFacts>> {
  const asked = orders.filter(({ status, attempts }) => attempts > 0 || isFinished(status));
  const lives = new Map<string, CapsRecord[]>(asked.map(({ payload }) => [parcelName(payload), []]));
  const take = (records: readonly CapsRecord[]) => {
    for (const record of records) lives.get(parcelName(record.payload))?.push(record);
  };
  if (asked.length > oneByOneMax) await readRecords(store, factEvents, timeOf(asked), { take });
  else await readLives(asked, take);
  return new Map(Array.from(lives, ([name, records]) => [name, factsOf(standingRecords(records))]));
}

async function readLives(
  orders: readonly ParcelView[],
  take: (records: readonly CapsRecord[]) => void,
): Promise<void> {
  const waiting = [...orders];
  const readNext = async (): Promise<void> => {
    for (let next = waiting.shift(); next; next = waiting.shift()) take(await fetchLife(next.payload));
  };
  await Promise.all(Array.from({ length: atOnce }, readNext));
}

/** From the oldest order to the latest change. Proofs may come later, from a phone that was offline. */
function timeOf(orders: readonly ParcelView[]): { from: number; to: number } {
  let [from, to] = [Number.POSITIVE_INFINITY, 0];
  for (const { createdAt, changedAt } of orders) {
    from = Math.min(from, Date.parse(createdAt));
    to = Math.max(to, Date.parse(changedAt));
  }
  return { from, to: to + offlineMs };
}
