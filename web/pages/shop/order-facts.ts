/** What an order's list entry does not say, but its records do: when it was delivered, to whom, or why not. */

import type { EventName } from '../../../protocol/events.ts';
import type { CapsRecord } from '../../../protocol/messages.ts';
import { ownTimeOf } from '../../../protocol/own-time.ts';

export interface OrderFacts {
  /** By the courier's clock, if the device was offline. */
  readonly deliveredAt?: string | undefined;
  readonly outcome?: string | undefined;
  readonly receivedBy?: string | undefined;
  /** Of the latest failed attempt, or of the cancellation. */
  readonly reason?: string | undefined;
  /** Kinds of proofs, each once. */
  readonly proofs: readonly string[];
}

/** The events that facts are made of. */
export const factEvents = [
  'delivered',
  'attempt-failed',
  'cancelled',
  'corrected',
  'proof',
] as const satisfies readonly EventName[];

/** How long after it happened a record still counts where it happened: a phone may be offline that long. */
export const offlineMs = 12 * 3_600_000;

/** When it happened: by the courier's clock, unless the record came much later. Milliseconds since 1970 */
export function happenedAt(record: CapsRecord): number {
  const recorded = ownTimeOf(record);
  const device = record.occurredAt === undefined ? recorded : Date.parse(record.occurredAt);
  return device <= recorded && recorded - device <= offlineMs ? device : recorded;
}

/** @returns an order's records in their order, without the corrected ones and the corrections */
export function standingRecords(records: Iterable<CapsRecord>): readonly CapsRecord[] {
  const all = [...records].sort((a, b) => a.rev - b.rev);
  const undone = new Set(
    all.flatMap(({ event, details }) => (event === 'corrected' ? details?.['rev'] : [])),
  );
  return all.filter(({ event, rev }) => event !== 'corrected' && !undone.has(rev));
}

/** @param records standing ones of one order */
export function factsOf(records: readonly CapsRecord[]): OrderFacts {
  const latest = (...events: readonly EventName[]) => records.findLast(({ event }) => events.includes(event));
  const delivery = latest('delivered');
  const proofs = records
    .filter(({ event }) => event === 'proof')
    .map(({ details }) => textIn(details, 'kind'));
  return {
    deliveredAt: delivery && new Date(happenedAt(delivery)).toISOString(),
    outcome: textIn(delivery?.details, 'outcome'),
    receivedBy: textIn(delivery?.details, 'receivedBy'),
    reason: textIn(latest('attempt-failed', 'cancelled')?.details, 'reason'),
    proofs: [...new Set(proofs.filter((kind) => kind !== undefined))],
  };
}

function textIn(details: CapsRecord['details'], name: string): string | undefined {
  const value = details?.[name];
  return typeof value === 'string' ? value : undefined;
}
