/** What hubs say of themselves while their database has a fault, and after it. */

import { setTimeout as pause } from 'node:timers/promises';
import { uuidv7 } from '../protocol/ids.ts';
import type { Answer } from '../protocol/messages.ts';
import type { Recorder } from '../testkit/recorder.ts';
import type { RunCluster } from './order-run.ts';

/** Time from the end of a fault until all hubs are ready and record again. */
export const recoveryMaxMs = 10_000;

async function readiness({ hubs }: Pick<RunCluster, 'hubs'>): Promise<number[]> {
  return Promise.all(hubs.map(async ({ url }) => (await fetch(`${url}/readyz`)).status));
}

/** @param statuses of `/readyz`, by hub */
export async function untilReady(
  cluster: Pick<RunCluster, 'hubs'>,
  statuses: readonly number[],
): Promise<void> {
  while (`${await readiness(cluster)}` !== `${statuses}`) await pause(50);
}

/** @returns milliseconds until all hubs are ready and commands are answered again */
export async function recoveryMs(cluster: Pick<RunCluster, 'hubs'>, recorder: Recorder): Promise<number> {
  const from = performance.now();
  await untilReady(
    cluster,
    cluster.hubs.map(() => 200),
  );
  await recorder.answered(20);
  return performance.now() - from;
}

/** What a hub says to a request that it refuses. */
export interface Refusal {
  readonly status: number;
  readonly code: string;
  readonly detail: string;
}

/**
 * Places an order at this hub by REST.
 * @param store also the name of a client that the recorder has connected
 * @returns undefined if it is recorded
 */
export async function placeAt(
  url: string,
  recorder: Recorder,
  store: string,
  orderID: string,
): Promise<Refusal | undefined> {
  const payload = { store, orderID, customer: 'Hulda', address: '1 Long Road' };
  const command = { event: 'pickup', payload, id: uuidv7() } as const;
  let refusal: Refusal | undefined;
  await recorder.issue(store, `vendor:${store}`, command, async () => {
    const response = await fetch(`${url}/api/orders?as=store:${store}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'idempotency-key': command.id },
      body: JSON.stringify(payload),
    });
    const said = await response.json();
    if (response.ok) return said as Answer;
    const { code, detail } = said;
    refusal = { status: response.status, code, detail };
    // Nobody asks again, so what is refused must not be in the log.
    return { ok: false, error: { code, message: detail, retryable: false } } as Answer;
  });
  return refusal;
}
