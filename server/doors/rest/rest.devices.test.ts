import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Device } from '../../../protocol/devices.ts';
import type { AnswerOf } from '../../../protocol/rest.ts';
import { GatewayDevice } from '../../../testkit/gateway-device.ts';
import { type RealHub, startRealHub } from '../../../testkit/real-hub.ts';

let hub: RealHub;
const open: GatewayDevice[] = [];

beforeAll(async () => {
  hub = await startRealHub();
});
afterEach(() => {
  for (const one of open.splice(0)) one.close();
  expect(hub.faults).toEqual([]);
});
afterAll(() => hub.close());

function connected(id?: string): Promise<GatewayDevice> {
  const made = new GatewayDevice(hub.tcpPort, id);
  open.push(made);
  return made.met();
}

async function get<T>(path: string): Promise<T> {
  const response = await fetch(hub.url + path);
  expect(response.status).toBe(200);
  return (await response.json()) as T;
}

type SentCommand = AnswerOf<'POST /api/devices/:id/commands'>;

const post = (id: string, body: unknown, query = '') =>
  fetch(`${hub.url}/api/devices/${id}/commands${query}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });

async function sent(device: GatewayDevice, message: string, query = ''): Promise<SentCommand> {
  const response = await post(device.id, { message }, query);
  expect(response.status).toBe(202);
  return (await response.json()) as SentCommand;
}

describe('a command', () => {
  it('is sent at once, and says to whom, when and by which hub', async () => {
    const device = await connected();
    const answer = await sent(device, 'KEEP ME POSTED EVERY 3600 SECONDS.');
    expect(answer).toEqual({
      ...{ id: device.id, message: 'KEEP ME POSTED EVERY 3600 SECONDS.', hub: device.serverId },
      ...{ sentAt: expect.any(String), answer: null },
    });
    expect(await device.hears(({ type }) => type === 'command')).toEqual({
      ...{ type: 'command', message: 'KEEP ME POSTED EVERY 3600 SECONDS.', serverId: device.serverId },
    });
  });

  it.each([
    ['HEY YOU, RUN!', 'DONE!'],
    ['HEY YOU, REST!', "I CAN'T, SORRY."],
    ['KEEP ME POSTED EVERY 3600 SECONDS.', 'SURE, I WILL!'],
    ["HOW'S IT GOING?", "FINE. I'M HERE 45.02156165 8.156484, RESTING AND CHARGED AT 67%."],
  ])('%s is answered within the time that the request waits', async (message, said) => {
    const device = await connected();
    const { answer } = await sent(device, message, '?wait=10');
    expect(answer).toEqual({ message: said, time: expect.any(String) });
  });

  it('makes a device report, and a device that said how it is has reported', async () => {
    const device = await connected();
    device.battery = 12;
    await sent(device, "HOW'S IT GOING?", '?wait=10');
    expect(await get(`/api/devices/${device.id}`)).toMatchObject({ battery: 12, status: 'RESTING' });
    device.battery = 13;
    await sent(device, 'KEEP ME POSTED EVERY 1 SECONDS.', '?wait=10');
    await device.hears(({ message }) => message === 'OK, THANKS!');
    expect(await get(`/api/devices/${device.id}`)).toMatchObject({ battery: 13 });
  });

  it('has no answer of a device that left instead', async () => {
    const device = await connected();
    device.socket.removeAllListeners('data');
    device.socket.once('data', () => device.close());
    expect(await sent(device, 'HEY YOU, RUN!', '?wait=30')).toMatchObject({ answer: null });
    expect((await post(device.id, { message: 'HEY YOU, RUN!' })).status).toBe(409);
  });

  it('may name its type, and the device in capitals', async () => {
    const device = await connected();
    const response = await post(device.id.toUpperCase(), { type: 'command', message: 'HEY YOU, RUN!' });
    expect([response.status, ((await response.json()) as SentCommand).id]).toEqual([202, device.id]);
  });

  it('is refused while 16 wait for an answer', async () => {
    const device = await connected();
    device.socket.removeAllListeners('data');
    device.socket.resume();
    for (let n = 0; n < 16; n += 1) await sent(device, 'HEY YOU, RUN!');
    const response = await post(device.id, { message: 'HEY YOU, RUN!' });
    expect([response.status, response.headers.get('retry-after')]).toEqual([429, '60']);
  });

  it.each<[body: unknown, status: number, field: string, query?: string]>([
    [{ message: 'HEY YOU, FLY!' }, 422, 'message'],
    [{ message: 'hey you, run!' }, 422, 'message'],
    [{ message: 'KEEP ME POSTED EVERY -1 SECONDS.' }, 422, 'message'],
    [{ message: 'KEEP ME POSTED EVERY 1.5 SECONDS.' }, 422, 'message'],
    [{ message: 'KEEP ME POSTED EVERY 90000 SECONDS.' }, 422, 'message'],
    [{ message: 'HEY YOU, RUN!\n' }, 422, 'message'],
    [{ message: 5 }, 422, 'message'],
    [{ command: 'HEY YOU, RUN!' }, 422, 'message'],
    [{ message: 'HEY YOU, RUN!', after: 'REST' }, 422, 'after'],
    [{ type: 'message', message: 'HEY YOU, RUN!' }, 422, 'type'],
    [[], 422, 'body'],
    ['', 422, 'message'],
    ['{', 400, 'body'],
    [{ message: 'HEY YOU, RUN!' }, 400, 'wait', '?wait=31'],
    [{ message: 'HEY YOU, RUN!' }, 400, 'wait', '?wait=soon'],
  ])('%j is refused with %i, which names “%s”', async (body, status, field, query = '') => {
    const device = await connected();
    const response = await post(device.id, body, query);
    const problem = (await response.json()) as { status: number; details: { field: string } };
    expect([response.status, problem.status, problem.details.field]).toEqual([status, status, field]);
    expect(device.heard.filter(({ type }) => type === 'command')).toEqual([]);
  });

  it('says which commands there are', async () => {
    const device = await connected();
    const { detail } = (await (await post(device.id, { message: 'STOP' })).json()) as { detail: string };
    expect(detail).toBe(
      'message: Is none of "KEEP ME POSTED EVERY <n> SECONDS.", "HEY YOU, RUN!", "HEY YOU, REST!", "HOW\'S IT GOING?".',
    );
  });
});

describe('a device that is not there', () => {
  it.each([randomUUID(), 'bob', '..%2F'])('%s is not found', async (id) => {
    const found = await fetch(`${hub.url}/api/devices/${id}`);
    expect(found.status).toBe(404);
    const response = await post(id, { message: 'HEY YOU, RUN!' });
    expect([response.status, await response.json()]).toEqual([
      404,
      expect.objectContaining({ code: 'bad-message', details: { field: 'id' } }),
    ]);
  });
});

describe('the list of devices', () => {
  it('has each, page by page, by id', async () => {
    const all = await Promise.all(Array.from({ length: 5 }, () => connected()));
    const seen: Device[] = [];
    let path = '/api/devices?limit=2';
    for (;;) {
      const { items, next } = await get<AnswerOf<'GET /api/devices'>>(path);
      expect(items.length).toBeLessThanOrEqual(2);
      seen.push(...items);
      if (next === null) break;
      path = `/api/devices?limit=2&cursor=${next}`;
    }
    const ids = seen.map(({ id }) => id);
    expect(ids).toEqual([...new Set(ids)].sort());
    expect(ids).toEqual(expect.arrayContaining(all.map(({ id }) => id)));
  });

  it.each([
    ['/api/devices?cursor=1', 400, 'bad-cursor'],
    ['/api/devices?limit=0', 400, 'bad-message'],
    ['/api/devices?colour=red', 400, 'bad-message'],
    ['/api/devices?as=store:red', 403, 'not-allowed'],
    ['/api/devices?as=driver:ana', 403, 'not-allowed'],
    ['/api/devices/x?as=driver:ana', 403, 'not-allowed'],
  ])('%s is refused', async (path, status, code) => {
    const response = await fetch(hub.url + path);
    expect([response.status, await response.json()]).toEqual([status, expect.objectContaining({ code })]);
  });
});

it('every answer of REST, and /healthz, say which hub it was: the one that the TCP door names', async () => {
  const { serverId } = await connected();
  for (const path of [
    '/api/orders',
    '/api/events',
    '/api/devices',
    '/api/orders/red/none',
    '/api/events?limit=x',
  ]) {
    expect([path, (await fetch(hub.url + path)).headers.get('server-id')]).toEqual([path, serverId]);
  }
  expect(await get('/healthz')).toEqual({ status: 'ok', serverId });
});
