import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connect } from '../../client/client.ts';
import { tcpWire } from '../../client/tcp-wire.ts';
import type { Answer, CapsRecord, Notice } from '../../protocol/messages.ts';
import { type RealHub, startRealHub } from '../../testkit/real-hub.ts';
import { TcpLine } from '../../testkit/tcp-lines.ts';
import { dial, next, openClient, openTcpClient, orderOf, stepOf } from '../../testkit/test-client.ts';

/** Commands per second; ten times as many at once. */
const rate = 50;
const burst = 10 * rate;

let hub: RealHub;
beforeAll(async () => {
  hub = await startRealHub({ CAPS_RATE: `${rate}` });
});
afterAll(async () => {
  expect(hub.faults).toEqual([]);
  await hub.close();
});

const codes = (answers: readonly Answer[]): string[] =>
  answers.map((answer) => (answer.ok ? 'ok' : answer.error.code));
const ids = (from: number, count: number): string[] => Array.from({ length: count }, (_, i) => `${from + i}`);

describe('[S3] a client of ours that is too fast loses nothing, and keeps its order:', () => {
  it.each([
    ['Socket.IO', 'sdk', undefined],
    ['TCP', 'sdk-tcp', () => tcpWire('127.0.0.1', hub.tcpPort)],
  ])('%s', async (_, store, wire) => {
    const dialed = wire ? { dial: wire() } : {};
    const client = connect({ url: hub.url, identity: { role: 'vendor', store }, ...dialed });
    const wanted = ids(0, burst + 3 * rate);
    const sent = wanted.map((orderID) =>
      client.command({
        event: 'pickup',
        payload: { store, orderID, customer: 'Hulda', address: '835 Meluk Pass' },
      }),
    );
    expect(new Set(codes(await Promise.all(sent)))).toEqual(new Set(['ok']));
    client.close();
    const admin = dial(`${hub.url}/caps`, { protocol: 1, role: 'admin', after: '0' });
    const heard: string[] = [];
    admin.on('events', ({ records }: { records: CapsRecord[] }) => {
      for (const { payload } of records) if (payload.store === store) heard.push(payload.orderID);
    });
    while (heard.length < wanted.length) await next(admin, 'events');
    expect(heard).toEqual(wanted);
    admin.close();
  });
});

describe('[S3] past the limit, commands are refused by name', () => {
  it('Socket.IO: from the first one on, all that follow', async () => {
    const shop = await openClient(hub.url, { role: 'vendor', store: 'batch' });
    const batch = (from: number) => ids(from, 250).map((orderID) => orderOf('batch', orderID));
    const answers = [
      ...(await shop.send(...batch(0))),
      ...(await shop.send(...batch(250))),
      ...(await shop.send(...batch(500))),
    ];
    const through = codes(answers).indexOf('too-fast');
    expect(through).toBeGreaterThanOrEqual(burst);
    expect(new Set(codes(answers).slice(through))).toEqual(new Set(['too-fast']));
    expect(answers.at(-1)).toMatchObject({
      error: { code: 'too-fast', retryable: true, details: { retryAfterMs: expect.any(Number) } },
    });
    // Nothing else gets by, be it a batch of nothing or what is no batch at all.
    expect(codes(await shop.send())).toEqual(['too-fast']);
    shop.close();
  });

  it('Socket.IO: "duty" and what is no event count as well', async () => {
    const socket = dial(`${hub.url}/caps`, { protocol: 1, role: 'driver', driver: 'ana' });
    await next(socket, 'welcome');
    const ask = async (event: string, count: number) =>
      codes(
        (await Promise.all(Array.from({ length: count }, () => socket.emitWithAck(event, 'on')))) as Answer[],
      );
    expect(await ask('duty', 1)).toEqual(['ok']);
    expect(await ask('explode', 1)).toEqual(['unknown-event']);
    expect((await ask('duty', 2 * burst)).at(-1)).toBe('too-fast');
    expect((await ask('explode', 2 * burst)).at(-1)).toBe('too-fast');
    socket.close();
  });

  it('plain Socket.IO clients: every word', async () => {
    const socket = dial(`${hub.url}/caps`, {});
    await next(socket, 'connect');
    for (let i = 0; i < burst; i += 1) socket.emit(i % 2 ? 'join' : 'getAll', 'plain');
    const answers = Array.from({ length: burst }, () =>
      socket.emitWithAck('pickup', { store: 'plain', orderID: '1', customer: 'Hulda', address: 'Elm 1' }),
    );
    expect(codes((await Promise.all(answers)) as Answer[])).toContain('too-fast');
    socket.close();
  });

  it('TCP: from the first one on, all that follow, answered in their order', async () => {
    const shop = await openTcpClient(hub.tcpPort, { role: 'vendor', store: 'lines' });
    const answers = await shop.send(...ids(0, burst + 300).map((orderID) => orderOf('lines', orderID)));
    const through = codes(answers).indexOf('too-fast');
    expect(through).toBeGreaterThanOrEqual(burst);
    expect(new Set(codes(answers).slice(0, through))).toEqual(new Set(['ok']));
    expect(new Set(codes(answers).slice(through))).toEqual(new Set(['too-fast']));
    shop.close();
  });

  it('plain TCP clients: what cannot be read counts as well, PING. does not', async () => {
    const line = new TcpLine(hub.tcpPort);
    await once(line.socket, 'connect');
    line.write('{"event":"explode","payload":{}}'.repeat(2 * burst));
    line.write(JSON.stringify(stepOf('pickup', 'plain', '2')));
    await line.message(({ payload }) => payload['code'] === 'too-fast');
    line.write('PING.');
    await line.line('PONG.');
    line.close();
  });
});

