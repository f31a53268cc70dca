import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openPostgresStore } from '../server/store/postgres/postgres.ts';
import type { Store } from '../server/store/store.ts';
import { Cluster } from '../testkit/cluster.ts';
import { PostgresServer } from '../testkit/postgres-server.ts';

interface DeliveredMessage {
  readonly id: string;
  readonly seq: number;
}

const asJson = (body: object): RequestInit => ({
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
});

it('[D3] of two hubs one sends to webhooks, and the other goes on after kill -9: all of it, in order, at most one record twice', async () => {
  const got: DeliveredMessage[] = [];
  let [under, most] = [0, 0];
  let hold: Promise<void> | undefined;
  const receiver = createServer(async (request, response) => {
    under += 1;
    most = Math.max(most, under);
    let text = '';
    for await (const chunk of request) text += chunk;
    got.push({ id: String(request.headers['webhook-id']), seq: JSON.parse(text).data.seq });
    await hold;
    under -= 1;
    response.writeHead(204).end();
  });
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/`;
  try {
    await using cluster = await Cluster.start({ hubs: 2, hub: { env: { CAPS_OUTBOUND: 'private' } } });
    const order = async (hub: number, orderID: string): Promise<void> => {
      const payload = { store: 'red', orderID, customer: 'Hulda', address: '835 Meluk Pass' };
      const { status } = await fetch(`${cluster.urlOf(hub)}/api/orders`, asJson(payload));
      expect(status).toBe(201);
    };
    const made = await fetch(`${cluster.urlOf(1)}/api/webhooks?as=store:red`, asJson({ url }));
    const { id } = (await made.json()) as { id: string };
    for (let i = 1; i <= 20; i += 1) await order(i, `${i}`);
    await expect.poll(() => got.length, { timeout: 20_000 }).toBe(20);
    expect(got.map(({ seq }) => seq)).toEqual(Array.from({ length: 20 }, (_, i) => i + 1));
    expect(most).toBe(1);
    // Whoever sends is killed with one message under way.
    const numbersOf = async (hub: number): Promise<number> => {
      const text = await (await fetch(`${cluster.urlOf(hub)}/metrics`)).text();
      return Number(/^caps_webhooks\{state="active"\} (\d+)/m.exec(text)?.[1]);
    };
    const numbers = [await numbersOf(0), await numbersOf(1)];
    expect([...numbers].sort()).toEqual([0, 1]);
    const [sending, other] = numbers[0] === 1 ? [0, 1] : [1, 0];
    const free = Promise.withResolvers<void>();
    hold = free.promise;
    await order(other, '21');
    await expect.poll(() => got.length, { timeout: 20_000 }).toBe(21);
    await cluster.hubs[sending]?.kill();
    free.resolve();
    hold = undefined;
    for (let i = 22; i <= 40; i += 1) await order(other, `${i}`);
    await expect.poll(() => new Set(got.map((one) => one.id)).size, { timeout: 60_000 }).toBe(40);
    expect(got.map(({ seq }) => seq)).toEqual([
      ...Array.from({ length: 21 }, (_, i) => i + 1),
      ...Array.from({ length: 20 }, (_, i) => i + 21),
    ]);
    expect(got[20]?.id).toBe(got[21]?.id);
    const shown = await fetch(`${cluster.urlOf(other)}/api/webhooks/${id}`);
    await expect(shown.json()).resolves.toMatchObject({ status: 'active', seq: 40 });
    // Of both, whoever asks is answered: the other hub was told of the webhook and has the list of tries.
    const tries = await fetch(`${cluster.urlOf(other)}/api/webhooks/${id}/deliveries`);
    expect(((await tries.json()) as { items: unknown[] }).items).toHaveLength(40);
  } finally {
    receiver.closeAllConnections();
    receiver.close();
  }
});

it('a lease is one hub’s until it ends, is given back, or is no longer prolonged', async () => {
  const server = await PostgresServer.start();
  const folders = [0, 1].map(() => mkdtempSync(join(tmpdir(), 'caps-')));
  const stores: Store[] = [];
  try {
    const url = await server.database();
    for (const folder of folders)
      stores.push(await openPostgresStore({ url, folder, settings: '', tell: () => {} }));
    const take = async (hub: number, ms: number) => stores[hub]?.leases?.take('webhooks', ms);
    expect([await take(0, 60_000), await take(1, 60_000), await take(0, 60_000)]).toEqual([
      true,
      false,
      true,
    ]);
    await stores[1]?.leases?.release('webhooks');
    expect(await take(1, 60_000)).toBe(false);
    await stores[0]?.leases?.release('webhooks');
    expect(await take(1, 1)).toBe(true);
    await expect.poll(() => take(0, 60_000)).toBe(true);
    expect(await take(1, 60_000)).toBe(false);
  } finally {
    await Promise.all(stores.map((store) => store.close()));
    await server.remove();
    for (const folder of folders) rmSync(folder, { recursive: true, force: true });
  }
});
