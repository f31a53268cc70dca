/** A shop that sends its orders over REST, one after the other, each until it is answered. */

import { setTimeout as pause } from 'node:timers/promises';
import { uuidv7 } from '../protocol/ids.ts';
import type { Answer } from '../protocol/messages.ts';
import type { Chance } from './chance.ts';
import type { Recorder } from './recorder.ts';

const betweenMs = [20, 120] as const;
/** Delay before a retry. */
const againMs = 200;
/** Time limit of a request. */
const patienceMs = 10_000;

/** @returns stop; resolves when everything sent was answered */
export function openRequestShop(
  recorder: Recorder,
  url: string,
  store: string,
  chance: Chance,
): () => Promise<void> {
  let isOpen = true;
  const work = run();

  async function run(): Promise<void> {
    for (let count = 1; isOpen; count += 1) {
      const payload = { store, orderID: String(count), customer: 'Hulda', address: '835 Meluk Pass' };
      const command = { event: 'pickup', payload, id: uuidv7() } as const;
      await recorder.issue(store, `vendor:${store}`, command, () => untilAnswered(url, payload, command.id));
      await pause(chance.int(...betweenMs));
    }
  }
  return async () => {
    isOpen = false;
    await work;
  };
}

/** @throws Error if it is refused for good */
async function untilAnswered(url: string, order: { store: string }, id: string): Promise<Answer> {
  for (;;) {
    const answer = await placed(url, order, id).catch(() => undefined);
    if (answer?.ok) return answer;
    // Nothing is wrong with its orders: a shop that is refused for good would prove nothing.
    if (answer && !answer.error.retryable) throw new Error(`an order was refused: ${answer.error.message}`);
    await pause(againMs);
  }
}

async function placed(url: string, order: { store: string }, id: string): Promise<Answer> {
  const response = await fetch(`${url}/api/orders?as=store:${order.store}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'idempotency-key': id },
    body: JSON.stringify(order),
    signal: AbortSignal.timeout(patienceMs),
  });
  const said = await response.json();
  if (response.ok) return said as Answer;
  const { code, detail: message, retryable, details } = said;
  return { ok: false, error: { code, message, retryable, details } } as Answer;
}
