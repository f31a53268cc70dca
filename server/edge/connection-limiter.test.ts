import { once } from 'node:events';
import { Agent, get, type IncomingMessage } from 'node:http';
import { connect, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type RealHub, startRealHub } from '../../testkit/real-hub.ts';
import { TcpLine } from '../../testkit/tcp-lines.ts';
import { dial, refusalOf } from '../../testkit/test-client.ts';
import { ConnectionLimiter } from './connection-limiter.ts';

it('[S3] an address has so many connections, whoever leaves makes room, and others are not concerned', () => {
  const limiter = new ConnectionLimiter(2);
  const leave = limiter.enter('10.0.0.1');
  expect(limiter.enter('10.0.0.1')).toBeTypeOf('function');
  expect(limiter.enter('10.0.0.1')).toBeUndefined();
  expect(limiter.enter('10.0.0.2')).toBeTypeOf('function');
  leave?.();
  leave?.();
  expect(limiter.enter('10.0.0.1')).toBeTypeOf('function');
  expect(limiter.enter('10.0.0.1')).toBeUndefined();
});

describe('[S3] the one connection too many of an address', () => {
  let hub: RealHub;
  let open: Socket[];
  /** Another machine, as far as the hub can see. */
  const elsewhere = '127.0.0.2';

  /** All that an address may have: by HTTP, idle, and by TCP. */
  beforeEach(async () => {
    hub = await startRealHub({ CAPS_CONNECTIONS: '4' });
    open = [hub.port, hub.port, hub.tcpPort, hub.tcpPort].map((port) => connect(port, '127.0.0.1'));
    await Promise.all(open.map((socket) => once(socket, 'connect')));
    // One that has been served is behind all that came before it.
    open[0]?.write('GET /healthz HTTP/1.1\r\nhost: localhost\r\n\r\n');
    open[2]?.write('PING.');
    await Promise.all([open[0], open[2]].map((socket) => socket && once(socket, 'data')));
  });
  afterEach(async () => {
    for (const socket of open) socket.destroy();
    await hub.close();
    expect(hub.faults).toEqual([]);
  });

  const ask = async (path: string, localAddress = '127.0.0.1'): Promise<IncomingMessage> => {
    const [response] = await once(
      get({ ...{ host: '127.0.0.1', port: hub.port, path, localAddress }, agent: new Agent() }),
      'response',
    );
    return response as IncomingMessage;
  };

  it('by HTTP is told so and closed; another address is served', async () => {
    const response = await ask('/api/orders');
    expect([response.statusCode, response.headers['retry-after'], response.headers.connection]).toEqual([
      ...[503, '1', 'close'],
    ]);
    expect(JSON.parse((await response.toArray()).join(''))).toMatchObject({ code: 'busy', status: 503 });
    expect((await ask('/healthz', elsewhere)).statusCode).toBe(200);
  });

  it('by HTTP that says nothing is closed within a second', async () => {
    const socket = connect(hub.port, '127.0.0.1').resume();
    const start = performance.now();
    await once(socket, 'close');
    expect(performance.now() - start).toBeLessThan(3_000);
  });

  it('by Socket.IO does not get in', async () => {
    const socket = dial(`${hub.url}/caps`, { protocol: 1, role: 'admin' });
    expect(await refusalOf(socket)).toBe('websocket error');
  });

  it('by TCP is told so and closed; dispatch hears of it from elsewhere', async () => {
    const admin = new TcpLine(hub.tcpPort, elsewhere);
    admin.write({ event: 'hello', payload: { role: 'admin' } });
    await admin.message(({ event }) => event === 'welcome');
    const line = new TcpLine(hub.tcpPort);
    expect(await line.error()).toBe('busy');
    await line.ended;
    // Those at the other doors were told of before.
    await admin.message(
      ({ event, payload }) => event === 'notice' && JSON.stringify(payload).includes('"door":"tcp"'),
    );
    const told = admin.heard.filter((text) => text.includes('"door":"tcp"'));
    expect(told.flatMap((text) => (JSON.parse(text) as { payload: object[] }).payload)).toContainEqual(
      expect.objectContaining({ code: 'busy', kind: 'refused', who: '127.0.0.1', door: 'tcp' }),
    );
    admin.close();
  });

  it('is one no more when another has left', async () => {
    const [first, ...others] = open;
    first?.destroy();
    const isServed = async (): Promise<boolean> => (await ask('/healthz')).statusCode === 200;
    for (let i = 0; i < 20 && !(await isServed()); i += 1) expect(others).toHaveLength(3);
    expect(await isServed()).toBe(true);
  });
});
