import { afterEach, expect, it } from 'vitest';
import { type RealHub, startRealHub } from '../../testkit/real-hub.ts';
import { TcpLine } from '../../testkit/tcp-lines.ts';
import { dial, next, openClient, openTcpClient, orderOf, stepOf } from '../../testkit/test-client.ts';

const hubs: RealHub[] = [];
afterEach(async () => {
  for (const hub of hubs.splice(0)) await hub.close();
});

async function open(): Promise<RealHub> {
  const hub = await startRealHub();
  hubs.push(hub);
  return hub;
}

async function scrape({ url }: RealHub): Promise<string> {
  return (await fetch(`${url}/metrics`)).text();
}

/** Those of a metric that are not 0, by their labels. */
function valuesIn(text: string, name: string): Record<string, number> {
  const lines = text.split('\n').filter((line) => line.startsWith(`${name}{`) || line.startsWith(`${name} `));
  const values = lines.map((line) => [
    line.slice(name.length, line.lastIndexOf(' ')),
    Number(line.slice(line.lastIndexOf(' ') + 1)),
  ]);
  return Object.fromEntries(values.filter(([, value]) => value !== 0));
}

async function post({ url }: RealHub, path: string, body: unknown): Promise<number> {
  const headers = { 'content-type': 'application/json' };
  return (await fetch(url + path, { method: 'POST', headers, body: JSON.stringify(body) })).status;
}

it('a day over all doors is counted exactly, and says nobody’s name', async () => {
  const hub = await open();
  const shop = await openClient(hub.url, { role: 'vendor', store: 'canary-store' });
  const ana = await openTcpClient(hub.tcpPort, { role: 'driver', driver: 'canary-ana' });
  const ben = await openClient(hub.url, { role: 'driver', driver: 'canary-ben', name: 'canary-name' });
  const plain = new TcpLine(hub.tcpPort);

  await shop.send(orderOf('canary-store', 'canary-1'), { ...orderOf('canary-store', 'canary-2'), id: 'c' });
  // Said again: it is answered, and no event.
  await shop.send(orderOf('canary-store', 'canary-1'), { ...orderOf('canary-store', 'canary-2'), id: 'c' });
  expect(
    await post(hub, '/api/orders', { store: 'canary-store', customer: 'canary', address: 'canary' }),
  ).toBe(201);
  await ana.send(stepOf('claimed', 'canary-store', 'canary-1'));
  await ana.send(stepOf('in-transit', 'canary-store', 'canary-1'));
  const path = '/api/orders/canary-store/canary-1';
  expect(await post(hub, `${path}/delivered?as=driver:canary-ana`, {})).toBe(201);
  plain.write({ event: 'pickup', payload: { ...orderPayload, orderID: 'canary-3' } });
  await plain.message(({ event }) => event === 'pickup');

  // Refused: while a command is decided, before it is one, at the door, and by every door.
  await ben.send(stepOf('claimed', 'canary-store', 'canary-3'));
  await ana.send(stepOf('claimed', 'canary-store', 'canary-3'));
  await ana.send(stepOf('delivered', 'canary-store', 'canary-3'), { event: 'pickup' });
  expect(await post(hub, `/api/orders/canary-store/canary-3/claimed?as=driver:canary-ana`, {})).toBe(409);
  expect(await post(hub, `${path}/delivered`, {})).toBe(403);
  expect(await post(hub, '/api/orders', { store: '' })).toBe(400);
  plain.write('canary, and no JSON\n');
  await plain.message(({ event }) => event === 'error');
  const refused = dial(`${hub.url}/caps`, { protocol: 99, role: 'admin' });
  await next(refused, 'connect_error');
  refused.close();

  const text = await scrape(hub);
  expect(valuesIn(text, 'caps_events_total')).toEqual({
    '{event="pickup",door="socket.io"}': 2,
    '{event="pickup",door="rest"}': 1,
    '{event="pickup",door="tcp"}': 1,
    '{event="claimed",door="tcp"}': 1,
    '{event="claimed",door="socket.io"}': 1,
    '{event="in-transit",door="tcp"}': 1,
    '{event="delivered",door="rest"}': 1,
  });
  expect(valuesIn(text, 'caps_refusals_total')).toEqual({
    '{code="taken",door="tcp"}': 1,
    '{code="stale-claim",door="tcp"}': 1,
    '{code="bad-message",door="tcp"}': 1,
    '{code="taken",door="rest"}': 1,
    '{code="not-allowed",door="rest"}': 1,
    '{code="bad-message",door="rest"}': 1,
    '{code="not-json",door="tcp"}': 1,
    '{code="unsupported-protocol",door="socket.io"}': 1,
  });
  expect(valuesIn(text, 'caps_connections')).toEqual({
    '{door="socket.io",role="vendor"}': 1,
    '{door="socket.io",role="driver"}': 1,
    '{door="tcp",role="driver"}': 1,
    '{door="tcp",role="plain"}': 1,
  });
  expect(valuesIn(text, 'caps_feeds')).toEqual({ '{state="live"}': 4 });
  expect(valuesIn(text, 'caps_log_head_seq')).toEqual({ '': 8 });
  expect(valuesIn(text, 'caps_log_writable')).toEqual({ '': 1 });
  expect(text).toContain('\ncaps_queue_commands 0\n');
  expect(text).toContain('\ncaps_events_total{event="corrected",door="rest"} 0\n');
  // Every command that reached a commit, the repeated and the refused ones too.
  expect(valuesIn(text, 'caps_commit_commands_sum')).toEqual({ '': 14 });
  const { '': commits } = valuesIn(text, 'caps_commit_commands_count');
  expect(valuesIn(text, 'caps_commit_duration_seconds_count')).toEqual({ '': commits });
  // Each commit is counted once, from its bound on.
  const bounds = [...text.matchAll(/\ncaps_commit_commands_bucket\{le="([^"]+)"\} (\d+)/g)];
  expect(bounds.map(([, bound]) => bound).slice(-2)).toEqual(['256', '+Inf']);
  const counted = bounds.map(([, , count]) => Number(count));
  expect(counted).toEqual(counted.toSorted((a, b) => a - b));
  expect(counted[0]).toBeLessThan(commits ?? 0);
  expect(counted.at(-1)).toBe(commits);
  expect(text).toContain('\ncaps_commit_failures_total 0\n');
  expect(text).toMatch(/\nnodejs_eventloop_lag_p99_seconds [\d.e-]+\n/);
  expect(text).toMatch(/\nprocess_resident_memory_bytes \d+\n/);
  expect(text).not.toMatch(/canary|127\.0\.0\.1|Hulda/);
  for (const client of [shop, ana, ben, plain]) client.close();
});

const orderPayload = { store: 'canary-store', customer: 'canary', address: 'canary' };

it('two hubs in one process count for themselves', async () => {
  const [one, other] = [await open(), await open()];
  expect(await post(one, '/api/orders', orderPayload)).toBe(201);
  const texts = [await scrape(one), await scrape(other), await scrape(one)];
  expect(texts.map((text) => valuesIn(text, 'caps_events_total'))).toEqual([
    { '{event="pickup",door="rest"}': 1 },
    {},
    { '{event="pickup",door="rest"}': 1 },
  ]);
});
