import { describe, expect, it } from 'vitest';
import { uuidv7 } from '../../protocol/ids.ts';
import { deviceDirectoryContract } from '../../testkit/contracts/device-directory.contract.ts';
import { PeerNetwork, toldWithinMs } from '../../testkit/memory-peers.ts';
import { SimulatedClock } from '../../testkit/simulation/clock.ts';
import { systemClock } from '../clock.ts';
import { PeerDevices } from './peer-devices.ts';

const roomy = 8 * 1024 * 1024;

describe('devices of', () => {
  deviceDirectoryContract((clock, devices) => {
    const network = new PeerNetwork(clock);
    const limits = { devices, bytes: roomy };
    const directory = (hub: string) => new PeerDevices({ clock, peers: network.join(hub), limits });
    return {
      directories: [directory('one'), directory('two')],
      toldWithinMs,
      kill: () => network.leave('one'),
    };
  });
});

const deviceOf = (id: string, time: string) => ({
  ...{ id, hub: 'one', connected: true, connectedAt: time, lastSeen: time },
});

it('[S3] it holds so many bytes, too: whoever is away longest goes first', async () => {
  const clock = new SimulatedClock();
  const device = (id: string) => deviceOf(id, new Date(clock.now()).toISOString());
  const [first, second, third] = [uuidv7(), uuidv7(), uuidv7()];
  const bytes = 2 * JSON.stringify(device(first)).length;
  const directory = new PeerDevices({ clock, limits: { devices: 100, bytes } });
  await directory.enter(device(first), 'a');
  await directory.enter(device(second), 'b');
  await expect(directory.enter(device(third), 'c')).rejects.toMatchObject({ code: 'busy' });
  await directory.leave(second, 'b');
  await directory.enter(device(third), 'c');
  const { items } = await directory.list({ after: undefined, limit: 9 });
  expect(items.map(({ id }) => id)).toEqual([first, third].sort());
});

it('what hubs tell each other of devices and commands goes when it is over', async () => {
  const clock = new SimulatedClock();
  const network = new PeerNetwork(clock);
  const [peers, others] = [network.join('one'), network.join('two')];
  const limits = { devices: 2, bytes: roomy };
  const one = new PeerDevices({ clock, peers, limits });
  const two = new PeerDevices({ clock, peers: others, limits });
  const delivered = { kind: 'sent', hub: 'two', sentAt: 'now', answer: null } as const;
  two.attach({ id: 'two', deliver: async () => delivered, displaced() {} });
  const [first, second, third] = [uuidv7(), uuidv7(), uuidv7()];
  await two.enter({ ...deviceOf(first, 'now'), hub: 'two' }, 'a');
  await clock.advance(toldWithinMs);
  const asked = one.send(first, { message: 'HEY YOU, RUN!', waitMs: 0 });
  await clock.advance(3 * toldWithinMs);
  expect(await asked).toEqual(delivered);
  expect(peers.entries).toEqual([]);
  expect(others.entries.map(({ topic }) => topic)).toEqual(['device']);
  await two.leave(first, 'a');
  for (const id of [second, third]) await two.enter({ ...deviceOf(id, 'now'), hub: 'two' }, id);
  expect(others.entries.map(({ id }) => id).sort()).toEqual([`two/${second}`, `two/${third}`].sort());
});

it('a command that comes again, after its hub was taken for dead, is not sent again', async () => {
  const clock = new SimulatedClock();
  const network = new PeerNetwork(clock);
  const [peers, others] = [network.join('one'), network.join('two')];
  const two = new PeerDevices({ clock, peers: others });
  let sent = 0;
  const deliver = async () => {
    sent += 1;
    return { kind: 'not-connected' } as const;
  };
  two.attach({ id: 'two', deliver, displaced() {} });
  const id = uuidv7();
  await two.enter({ ...deviceOf(id, 'now'), hub: 'two' }, 'a');
  const command = { to: 'two', id, command: { message: 'HEY YOU, RUN!', waitMs: 0 } };
  for (const message of [command, command]) {
    peers.put('device-command', 'one/1', JSON.stringify(message));
    await clock.advance(toldWithinMs);
    peers.remove('device-command', 'one/1');
    await clock.advance(toldWithinMs);
  }
  expect(sent).toBe(1);
});

it('a page of 10,000 devices, and a report, take well under a millisecond', async () => {
  const directory = new PeerDevices({ clock: systemClock });
  const time = new Date().toISOString();
  const ids = Array.from({ length: 10_000 }, () => crypto.randomUUID());
  for (const id of ids) await directory.enter(deviceOf(id, time), id);
  const eachMs: number[] = [];
  for (const id of ids.slice(0, 1_000)) {
    const start = performance.now();
    await directory.put({ ...deviceOf(id, time), battery: 50 }, id);
    await directory.list({ after: id, limit: 100 });
    eachMs.push(performance.now() - start);
  }
  // The median, because a busy machine pauses now and then.
  expect(eachMs.toSorted((a, b) => a - b)[500]).toBeLessThan(1);
});
