import { execFileSync } from 'node:child_process';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Webhook as Verifier } from 'standardwebhooks';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { IssuedWebhook } from '../../../protocol/webhooks.ts';
import { readDocument } from '../../../testkit/documents.ts';
import { adminKey, asJson, type KeyedHub, startKeyedHub } from '../../../testkit/keyed-hub.ts';
import { type RealHub, startRealHub } from '../../../testkit/real-hub.ts';

interface ReceivedMessage {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

const got: ReceivedMessage[] = [];
const receiver = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    got.push({ path: request.url ?? '', headers: request.headers, body: Buffer.concat(chunks).toString() });
    response.writeHead(request.url === '/broken' ? 500 : 204).end();
  });
});
let there: string;
beforeAll(async () => {
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
  there = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}`;
});
afterAll(() => {
  receiver.closeAllConnections();
  receiver.close();
});
const gotAt = (path: string) => got.filter((one) => one.path === path);

async function asking(hub: RealHub, method: string, place: string, body?: unknown) {
  const answer = await fetch(
    `${hub.url}/api/${place}`,
    body === undefined ? { method } : asJson(method, body),
  );
  const text = await answer.text();
  return { status: answer.status, body: text === '' ? undefined : JSON.parse(text) };
}

/** The code of docs/webhooks.md. */
function shown(language: string): string {
  const text = readDocument('docs/webhooks.md');
  return new RegExp(`\`\`\`\\w+ verify=${language}\\n([\\s\\S]*?)\`\`\``).exec(text)?.[1] ?? '';
}

