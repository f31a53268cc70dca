import { expect, it } from 'vitest';
import { uuidv7 } from '../../protocol/ids.ts';
import { deviceDirectoryContract } from '../../testkit/contracts/device-directory.contract.ts';
import { SimulatedClock } from '../../testkit/simulation/clock.ts';
import { MemoryDevices } from './memory-devices.ts';

const roomy = 8 * 1024 * 1024;

deviceDirectoryContract(
  'the memory of one process',
  (clock, devicesMax) => new MemoryDevices(clock, { devices: devicesMax, bytes: roomy }),
);

it('holds so many bytes, too: whoever is away longest goes first', async () => {
  const clock = new SimulatedClock();
  const time = new Date(clock.now()).toISOString();
  const device = (id: string) => ({ id, hub: 'one', connected: true, connectedAt: time, lastSeen: time });
  const [first, second, third] = [uuidv7(), uuidv7(), uuidv7()];
  const size = JSON.stringify(device(first)).length;
  const directory = new MemoryDevices(clock, { devices: 100, bytes: 2 * size });
  await directory.enter(device(first), 'a');
  await directory.enter(device(second), 'b');
  await expect(directory.enter(device(third), 'c')).rejects.toMatchObject({ code: 'busy' });
  await directory.leave(second, 'b');
  await directory.enter(device(third), 'c');
  expect((await directory.list({ after: undefined, limit: 9 })).items.map(({ id }) => id)).toEqual(
    [first, third].sort(),
  );
});

it('a page of 10,000 devices, and a report, take well under a millisecond', async () => {
  const directory = new MemoryDevices({ now: Date.now });
  const time = new Date().toISOString();
  const ids = Array.from({ length: 10_000 }, () => crypto.randomUUID());
  const device = (id: string) => ({ id, hub: 'one', connected: true, connectedAt: time, lastSeen: time });
  for (const id of ids) await directory.enter(device(id), id);
  const start = performance.now();
  for (const id of ids.slice(0, 1_000)) {
    await directory.put({ ...device(id), battery: 50 }, id);
    await directory.list({ after: id, limit: 100 });
  }
  expect((performance.now() - start) / 1_000).toBeLessThan(1);
});
