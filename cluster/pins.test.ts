import { afterAll, beforeAll, expect, it } from 'vitest';
import { Cluster } from '../testkit/cluster.ts';
import { asJson } from '../testkit/keyed-hub.ts';
import { PostgresServer } from '../testkit/postgres-server.ts';

let server: PostgresServer;
beforeAll(async () => {
  server = await PostgresServer.start();
});
afterAll(() => server.remove());

it('[S3] a script that tries PINs at two hubs at once has five tries, and both know the right one', async () => {
  await using cluster = await Cluster.start({ hubs: 2, server });
  const urls = cluster.hubs.map(({ url }) => url);
  const at = (hub: number, path: string, body?: object, method = 'POST') =>
    fetch(`${urls[hub % 2]}${path}`, body ? asJson(method, body) : { method });
  const order = { store: 'red', orderID: '1', customer: 'Hulda', address: '835 Meluk Pass' };
  const { tracking } = (await (await at(0, '/api/orders', order)).json()) as { tracking: string };
  await at(0, '/api/stores/red', { proofs: { delivery: { pin: 'required' } } }, 'PUT');
  await at(0, '/api/orders/red/1/in-transit?as=driver:ana');
  const pinAt = async (hub: number) => {
    const page = await (await fetch(urls[hub] + new URL(tracking).pathname)).text();
    return /<strong dir="ltr">([^<]*)</.exec(page)?.[1]?.replace(/\D/g, '');
  };
  const right = (await pinAt(0)) ?? '';
  expect([right, await pinAt(1)]).toEqual([expect.stringMatching(/^\d{4}$/), right]);

  const tell = async (hub: number, text: string) => {
    const answer = await at(hub, '/api/orders/red/1/proof?as=driver:ana', { kind: 'pin', text, rev: 2 });
    const { pin, code } = (await answer.json()) as { pin?: string; code?: string };
    return pin ?? code;
  };
  const wrong = (n: number) => String((Number(right) + 1 + n) % 10_000).padStart(4, '0');
  const told = await Promise.all(Array.from({ length: 12 }, (_, n) => tell(n, wrong(n))));
  expect(told.filter((one) => one === 'wrong')).toHaveLength(5);
  expect(told.filter((one) => one === 'not-allowed')).toHaveLength(7);
  expect([await tell(0, right), await tell(1, right)]).toEqual(['not-allowed', 'not-allowed']);
  await at(1, '/api/orders/red/1/seen?as=admin', { rev: 7 });
  expect([await tell(0, right), await tell(1, wrong(0))]).toEqual(['right', 'right']);
});
