/** Characters that nobody sees, beside what the suite of all doors sends: in headers, keys, profiles, chat and names. */

import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { attacks, peoplesNames } from '../../protocol/characters.samples.ts';
import { adminKey, asJson, startKeyedHub } from '../../testkit/keyed-hub.ts';
import { type RealHub, startRealHub } from '../../testkit/real-hub.ts';
import { TcpLine } from '../../testkit/tcp-lines.ts';
import { openClient, orderOf, stepOf, type TestClient } from '../../testkit/test-client.ts';

let hub: RealHub;
let dispatch: TestClient;
beforeAll(async () => {
  hub = await startRealHub({ CAPS_RATE: 'off' });
  dispatch = await openClient(hub.url, { role: 'admin' });
});
afterAll(async () => {
  dispatch.close();
  await hub.close();
});
afterEach(() => expect(hub.faults).toEqual([]));

const order = { store: 'red', orderID: 'a', customer: 'Hulda', address: '835 Meluk Pass' };
const send = (method: string, path: string, body: object, headers: Record<string, string> = {}) =>
  fetch(hub.url + path, {
    method,
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });

// First: of different notices in one second dispatch is told fifty.
it('dispatch is told of refused input in readable form', async () => {
  const shop = await openClient(hub.url, { role: 'vendor', store: 'red' });
  await shop.send({ ...orderOf('red', 'b'), 'x\u202e\u001b[2J': 1 }, stepOf('no\u202e\u009b', 'red', 'b'));
  await dispatch.notice('unknown-event');
  const notices = dispatch.heard.split('\n').filter((line) => line.includes('"refused"'));
  expect(notices.join()).toContain('no\\\\u202e\\\\u009b');
  expect(notices.join()).toContain('x\\\\u202e\\\\u001b[2J: Is not known here');
  shop.close();
});

it('an actor over REST has a readable id and name', async () => {
  for (const { char, point } of attacks) {
    const odd = encodeURIComponent(`re${char}d`);
    for (const [field, query] of [
      ['as', `as=store:${odd}`],
      ['name', `as=store:red&name=${odd}`],
    ]) {
      const response = await send('POST', `/api/orders?${query}`, order);
      const { code, detail, details } = await response.json();
      expect([response.status, code, details, detail]).toEqual([
        400,
        'bad-message',
        { field },
        expect.stringContaining(`${field}: Has ${point}, `),
      ]);
    }
  }
});

it('an Idempotency-Key in UTF-8 is one, and one with a control character is none', async () => {
  const key = Buffer.from('заказ-à-1').toString('latin1');
  const placed = () => send('POST', '/api/orders', { ...order, orderID: 'k' }, { 'idempotency-key': key });
  expect([(await placed()).status, (await placed()).status]).toEqual([201, 200]);
  const refused = await send('POST', '/api/orders', order, { 'idempotency-key': 'a\u009b2Jb' });
  expect([refused.status, (await refused.json()).detail]).toEqual([
    400,
    'Idempotency-Key: Has U+009B, a control character.',
  ]);
});

it('a profile and a key are called by what can be read, in whatever script', async () => {
  const keyed = await startKeyedHub();
  try {
    const ask = async (wanted: object) =>
      (await keyed.ask('/api/keys', adminKey, asJson('POST', wanted))).status;
    for (const [, name] of peoplesNames) {
      expect([name, (await send('PUT', '/api/stores/red', { name })).status]).toEqual([name, 200]);
      expect([name, await ask({ role: 'admin', name })]).toEqual([name, 201]);
    }
    for (const { char, point } of attacks) {
      const name = `re${char}d`;
      expect([point, (await send('PUT', '/api/stores/red', { name })).status]).toEqual([point, 400]);
      expect([point, await ask({ role: 'admin', name })]).toEqual([point, 400]);
      expect([point, await ask({ role: 'driver', driver: name })]).toEqual([point, 400]);
    }
    expect(keyed.faults).toEqual([]);
  } finally {
    await keyed.close();
  }
});

it('an order of a lab program that worked still works: what is odd in it is cleaned, and its own kind get it as it came', async () => {
  const [program, other] = [new TcpLine(hub.tcpPort), new TcpLine(hub.tcpPort)];
  const given = { ...order, orderID: '42', customer: 'Hul\u202eda\u0007', address: '\u200e1 Road\u009b' };
  program.write({ event: 'pickup', payload: given });
  const told = await other.message(({ event, payload }) => event === 'pickup' && payload['orderID'] === '42');
  expect(told.payload).toMatchObject(given);
  const { payload } = await dispatch.record('pickup', '42');
  expect(payload).toMatchObject({ customer: 'Hulda', address: '\u200e1 Road', given });

  program.write({ event: 'pickup', payload: { ...order, orderID: '4\u009b2' } });
  const refused = await program.message(({ event }) => event === 'error');
  expect(refused.payload).toMatchObject({
    code: 'bad-message',
    message: 'payload.orderID: Has U+009B, a control character.',
  });
  program.write({ device_id: 'truck\u202e\u001b]0;' });
  program.write('PING.');
  await program.line('PONG.');
  const shown = await (await fetch(`${hub.url}/api/connections`)).json();
  expect(shown.items).toContainEqual(expect.objectContaining({ name: 'truck\\u202e\\u001b]0;' }));
  for (const line of [program, other]) line.close();
});

it('dispatch hears once of a shop or a driver who is new and looks like another, on whatever door they came', async () => {
  const fresh = await startRealHub();
  const shops = ['red', 'r\u0435d', 're\u0501'].map((store) => ({ ...order, store }));
  // Nobody of dispatch is there yet: it is told when it comes.
  for (const body of [...shops, ...shops]) {
    const headers = { 'content-type': 'application/json' };
    await fetch(`${fresh.url}/api/orders`, { method: 'POST', headers, body: JSON.stringify(body) });
  }
  const desk = await openClient(fresh.url, { role: 'admin' });
  const drivers = ['ana', '\u0430na'];
  const came = await Promise.all(drivers.map((driver) => openClient(fresh.url, { role: 'driver', driver })));
  const program = new TcpLine(fresh.tcpPort);
  program.write({ event: 'pickup', payload: { ...order, store: 're\u217e', orderID: 7 } });
  const looksLike = (id: string) => desk.heard.split(`(${id}) looks like`).length - 1;
  await expect
    .poll(() => ['r U+0435 d', 're U+0501', 're U+217E', 'U+0430 na'].map(looksLike), { timeout: 15_000 })
    .toEqual([1, 2, 3, 1]);
  for (const one of [desk, ...came, program]) one.close();
  expect(fresh.faults).toEqual([]);
  await fresh.close();
});
