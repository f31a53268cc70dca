/** Ends the run of a heavy proof: everyone has heard everything, and the log is read from disk. */

import { setTimeout as pause } from 'node:timers/promises';
import type { Client } from '../client/client.ts';
import type { CapsRecord, ParcelView } from '../protocol/messages.ts';
import { viewOf } from '../protocol/parcel-view.ts';
import { openSqliteStore } from '../server/store/sqlite/sqlite.ts';
import type { Store } from '../server/store/store.ts';
import { check } from './history.ts';
import type { Recorder } from './recorder.ts';

/** A fault may stop everything; even then the run must reach a verdict. */
export async function orAfter(ms: number, what: Promise<unknown>): Promise<void> {
  await Promise.race([what, pause(ms, undefined, { ref: false })]);
}

export function isLive(client: Client): Promise<void> {
  return new Promise((resolve) => {
    const look = () => {
      if (client.state.kind === 'live' || client.state.kind === 'closed') resolve();
    };
    client.on('state', look);
    look();
  });
}

/** Time for the auditor to read the whole log. */
const auditMs = 60_000;

/**
 * An auditor reads the whole log; then everyone hears all of it.
 * @param settleMs resolves when nobody has heard more for so long: a busy machine is late, and loses nothing
 */
export async function untilEveryoneHasHeard(
  recorder: Recorder,
  url: string,
  settleMs: number,
): Promise<void> {
  const log: CapsRecord[] = [];
  const auditor = recorder.connect('auditor', { url, identity: { role: 'admin' }, after: '0' });
  auditor.client.on('events', ({ records }) => log.push(...records));
  await orAfter(auditMs, isLive(auditor.client));
  let least = Number.POSITIVE_INFINITY;
  let since = performance.now();
  while (performance.now() - since < settleMs) {
    const { count } = check(recorder.history(log)).lost;
    if (count === 0) return;
    if (count < least) since = performance.now();
    least = Math.min(least, count);
    await pause(200);
  }
}

export interface WholeLog {
  readonly log: CapsRecord[];
  readonly rows: ParcelView[];
}

export function readDisk(folder: string): Promise<WholeLog> {
  return readWhole(openSqliteStore(folder));
}

/** Reads everything, then closes the store. */
export async function readWhole(store: Store): Promise<WholeLog> {
  const log: CapsRecord[] = [];
  for (let more = true; more; ) {
    const page = await store.read({ kind: 'all' }, { after: log.length, limit: 500 });
    log.push(...page.rows.map((row) => row.recordAs(row.seq)));
    more = page.more && page.rows.length > 0;
  }
  const { parcels } = await store.parcels({ order: 'oldest', limit: log.length + 1 });
  await store.close();
  return { log, rows: parcels.map((parcel) => viewOf(parcel)) };
}
