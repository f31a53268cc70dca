import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { CapsRecord } from '../../../protocol/messages.ts';
import { type RealHub, startRealHub } from '../../../testkit/real-hub.ts';
import { storeWith } from '../../../testkit/simulation/store.ts';
import { openClient, orderOf, type TestClient } from '../../../testkit/test-client.ts';
import type { Store } from '../../store/store.ts';

/** Together far more than a connection and the kernel hold for a reader that does not read. */
const records = 3_000;
const more = Object.fromEntries(Array.from({ length: 12 }, (_, i) => [`part${i}`, 'x'.repeat(1_000)]));

let hub: RealHub;
let shop: TestClient;
/** How often was read of the log, and who waits for the next time. */
const reads = { count: 0, next: Promise.withResolvers<void>() };

const counting = (store: Store): Store =>
  storeWith(store, {
    read: (scope, range) => {
      if (range.limit > 1) {
        reads.count += 1;
        reads.next.resolve();
        reads.next = Promise.withResolvers();
      }
      return store.read(scope, range);
    },
  });

async function place(from: number, count: number): Promise<void> {
  for (let at = from; at < from + count; at += 50) {
    const some = Array.from({ length: Math.min(50, from + count - at) }, (_, i) =>
      orderOf('red', `${at + i}`, more),
    );
    const answers = await shop.send(...some);
    expect(answers.filter(({ ok }) => !ok)).toEqual([]);
  }
}

/** Somebody who asks for all of the log and takes none of it yet. */
function asked(): Promise<IncomingMessage> {
  return new Promise((resolve) => {
    get(`${hub.url}/api/events?format=ndjson`, { agent: false }, (response) => resolve(response.pause()));
  });
}

/** Resolves when nothing was read for a while: the reader's connection is full. */
async function still(): Promise<void> {
  for (let before = -1; before < reads.count; ) {
    before = reads.count;
    const { promise: pause, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, 300);
    await Promise.race([reads.next.promise, pause]);
    clearTimeout(timer);
  }
}

beforeAll(async () => {
  hub = await startRealHub({ CAPS_RATE: 'off' }, undefined, counting);
  shop = await openClient(hub.url, { role: 'vendor', store: 'red' });
  await place(1, records);
});
afterAll(async () => {
  shop.close();
  await hub.close();
  expect(hub.faults).toEqual([]);
});

it('[S2] a file is read from the log as fast as it is taken, and is the log as it was when it was asked for', async () => {
  reads.count = 0;
  const response = await asked();
  await still();
  const untaken = reads.count;
  await place(records + 1, 100);
  let text = '';
  for await (const chunk of response.setEncoding('utf8')) text += String(chunk);
  const seqs = text
    .trimEnd()
    .split('\n')
    .map((line) => (JSON.parse(line) as CapsRecord).seq);
  expect(seqs).toEqual(Array.from({ length: records }, (_, i) => i + 1));
  expect(untaken).toBeLessThan(reads.count / 2);
});

it('[S2] nothing is read any more for somebody who has gone', async () => {
  const response = await asked();
  await still();
  reads.count = 0;
  response.destroy();
  await once(response, 'close');
  // What was asked for later is answered, and by then nobody reads for the one before.
  await (await fetch(`${hub.url}/api/events?limit=1`)).json();
  await still();
  expect(reads.count).toBeLessThanOrEqual(1);
});
