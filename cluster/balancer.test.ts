/** What deploy/haproxy.cfg does with each kind of connection. */

import { once } from 'node:events';
import { Agent } from 'node:http';
import { connect as connectHttp2 } from 'node:http2';
import { connect } from 'node:net';
import type { Socket } from 'socket.io-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import type { Connection, Welcome } from '../protocol/messages.ts';
import type { HubInfo } from '../protocol/rest.ts';
import { openStream, type Stream } from '../testkit/rest-client.ts';
import { TcpLine } from '../testkit/tcp-lines.ts';
import { dial, next, type Options } from '../testkit/test-client.ts';
import { type BalancedHubs, startBalancedHubs } from './balanced-hubs.ts';

const admin = { protocol: 1, role: 'admin' };
/** A client at another address. */
const from = (localAddress: string): Options => ({ agent: new Agent({ localAddress }) as never });

async function join(url: string, options: Options = {}): Promise<[socket: Socket, welcome: Welcome]> {
  const socket = dial(`${url}/caps`, admin, options);
  return [socket, await next<Welcome>(socket, 'welcome')];
}

/** Names of the plain clients at each hub. */
async function plainClients({ hubs }: BalancedHubs): Promise<string[][]> {
  return Promise.all(
    hubs.map(async ({ url }) => {
      const { items } = (await (await fetch(`${url}/api/connections`)).json()) as { items: Connection[] };
      return items.filter(({ role }) => role === 'plain').map(({ who }) => who);
    }),
  );
}

const order = { store: 'red', orderID: 'tls-1', customer: 'Hulda', address: '835 Meluk Pass' };

describe('behind HAProxy', () => {
  let cluster: BalancedHubs;
  beforeAll(async () => {
    cluster = await startBalancedHubs({
      hasCertificate: true,
      env: { CAPS_ORIGINS: 'https://localhost' },
    });
  });
  afterAll(() => cluster?.dispose());

  const counted = (hubs: readonly number[]) => [0, 1].map((hub) => hubs.filter((one) => one === hub).length);

  it('requests go to the hubs in turn, also on one connection', async () => {
    const hubs: number[] = [];
    for (let i = 0; i < 20; i += 1) {
      const { asOf } = (await (await fetch(`${cluster.url}/api/orders`)).json()) as { asOf: string };
      hubs.push(cluster.hubOf(asOf));
    }
    expect(hubs.slice(1)).toEqual(hubs.slice(0, -1).map((hub) => 1 - hub));
  });

  it('the start page gets the balancer’s address, of which every hub draws a code', async () => {
    for (let i = 0; i < 2; i += 1) {
      const { addresses } = (await (
        await fetch(`${cluster.url}/api/hub`, { method: 'POST' })
      ).json()) as HubInfo;
      expect(addresses).toContain(cluster.url);
      expect(addresses).not.toContain(cluster.hubs[i]?.url);
    }
    const code = `/qr.svg?url=${encodeURIComponent(`${cluster.url}/driver`)}`;
    const drawn = await Promise.all([0, 1, 2, 3].map(async () => (await fetch(cluster.url + code)).status));
    expect(drawn).toEqual([200, 200, 200, 200]);
  });

  it('WebSockets and event streams go to the hub that has fewest', async () => {
    const joined: [Socket, Welcome][] = [];
    for (let i = 0; i < 10; i += 1) joined.push(await join(cluster.url));
    const hubOf = ([, { epoch }]: [Socket, Welcome]) => cluster.hubOf(epoch);
    expect(counted(joined.map(hubOf))).toEqual([5, 5]);

    const streams: Stream[] = [];
    for (let i = 0; i < 4; i += 1) streams.push(await openStream(`${cluster.url}/api/events`));
    const places = await Promise.all(streams.map((stream) => stream.until(({ id }) => id !== undefined)));
    expect(counted(places.map(({ id = '' }) => cluster.hubOf(id)))).toEqual([2, 2]);

    // Those of the first hub leave, so it gets the next ones.
    const leaving = joined.filter((one) => hubOf(one) === 0);
    for (const [socket] of leaving) socket.close();
    await expect
      .poll(async () => {
        const { items } = (await (await fetch(`${cluster.hubs[0].url}/api/connections`)).json()) as {
          items: Connection[];
        };
        return items.filter(({ door }) => door === 'socket.io').length;
      })
      .toBe(0);
    const late: [Socket, Welcome][] = [];
    for (let i = 0; i < 5; i += 1) late.push(await join(cluster.url));
    expect(counted(late.map(hubOf))).toEqual([5, 0]);
    for (const [socket] of [...joined, ...late]) socket.close();
    for (const stream of streams) stream.close();
  });

  it('a session of polling stays at one hub, by the address of its client', async () => {
    const addresses = Array.from({ length: 16 }, (_, i) => `127.0.1.${i + 1}`);
    const polls = (address: string) => join(cluster.url, { transports: ['polling'], ...from(address) });
    const first = await Promise.all(addresses.map(polls));
    const second = await Promise.all(addresses.map(polls));
    const hubs = first.map(([, { epoch }]) => cluster.hubOf(epoch));
    expect(second.map(([, { epoch }]) => cluster.hubOf(epoch))).toEqual(hubs);
    expect(Math.min(...counted(hubs))).toBeGreaterThan(0);
    // Each answer is a request of its own, which another hub would refuse.
    for (const [socket] of [...first, ...second]) {
      for (let i = 0; i < 3; i += 1) expect(await socket.emitWithAck('commands', [])).toEqual([]);
      socket.close();
    }
  });

  it('a session that begins by polling goes on as a WebSocket at the same hub', async () => {
    for (const address of ['127.0.1.1', '127.0.1.2', '127.0.1.3', '127.0.1.4']) {
      const socket = dial(`${cluster.url}/caps`, admin, {
        transports: ['polling', 'websocket'],
        ...from(address),
      });
      const isUpgraded = new Promise((resolve) => {
        socket.io.on('open', () => socket.io.engine.once('upgrade', resolve));
      });
      await Promise.all([isUpgraded, next(socket, 'welcome')]);
      expect(await socket.emitWithAck('commands', [])).toEqual([]);
      socket.close();
    }
  });

  it('a hub sees the addresses of its clients by TCP and by Socket.IO, whatever they say themselves', async () => {
    const lines = ['127.0.0.2', '127.0.0.3', '127.0.0.4', '127.0.0.5'].map(
      (address) => new TcpLine(cluster.tcpPort, address),
    );
    for (const line of lines) {
      line.write('PING.\n');
      await line.line('PONG.');
    }
    const extraHeaders = { 'x-forwarded-for': '9.9.9.9' };
    const socket = dial(`${cluster.url}/caps`, {}, { extraHeaders, ...from('127.0.0.6') });
    await next(socket, 'connect');
    const all = async () => (await plainClients(cluster)).flat().toSorted();
    await expect.poll(all).toEqual([2, 3, 4, 5, 6].map((last) => `127.0.0.${last}`));
    // TCP connections go to the hubs in turn.
    socket.close();
    await expect.poll(async () => (await plainClients(cluster)).map((names) => names.length)).toEqual([2, 2]);
    for (const line of lines) line.close();
  });

  it('HTTPS with a certificate of the folder, HTTP/2, and links that begin with https', async () => {
    const session = connectHttp2(`https://localhost:${cluster.httpsPort}`, {
      ca: cluster.certificate,
      lookup: (_host, _options, found) => found(null, [{ address: '127.0.0.1', family: 4 }]),
    });
    await once(session, 'connect');
    expect(session.alpnProtocol).toBe('h2');
    const posting = session.request({
      ...{ ':method': 'POST', ':path': '/api/orders' },
      'content-type': 'application/json',
    });
    posting.setEncoding('utf8').end(JSON.stringify(order));
    const [headers] = await once(posting, 'response');
    expect(headers[':status']).toBe(201);
    const { tracking } = JSON.parse((await posting.toArray()).join('')) as { tracking: string };
    expect(tracking).toMatch(new RegExp(`^https://localhost:${cluster.httpsPort}/track/`));

    // A browser that speaks HTTP/2 opens its WebSocket in the same connection.
    const upgrading = session.request({
      ...{ ':method': 'CONNECT', ':protocol': 'websocket' },
      ':path': '/socket.io/?EIO=4&transport=websocket',
      ...{ 'sec-websocket-version': '13', origin: 'https://localhost' },
    });
    const [opened] = await once(upgrading, 'response');
    expect(opened[':status']).toBe(200);
    const [frame] = (await once(upgrading, 'data')) as [Buffer];
    expect(frame.toString()).toContain('"pingInterval"');
    upgrading.close();
    session.close();

    const page = new WebSocket(`wss://localhost:${cluster.httpsPort}/socket.io/?EIO=4&transport=websocket`, {
      ca: cluster.certificate,
      family: 4,
    });
    await once(page, 'message');
    page.close();
  });
});

