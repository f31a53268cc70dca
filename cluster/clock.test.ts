import { execFileSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { Cluster } from '../testkit/cluster.ts';

const hourMs = 3_600_000;

it('a hub whose clock is an hour ahead: the log’s time never runs backwards, and the other hub says so', async () => {
  // Preloaded, because the program would stay beside its hub, and hands no signal on.
  const library = execFileSync('faketime', ['-f', '+1h', 'printenv', 'LD_PRELOAD'], {
    encoding: 'utf8',
  }).trim();
  const ahead = { LD_PRELOAD: library, FAKETIME: '+1h', FAKETIME_DONT_FAKE_MONOTONIC: '1' };
  await using cluster = await Cluster.start({ hubs: 2, hubAt: (i) => (i === 0 ? { env: ahead } : {}) });
  const place = async (hub: number, orderID: string): Promise<void> => {
    const body = JSON.stringify({ store: 'red', orderID, customer: 'Hulda', address: '1 Long Road' });
    const headers = { 'content-type': 'application/json' };
    const answer = await fetch(`${cluster.urlOf(hub)}/api/orders?as=store:red`, {
      method: 'POST',
      headers,
      body,
    });
    expect(answer.status).toBe(201);
  };
  await place(1, 'first');
  for (let i = 0; i < 6; i += 1) await place(i % 2, String(i));
  const { log } = await cluster.whole();
  const times = log.map(({ time }) => time);
  expect(times).toEqual(times.toSorted());
  expect(Date.parse(times.at(-1) ?? '') - Date.parse(times[0] ?? '')).toBeGreaterThan(hourMs - 60_000);
  // What the right clock said stands beside it.
  expect(log.filter(({ machineTime }) => machineTime !== undefined)).toHaveLength(3);
  const words = 'The log’s last record lies';
  await expect.poll(() => cluster.hubs[1]?.logged, { timeout: 20_000 }).toContain(words);
  expect(cluster.hubs[0]?.logged).not.toContain(words);
});
