/** What people are told while the database is away. */

import { afterAll, beforeAll, expect, it } from 'vitest';
import { Cluster } from '../testkit/cluster.ts';

let cluster: Cluster;
beforeAll(async () => {
  cluster = await Cluster.start({ hubs: 1 });
  await cluster.server.stop();
});
afterAll(() => cluster[Symbol.asyncDispose]());

it('a read that fails speaks of the database, and a command that fails of recording', async () => {
  const read = await fetch(`${cluster.urlOf(0)}/api/events`);
  expect([read.status, await read.json()]).toEqual([
    503,
    expect.objectContaining({
      title: 'The hub cannot do this right now.',
      detail: 'The hub’s database does not answer. Try again in a moment.',
    }),
  ]);
  const order = { store: 'red', customer: 'Hulda Parker', address: '835 Meluk Pass' };
  const command = await fetch(`${cluster.urlOf(0)}/api/orders`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(order),
  });
  expect([command.status, await command.json()]).toEqual([
    503,
    expect.objectContaining({
      title: 'The hub cannot do this right now.',
      detail: 'The hub cannot record anything right now.',
    }),
  ]);
});