describe('with keys, and a limit of connections', () => {
  const key = 'the-first-key-of-all';
  let cluster: BalancedHubs;
  beforeAll(async () => {
    // The folder of certificates is empty: HAProxy starts all the same.
    cluster = await startBalancedHubs({ env: { CAPS_ADMIN_KEY: key, CAPS_CONNECTIONS: '50' } });
  });
  afterAll(() => cluster?.dispose());

  it('[S3] who tries keys is slowed down, and nobody at another address is', async () => {
    const ask = async (address: string, secret: string): Promise<number> => {
      const socket = connect({ port: cluster.httpPort, host: '127.0.0.1', localAddress: address });
      socket.end(
        `GET /api/orders HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer ${secret}\r\nconnection: close\r\n\r\n`,
      );
      const text = (await socket.toArray()).join('');
      return Number(text.split(' ')[1]);
    };
    const guesses = Array.from({ length: 90 }, (_, i) => ask('127.0.0.2', `guess-${i}`));
    let isOver = false;
    const answers = Promise.all(guesses).finally(() => {
      isOver = true;
    });
    expect(await ask('127.0.0.3', 'guess')).toBe(401);
    expect(isOver).toBe(false);
    expect(new Set(await answers)).toEqual(new Set([401, 429]));
    expect(await ask('127.0.0.3', key)).toBe(200);
  });

  it('[S3] the limit of connections counts those of an address, and not the balancer’s', async () => {
    const open = async (address: string): Promise<TcpLine> => {
      const line = new TcpLine(cluster.tcpPort, address);
      line.write({ event: 'hello', payload: { role: 'admin', key } });
      await line.message(({ event }) => event === 'welcome' || event === 'error');
      return line;
    };
    const lines: TcpLine[] = [];
    for (let i = 0; i < 102; i += 1) lines.push(await open('127.0.0.4'));
    const refused = lines.filter(({ heard }) => heard.some((line) => line.includes('"code":"busy"')));
    expect(refused).toHaveLength(2);
    const other = await open('127.0.0.5');
    expect(other.heard.join()).toContain('"event":"welcome"');
    for (const line of [...lines, other]) line.close();
  });
});
