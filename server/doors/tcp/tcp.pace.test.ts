import { once } from 'node:events';
import { connect } from 'node:net';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type RealHub, startRealHub } from '../../../testkit/real-hub.ts';
import { openClient, orderOf } from '../../../testkit/test-client.ts';
import { plainPauseMs } from './paced-lines.ts';

let hub: RealHub;
beforeAll(async () => {
  hub = await startRealHub({ CAPS_RATE: 'off' });
});
afterAll(() => hub.close());

const orderIdIn = (line: string) => (JSON.parse(line) as { payload: { orderID?: string } }).payload.orderID;

it('[S2] a plain client whose reader parses whole chunks survives 150 orders at once, and is told of all, slowly', async () => {
  const reader = connect({ port: hub.tcpPort, host: '127.0.0.1' });
  const heard: string[] = [];
  const joined: string[][] = [];
  // A turn as long as the pause keeps the reader from reading, and what came meanwhile is one chunk. The hub cannot help it.
  const turns = monitorEventLoopDelay({ resolution: 1 });
  turns.enable();
  reader.on('data', (chunk) => {
    const lines = String(chunk).trimEnd().split('\n');
    const ids = lines.flatMap((line) => orderIdIn(line) ?? []);
    // More than one message here is where its author's program ends.
    if (lines.length > 1 && turns.max / 1e6 < plainPauseMs / 2) joined.push(ids);
    turns.reset();
    heard.push(...ids);
  });
  await once(reader, 'connect');
  const ids = Array.from({ length: 150 }, (_, i) => `b${i}`);
  const shop = await openClient(hub.url, { role: 'vendor', store: 'burst' });
  await shop.send(...ids.map((id) => orderOf('burst', id)));
  while (heard.length < ids.length) await once(reader, 'data');
  expect(heard).toEqual(ids);
  expect(joined).toEqual([]);
  turns.disable();
  shop.close();
  reader.destroy();
});
