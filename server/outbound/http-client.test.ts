import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo, createServer as createTcpServer, type Server as TcpServer } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { systemClock } from '../clock.ts';
import { mayConnectTo } from './addresses.ts';
import { HttpClient, type HttpClientOptions } from './http-client.ts';
import { failedAgain, isDue, oneDay, threeDays } from './retry-times.ts';

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

function client(more: Partial<HttpClientOptions> = {}): HttpClient {
  const made = new HttpClient({
    ...{ clock: systemClock, isPrivateToo: true, isOwn: () => false, ownHosts: [], ...more },
  });
  closing.push(() => made.close());
  return made;
}

async function listen(server: Server | TcpServer): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(() => {
    if ('closeAllConnections' in server) server.closeAllConnections();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

function receiver(answer: (request: IncomingMessage, response: ServerResponse) => void): Promise<number> {
  return listen(createServer(answer));
}

const post = (from: HttpClient, url: string) => from.post(new URL(url), { 'x-test': 'yes' }, '{"a":"é"}');

it.each([
  ['93.184.216.34', true, true],
  ['2606:2800:220:1::1', true, true],
  ['10.1.2.3', false, true],
  ['172.16.0.1', false, true],
  ['192.168.1.1', false, true],
  ['127.0.0.1', false, true],
  ['127.9.9.9', false, true],
  ['169.254.169.254', false, true],
  ['100.64.0.1', false, true],
  ['::1', false, true],
  ['fe80::1', false, true],
  ['fd00::1', false, true],
  ['::ffff:127.0.0.1', false, true],
  ['::ffff:93.184.216.34', false, true],
  ['0.0.0.0', false, false],
  ['::', false, false],
  ['224.0.0.1', false, false],
  ['ff02::1', false, false],
  ['255.255.255.255', false, false],
  ['240.0.0.1', false, false],
  ['192.0.2.1', false, false],
  ['64:ff9b::7f00:1', false, false],
  ['2002:7f00:1::', false, false],
  ['2001:0:1::1', false, false],
  ['none', false, false],
])('[A1] connects to %s: %s; where private networks are allowed: %s', (address, isPublic, isAllowed) => {
  expect([mayConnectTo(address, false), mayConnectTo(address, true)]).toEqual([isPublic, isAllowed]);
});

describe('a client for addresses that others chose', () => {
  it('posts, tells the status, and keeps the connection for the next time', async () => {
    const got: string[] = [];
    const ports = new Set<number | undefined>();
    const port = await receiver((request, response) => {
      ports.add(request.socket.remotePort);
      request.on('data', (chunk: Buffer) =>
        got.push(`${request.method} ${request.headers['x-test']} ${chunk}`),
      );
      request.on('end', () => response.writeHead(202).end('thanks'));
    });
    const one = client();
    for (let i = 0; i < 2; i += 1) {
      expect(await post(one, `http://127.0.0.1:${port}/hook`)).toMatchObject({
        kind: 'answered',
        status: 202,
      });
    }
    expect(got).toEqual(['POST yes {"a":"é"}', 'POST yes {"a":"é"}']);
    expect(ports.size).toBe(1);
  });

  it.each([
    ['http://127.0.0.1:9/', 'refused-address'],
    ['http://2130706433/', 'refused-address'],
    ['http://0x7f.1/', 'refused-address'],
    ['http://[::ffff:7f00:1]/', 'refused-address'],
    ['http://169.254.169.254/latest/meta-data', 'refused-address'],
    ['https://[::1]:8443/', 'refused-address'],
    ['http://0.0.0.0/', 'refused-address'],
  ])('goes nowhere near %s', async (url, fault) => {
    expect(await post(client({ isPrivateToo: false }), url)).toMatchObject({ kind: 'failed', fault });
  });

  it('looks a name up for each connection, and refuses it for one address among good ones', async () => {
    let asked = 0;
    const port = await receiver((_, response) => response.end());
    const found = ['127.0.0.1'];
    const lookUp = async () => {
      asked += 1;
      return found.map((address) => ({ address, family: 4 }));
    };
    const isOwn = (address: string) => address === '192.0.2.9';
    expect(await post(client({ lookUp }), `http://shop.example:${port}/`)).toMatchObject({ status: 200 });
    found.push('224.0.0.1');
    expect(await post(client({ lookUp }), `http://shop.example:${port}/`)).toMatchObject({
      fault: 'refused-address',
    });
    // The name led elsewhere when it was looked at a moment ago: what counts is what is connected to.
    expect(await post(client({ lookUp, isPrivateToo: false }), `http://shop.example:${port}/`)).toMatchObject(
      { fault: 'refused-address' },
    );
    found.splice(0, 2, '192.0.2.9');
    expect(await post(client({ lookUp, isOwn }), `http://shop.example:${port}/`)).toMatchObject({
      fault: 'own-hub',
    });
    expect(asked).toBe(4);
  });

  it('does not call the hub itself, by address or by name', async () => {
    const port = await receiver((_, response) => response.end());
    const own = client({
      isOwn: (address, at) => address === '127.0.0.1' && at === port,
      ownHosts: ['caps.example:443'],
    });
    for (const url of [
      `http://127.0.0.1:${port}/`,
      `http://[::ffff:127.0.0.1]:${port}/`,
      'https://CAPS.example/x',
    ])
      expect(await post(own, url)).toMatchObject({ kind: 'failed', fault: 'own-hub' });
  });

  it('follows no redirect, to wherever it leads', async () => {
    let visits = 0;
    const port = await receiver((request, response) => {
      visits += 1;
      response.writeHead(302, { location: request.url === '/' ? 'http://169.254.169.254/' : '/' }).end();
    });
    expect(await post(client(), `http://127.0.0.1:${port}/`)).toMatchObject({ status: 302 });
    expect(visits).toBe(1);
  });

  it('takes the status of an answer that is a gigabyte long, and hangs up', async () => {
    let written = 0;
    const ended = Promise.withResolvers<void>();
    const port = await receiver((_, response) => {
      const chunk = Buffer.alloc(64 * 1024);
      response.on('close', () => ended.resolve());
      response.on('error', () => ended.resolve());
      const more = (): void => {
        while (!response.destroyed && written < 1024 ** 3) {
          written += chunk.length;
          if (!response.write(chunk)) return void response.once('drain', more);
        }
      };
      more();
    });
    expect(await post(client(), `http://127.0.0.1:${port}/`)).toMatchObject({ status: 200 });
    await ended.promise;
    // What fits into the sockets between the two.
    expect(written).toBeLessThan(64 * 1024 ** 2);
  });

  it('waits no longer than its time for who never answers, or never ends', async () => {
    const silent = await receiver(() => {});
    const endless = await receiver((_, response) => void response.write('a'));
    const deaf = await listen(createTcpServer(() => {}));
    for (const port of [silent, deaf]) {
      expect(await post(client({ wholeMs: 100 }), `http://127.0.0.1:${port}/`)).toMatchObject({
        fault: 'timeout',
      });
    }
    expect(await post(client({ wholeMs: 100 }), `http://127.0.0.1:${endless}/`)).toMatchObject({
      fault: 'timeout',
    });
    const hanging = client({ lookUp: () => new Promise(() => {}), wholeMs: 100 });
    expect(await post(hanging, 'http://shop.example/')).toMatchObject({ fault: 'timeout' });
  });

  it('names what went wrong', async () => {
    const reset = await listen(
      createTcpServer((socket) => socket.once('data', () => socket.resetAndDestroy())),
    );
    const rude = await listen(createTcpServer((socket) => socket.end('no HTTP\r\n\r\n')));
    const gone = await receiver(() => {});
    closing.pop()?.();
    const lookUp = async () => {
      throw Object.assign(new Error('getaddrinfo'), { code: 'ENOTFOUND' });
    };
    const faults = await Promise.all([
      post(client(), `http://127.0.0.1:${reset}/`),
      post(client(), `http://127.0.0.1:${rude}/`),
      post(client(), `https://127.0.0.1:${rude}/`),
      post(client(), `http://127.0.0.1:${gone}/`),
      post(client({ lookUp }), 'http://shop.example/'),
    ]);
    expect(faults.map((result) => result.kind === 'failed' && result.fault)).toEqual([
      ...['reset', 'bad-answer', 'tls', 'no-connection', 'no-name'],
    ]);
  });

  it('tries once more where a kept connection has just ended', async () => {
    let count = 0;
    const port = await listen(
      createTcpServer((socket) => {
        let isFirst = true;
        socket.on('error', () => {});
        socket.on('data', () => {
          count += 1;
          if (isFirst) socket.write('HTTP/1.1 204 No Content\r\nConnection: keep-alive\r\n\r\n');
          else socket.resetAndDestroy();
          isFirst = false;
        });
      }),
    );
    const one = client();
    for (let i = 0; i < 2; i += 1)
      expect(await post(one, `http://127.0.0.1:${port}/`)).toMatchObject({ status: 204 });
    expect(count).toBeGreaterThanOrEqual(3);
  });

  it('stops at once when the hub does', async () => {
    const port = await receiver(() => {});
    const one = client();
    const result = post(one, `http://127.0.0.1:${port}/`);
    one.close();
    one.close();
    expect(await result).toMatchObject({ fault: 'stopped' });
  });

  it('reads when to come again, in seconds and as a date', async () => {
    const later = new Date(Date.now() + 100_000).toUTCString();
    const said = ['7', later, 'soon', '7'];
    const codes = [429, 503, 429, 500];
    const port = await receiver((_, response) => {
      response.writeHead(codes.shift() ?? 200, { 'retry-after': said.shift() ?? '' }).end();
    });
    const one = client();
    const waits: unknown[] = [];
    for (let i = 0; i < 4; i += 1) {
      const result = await post(one, `http://127.0.0.1:${port}/`);
      waits.push(result.kind === 'answered' && result.retryAfterMs);
    }
    expect(waits).toEqual([7_000, expect.any(Number), undefined, undefined]);
    expect(Math.abs(Number(waits[1]) - 100_000)).toBeLessThan(10_000);
  });
});

describe('times of tries', () => {
  const hourMs = 3_600_000;
  const timesOf = (rule: typeof threeDays, chance: number): number[] => {
    const times: number[] = [];
    let now = 0;
    for (let failing = failedAgain(rule, undefined, { now, chance }); failing; ) {
      times.push(failing.next - now);
      now = failing.next;
      failing = failedAgain(rule, failing, { now, chance });
    }
    return times;
  };

  it('grow up to the longest, and fill the window to its end', () => {
    for (const rule of [threeDays, oneDay]) {
      for (const chance of [0, 0.5, 1]) {
        const times = timesOf(rule, chance);
        expect(times.reduce((sum, ms) => sum + ms, 0)).toBe(rule.windowMs);
        expect(Math.max(...times)).toBeLessThanOrEqual(rule.longestMs * 1.25);
        expect(times.length).toBeLessThan(45);
        expect(times[1]).toBeGreaterThan(times[0] ?? 0);
      }
    }
    expect(timesOf(threeDays, 0)[0]).not.toBe(timesOf(threeDays, 1)[0]);
  });

  it('of a clock that was ahead do not hold anything up', () => {
    const failing = failedAgain(threeDays, undefined, { now: 100 * hourMs, chance: 0.5 });
    expect(failing && isDue(threeDays, failing, 50 * hourMs)).toBe(true);
    expect(failing && isDue(threeDays, failing, 100 * hourMs)).toBe(false);
    expect(failedAgain(threeDays, failing, { now: hourMs, chance: 0.5 })).toMatchObject({ since: hourMs });
  });
});