it('[S3] REST counts an actor of an address, /track an address, and both say when to come again', async () => {
  const slow = await startRealHub({ CAPS_RATE: '0.2' });
  const ask = () => fetch(`${slow.url}/api/orders?limit=1&as=store:asks`);
  expect([(await ask()).status, (await ask()).status]).toEqual([200, 200]);
  const refused = await ask();
  expect([refused.status, Number(refused.headers.get('retry-after'))]).toEqual([429, expect.closeTo(4, -1)]);
  expect(await refused.json()).toMatchObject({ code: 'too-fast', retryable: true, status: 429 });
  const order = { store: 'asks', orderID: '1', customer: 'Hulda', address: '835 Meluk Pass' };
  const post = (more: object) =>
    fetch(`${slow.url}/api/orders`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ ...order, ...more }),
    });
  expect((await post({})).status).toBe(429);
  expect((await post({ store: 'others' })).status).toBe(201);
  const stream = await fetch(`${slow.url}/api/events?as=store:asks`, {
    headers: { accept: 'text/event-stream' },
  });
  expect(stream.status).toBe(429);
  // Customers are counted by their address alone: who tries links would be somebody else with each of them.
  const follow = async (token: string) => (await fetch(`${slow.url}/track/trk_${token}`)).status;
  expect([await follow('1'), await follow('2'), await follow('3')]).toEqual([404, 404, 429]);
  const live = await fetch(`${slow.url}/track/trk_4/live`);
  expect([live.status, Number(live.headers.get('retry-after'))]).toEqual([429, expect.closeTo(4, -1)]);
  expect(slow.faults).toEqual([]);
  await slow.close();
});

it('[S3] dispatch is told of it in one notice, and it is counted', async () => {
  const admin = dial(`${hub.url}/caps`, { protocol: 1, role: 'admin' });
  await next(admin, 'welcome');
  const notices: Notice[] = [];
  admin.on('notice', (some: Notice[]) => notices.push(...some));
  const line = new TcpLine(hub.tcpPort);
  line.write({ event: 'hello', payload: { role: 'driver', driver: 'hasty' } });
  line.write('{"event":"duty","payload":"on"}'.repeat(2 * burst));
  const isIt = ({ code, who }: Notice) => code === 'too-fast' && who === 'hasty';
  while (!notices.some(isIt)) await next(admin, 'notice');
  const [{ count } = { count: 0 }] = notices.filter(isIt);
  expect(count).toBeGreaterThan(50);
  const metrics = await (await fetch(`${hub.url}/metrics`)).text();
  const [, counted] = /caps_refusals_total\{code="too-fast",door="tcp"\} (\d+)/.exec(metrics) ?? [];
  expect(Number(counted)).toBeGreaterThanOrEqual(count);
  line.close();
  admin.close();
});
