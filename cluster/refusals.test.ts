import { afterAll, beforeAll, expect, it } from 'vitest';
import { uuidv7 } from '../protocol/ids.ts';
import { Cluster } from '../testkit/cluster.ts';
import { PostgresServer } from '../testkit/postgres-server.ts';

let server: PostgresServer;
beforeAll(async () => {
  server = await PostgresServer.start();
});
afterAll(() => server.remove());

it('[D6] a refused command stays refused at every hub, even when it has become possible', async () => {
  await using cluster = await Cluster.start({ hubs: 2, server });
  const send = (hub: number, as: string, path: string, id: string, body?: object) =>
    fetch(`${cluster.urlOf(hub)}/api/orders${path}?as=${as}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'idempotency-key': id },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
  const late = uuidv7();
  const order = { store: 'red', orderID: '1', customer: 'Hulda', address: '1 Long Road' };
  expect((await send(0, 'driver:ana', '/red/1/claimed', late)).status).toBe(404);
  expect((await send(1, 'store:red', '', uuidv7(), order)).status).toBe(201);
  // The copy that was on its way to the other hub.
  expect((await send(1, 'driver:ana', '/red/1/claimed', late)).status).toBe(404);
  expect((await send(1, 'driver:ana', '/red/1/claimed', uuidv7())).ok).toBe(true);
  expect((await cluster.whole()).log.map(({ event }) => event)).toEqual(['pickup', 'claimed']);
});
