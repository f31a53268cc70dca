/** Devices of the vehicle gateway at two hubs, behind a balancer that takes turns. */

import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Device } from '../protocol/devices.ts';
import type { AnswerOf } from '../protocol/rest.ts';
import { Cluster } from '../testkit/cluster.ts';
import { GatewayDevice } from '../testkit/gateway-device.ts';

let cluster: Cluster;
beforeAll(async () => {
  cluster = await Cluster.start({ hubs: 2, tcp: true });
});
afterAll(() => cluster[Symbol.asyncDispose]());

/** Another hub learns of it within a second; a dead hub's lease takes ten. */
const soon = { timeout: 30_000 };

const deviceAt = (hub: number, id?: string) => new GatewayDevice(cluster.hubs[hub]?.tcpPort ?? 0, id).met();

async function known(hub: number, id: string): Promise<Partial<Device>> {
  return (await (await fetch(`${cluster.urlOf(hub)}/api/devices/${id}`)).json()) as Partial<Device>;
}

it('round robin is seen by the serverId of greetings, and of answers over REST', async () => {
  const devices = Array.from({ length: 4 }, () => new GatewayDevice(cluster.tcpPort));
  await Promise.all(devices.map((device) => device.met()));
  const hubs = new Set(devices.map(({ serverId }) => serverId));
  expect(hubs.size).toBe(2);
  const answered = new Set<string | null>();
  for (let n = 0; n < 4; n += 1) {
    const response = await fetch(`${cluster.url}/api/devices`, { headers: { connection: 'close' } });
    answered.add(response.headers.get('server-id'));
    await response.text();
  }
  expect(answered).toEqual(hubs);
  for (const device of devices) device.close();
});

it('a command sent to one hub reaches a device at the other, and its answer comes back', async () => {
  const devices = [await deviceAt(0), await deviceAt(1)];
  for (const [at, device] of devices.entries()) {
    const elsewhere = 1 - at;
    device.report();
    const shown = { hub: device.serverId, connected: true, battery: 67, status: 'RESTING' };
    await expect.poll(() => known(elsewhere, device.id), soon).toMatchObject(shown);
    const response = await fetch(`${cluster.urlOf(elsewhere)}/api/devices/${device.id}/commands?wait=10`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ message: 'HEY YOU, RUN!' }),
    });
    const sent = (await response.json()) as AnswerOf<'POST /api/devices/:id/commands'>;
    expect([response.status, sent]).toEqual([
      202,
      expect.objectContaining({
        hub: device.serverId,
        answer: expect.objectContaining({ message: 'DONE!' }),
      }),
    ]);
  }
  for (const device of devices) device.close();
});

it('a command through the other hub and its answer take a third of a second at most', async () => {
  const device = await deviceAt(1);
  await expect.poll(() => known(0, device.id), soon).toMatchObject({ connected: true });
  const took: number[] = [];
  for (let n = 0; n < 9; n += 1) {
    const began = performance.now();
    const response = await fetch(`${cluster.urlOf(0)}/api/devices/${device.id}/commands?wait=10`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ message: "HOW'S IT GOING?" }),
    });
    expect([response.status, await response.json()]).toEqual([
      202,
      expect.objectContaining({ answer: expect.anything() }),
    ]);
    took.push(performance.now() - began);
  }
  const median = took.toSorted((a, b) => a - b)[4];
  expect(median).toBeLessThan(300);
  device.close();
});

it('a device that says hello at the other hub is there from then on, and its first connection ends', async () => {
  const first = await deviceAt(0);
  await expect.poll(() => known(1, first.id), soon).toMatchObject({ connected: true });
  const second = await deviceAt(1, first.id);
  await first.hears(({ message }) => /^ERROR: Another connection/.test(message ?? ''));
  await first.ended;
  await expect.poll(() => known(0, first.id), soon).toMatchObject({ hub: second.serverId, connected: true });
  second.close();
});

it('a device whose hub was killed is known as away', async () => {
  const device = await deviceAt(1);
  device.report();
  await expect.poll(() => known(0, device.id), soon).toMatchObject({ connected: true, battery: 67 });
  await cluster.hubs[1]?.kill();
  await expect.poll(() => known(0, device.id), soon).toMatchObject({ connected: false, battery: 67 });
  await cluster.hubs[1]?.start();
});