describe('where access is open', () => {
  let hub: RealHub;
  beforeAll(async () => {
    hub = await startRealHub({ CAPS_OUTBOUND: 'private' });
  });
  afterAll(async () => {
    await hub.close();
    expect(hub.faults).toEqual([]);
  });
  const ask = (method: string, place: string, body?: unknown) => asking(hub, method, place, body);
  const order = (store: string, orderID: string) =>
    ask('POST', 'orders', { store, orderID, customer: 'Hulda', address: '835 Meluk Pass' });

  it('a store has its records posted, and the code of the documentation knows that they are genuine', async () => {
    await order('blue', '1');
    const added = await ask('POST', 'webhooks?as=store:red', { url: `${there}/red`, description: 'Books' });
    expect(added).toMatchObject({
      status: 201,
      body: { store: 'red', status: 'active', seq: 0, behind: 0, description: 'Books' },
    });
    const { id, secret } = added.body as IssuedWebhook;
    await order('blue', '2');
    await order('red', '1');
    await expect.poll(() => gotAt('/red')).toHaveLength(1);
    const [first] = gotAt('/red');
    const { headers = {}, body = '' } = first ?? {};
    const data = (await ask('GET', 'events?as=store:red&after=0')).body.items[0];
    expect(JSON.parse(body)).toEqual({ type: 'pickup', timestamp: data.time, data });
    expect(headers['webhook-id']).toMatch(new RegExp(`^${id}-[\\w-]+-1$`));
    const flat = headers as Record<string, string>;
    expect(new Verifier(secret).verify(body, flat)).toEqual(JSON.parse(body));
    const input = JSON.stringify([secret, flat, body]);
    const script = `${shown('node')}
import { text } from 'node:stream/consumers';
const [secret, headers, body] = JSON.parse(await text(process.stdin));
console.log(isGenuine(secret, headers, body), isGenuine(secret, headers, body + ' '));`;
    const node = execFileSync(process.execPath, ['--input-type=module', '-e', script], { input });
    expect(node.toString().trim()).toBe('true false');
    const program = `${shown('python')}
import json, sys
secret, headers, body = json.load(sys.stdin)
print(is_genuine(secret, headers, body.encode()), is_genuine(secret, headers, body.encode() + b" "))`;
    expect(execFileSync('python3', ['-c', program], { input }).toString().trim()).toBe('True False');
    expect((await ask('GET', `webhooks/${id}?as=store:red`)).body).not.toHaveProperty('secret');
    expect((await ask('GET', `webhooks/${id}/deliveries?as=store:red`)).body.items).toMatchObject([
      { seq: 1, event: 'pickup', status: 204 },
    ]);
    const numbers = await (await fetch(`${hub.url}/metrics`)).text();
    expect(numbers).toMatch(/^caps_webhook_tries_total\{outcome="taken"\} [1-9]/m);
    expect(numbers).not.toContain('/red');
  });

  it('is tested, paused, resumed, sent again, changed and ended', async () => {
    const { body: made } = await ask('POST', 'webhooks?as=store:green', { url: `${there}/green` });
    const at = (what = '') => `webhooks/${made.id}${what}?as=store:green`;
    expect((await ask('POST', at('/test'))).body).toMatchObject({ ok: true, status: 204 });
    expect(JSON.parse(gotAt('/green')[0]?.body ?? '')).toMatchObject({ type: 'test' });
    expect((await ask('POST', at('/pause'))).body).toMatchObject({ status: 'paused', reason: 'asked' });
    for (const id of ['1', '2']) await order('green', id);
    expect((await ask('GET', at())).body).toMatchObject({ seq: 0, behind: 2 });
    expect((await ask('POST', at('/resume'))).body).toMatchObject({ status: 'active' });
    await expect.poll(() => gotAt('/green')).toHaveLength(3);
    expect((await ask('POST', at('/replay'), { from: 2 })).status).toBe(200);
    await expect.poll(() => gotAt('/green')).toHaveLength(4);
    const ids = gotAt('/green').map(({ headers }) => headers['webhook-id']);
    expect(ids[3]).toBe(ids[2]);
    const { body: rotated } = await ask('POST', at('/rotate'));
    expect(rotated.secret).not.toBe(made.secret);
    const change = { url: `${there}/broken`, events: ['delivered'], description: 'x' };
    expect((await ask('PATCH', at(), change)).body).toMatchObject(change);
    expect((await ask('POST', at('/test'))).body).toMatchObject({ ok: false, status: 500 });
    const { body: changed } = await ask('PATCH', at(), { events: null, description: null });
    expect([changed.url, changed.events, changed.description]).toEqual([change.url, undefined, undefined]);
    await order('green', '3');
    await expect
      .poll(async () => (await ask('GET', at())).body.failing)
      .toMatchObject({ status: 500, tries: 1 });
    expect((await ask('DELETE', at())).status).toBe(204);
    for (const [method, what] of [
      ['GET', ''],
      ['DELETE', ''],
      ['POST', '/test'],
      ['POST', '/resume'],
      ['GET', '/deliveries'],
    ] as const)
      expect((await ask(method, at(what))).status).toBe(404);
  });

  it('[A1] another store sees none of it, a driver has none, and dispatch sees all', async () => {
    const { body: made } = await ask('POST', 'webhooks?as=store:black', { url: `${there}/black` });
    const one = `webhooks/${made.id}`;
    for (const [method, place, body] of [
      ['GET', one, undefined],
      ['PATCH', one, { description: 'mine' }],
      ['DELETE', one, undefined],
      ['POST', `${one}/rotate`, undefined],
      ['POST', `${one}/replay`, { from: 1 }],
      ['GET', `${one}/deliveries`, undefined],
    ] as const) {
      expect((await ask(method, `${place}?as=store:white`, body)).status).toBe(404);
      expect((await ask(method, `${place}?as=driver:ana`, body)).body.code).toBe('not-allowed');
    }
    expect((await ask('GET', 'webhooks?as=store:white')).body.items).toEqual([]);
    expect((await ask('POST', 'webhooks?as=driver:ana', { url: there })).status).toBe(403);
    expect((await ask('GET', 'webhooks?as=admin')).body.items).toContainEqual(
      expect.objectContaining({ id: made.id, store: 'black' }),
    );
  });

  it('a store has ten at most', async () => {
    const statuses: number[] = [];
    for (let i = 0; i < 11; i += 1)
      statuses.push((await ask('POST', 'webhooks?as=store:many', { url: there })).status);
    expect(statuses.filter((status) => status === 201)).toHaveLength(10);
    expect(statuses.at(-1)).toBe(413);
  });

  it.each<[string, object]>([
    ['url', { url: 'ftp://shop.example/' }],
    ['url', { url: 'shop.example' }],
    ['url', { url: 'https://user:word@shop.example/' }],
    ['url', { url: 'https://shop.example/#here' }],
    ['url', { url: `https://shop.example/${'x'.repeat(1_024)}` }],
    ['url', { url: 'http://0.0.0.0/' }],
    ['events', { url: 'https://shop.example/', events: [] }],
    ['events', { url: 'https://shop.example/', events: ['delivered', 'delivered'] }],
    ['events', { url: 'https://shop.example/', events: ['sold'] }],
    ['secret', { url: 'https://shop.example/', secret: 'whsec_x' }],
  ])('what is no %s is refused, and named: %j', async (field, wanted) => {
    const { status, body } = await ask('POST', 'webhooks?as=store:pink', wanted);
    expect([status, body.code, body.detail]).toEqual([400, 'bad-message', expect.stringContaining(field)]);
  });

  it('does not lead back to the hub', async () => {
    const own = { url: `http://127.0.0.1:${hub.port}/api/orders` };
    expect((await ask('POST', 'webhooks', own)).body.detail).toBe('url: Leads to this hub itself.');
    const { body: made } = await ask('POST', 'webhooks', { url: `http://localhost:${hub.port}/api/orders` });
    expect((await ask('POST', `webhooks/${made.id}/test`)).body).toMatchObject({
      ok: false,
      fault: 'own-hub',
    });
    await ask('DELETE', `webhooks/${made.id}`);
  });
});

it('by default leads to public addresses alone, and where it is off nowhere', async () => {
  const careful = await startRealHub();
  const still = await startRealHub({ CAPS_OUTBOUND: 'off' });
  try {
    const { body } = await asking(careful, 'POST', 'webhooks', { url: there });
    expect([body.code, body.detail]).toEqual([
      'bad-message',
      expect.stringContaining('CAPS_OUTBOUND=private'),
    ]);
    const { body: made } = await asking(careful, 'POST', 'webhooks', {
      url: `http://localhost:${new URL(there).port}/`,
    });
    expect((await asking(careful, 'POST', `webhooks/${made.id}/test`)).body.fault).toBe('refused-address');
    const refused = await asking(still, 'POST', 'webhooks', { url: 'https://shop.example/' });
    expect([refused.status, refused.body.detail]).toEqual([409, expect.stringContaining('CAPS_OUTBOUND')]);
    expect((await asking(still, 'GET', 'webhooks')).body).toEqual({ items: [] });
  } finally {
    await Promise.all([careful.close(), still.close()]);
  }
  expect([...careful.faults, ...still.faults]).toEqual([]);
});

describe('where access is keyed', () => {
  let hub: KeyedHub;
  beforeAll(async () => {
    hub = await startKeyedHub({ CAPS_OUTBOUND: 'private' });
  });
  afterAll(async () => {
    await hub.close();
    expect(hub.faults).toEqual([]);
  });

  it('[A1] a webhook is its key’s, and is sent nothing once that is revoked', async () => {
    const red = await hub.issue({ role: 'vendor', store: 'red' });
    const made = await hub.ask('/api/webhooks', red.key, asJson('POST', { url: `${there}/keyed` }));
    const { id, store } = (await made.json()) as IssuedWebhook;
    expect(store).toBe('red');
    const order = (orderID: string) =>
      hub.ask(
        '/api/orders',
        adminKey,
        asJson('POST', { store: 'red', orderID, customer: 'H', address: 'M' }),
      );
    await order('1');
    await expect.poll(() => gotAt('/keyed')).toHaveLength(1);
    await hub.revoke(red.id);
    await order('2');
    const find = async () => (await hub.ask(`/api/webhooks/${id}`, adminKey)).json();
    await expect.poll(find).toMatchObject({ status: 'paused', reason: 'key', behind: 1 });
    expect(gotAt('/keyed')).toHaveLength(1);
    expect((await hub.ask('/api/webhooks')).status).toBe(401);
    expect((await hub.ask(`/api/webhooks/${id}/resume`, adminKey, { method: 'POST' })).status).toBe(200);
    await expect.poll(() => gotAt('/keyed')).toHaveLength(2);
  });
});
