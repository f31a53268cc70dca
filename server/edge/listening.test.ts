import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { afterEach, expect, it } from 'vitest';
import { certificate as cert, certificateKey as key } from '../../testkit/simulation/certificate.ts';
import { systemClock } from '../clock.ts';
import { readConfig } from '../config.ts';
import { createListener, type Listener } from './listening.ts';
import { createOriginPolicy } from './origin-policy.ts';

const deadlines = { completeMs: 500, idleMs: 300, silentMs: 600 };
let listener: Listener;

afterEach(() => listener.stop()());

/** @returns its port */
async function open(tls?: { cert: string; key: string }): Promise<number> {
  listener = createListener({ clock: systemClock, origins: createOriginPolicy([]), tls, deadlines });
  await listener.listen(readConfig({ PORT: '0', HOST: '127.0.0.1' }));
  return (listener.http.address() as AddressInfo).port;
}

/** Milliseconds that the hub keeps the next connection that comes. */
async function kept(): Promise<number> {
  const [socket] = (await once(listener.http, 'connection')) as [Socket];
  const start = performance.now();
  await new Promise((resolve) => socket.once('close', resolve));
  return performance.now() - start;
}

it('[S2] a client that does not read its answer is disconnected', async () => {
  const port = await open();
  listener.http.on('request', (_request, response) => response.end(Buffer.alloc(50_000_000)));
  const held = kept();
  const socket = connect(port, '127.0.0.1').on('error', () => {});
  socket.pause();
  socket.write('GET / HTTP/1.1\r\nhost: localhost\r\n\r\n');
  expect(await held).toBeLessThan(5_000);
  socket.destroy();
});

it('[S1] a TLS handshake that is begun and not ended is let go, and so is what is none', async () => {
  const port = await open({ cert, key });
  for (const begin of ['', '\u0016\u0003\u0001', 'GET / HTTP/1.1\r\nhost: localhost\r\n\r\n']) {
    const held = kept();
    const socket = connect(port, '127.0.0.1')
      .on('error', () => {})
      .resume();
    socket.write(Buffer.from(begin, 'latin1'));
    expect(await held).toBeLessThan(5_000);
  }
  const held = kept();
  const silent = connectTls({ port, host: '127.0.0.1', ca: cert, servername: 'localhost' }).resume();
  await once(silent, 'secureConnect');
  expect(await held).toBeLessThan(5_000);
});

it('[S1] a head with too many headers, or of too many bytes, is not read to the end', async () => {
  const port = await open();
  listener.http.on('request', ({ headers }, response) => response.end(`${Object.keys(headers).length}`));
  const answerTo = async (head: string): Promise<string> => {
    const socket = connect(port, '127.0.0.1').on('error', () => {});
    socket.end(`GET / HTTP/1.1\r\nhost: localhost\r\n${head}\r\n`);
    return String((await socket.toArray()).join(''));
  };
  const headers = (count: number) => Array.from({ length: count }, (_, i) => `h${i}: 1\r\n`).join('');
  expect(await answerTo(headers(90))).toMatch(/^HTTP\/1\.1 200 .*\r\n\r\n91$/s);
  expect(await answerTo(headers(500))).toMatch(/^HTTP\/1\.1 431 /);
  expect(await answerTo(`long: ${'x'.repeat(20_000)}\r\n`)).toMatch(/^HTTP\/1\.1 431 /);
});

/** Number of connections that this system lets wait; 128 on a Mac. */
function mayWait(): number {
  const path = '/proc/sys/net/core/somaxconn';
  return existsSync(path) ? Number(readFileSync(path, 'utf8')) : 128;
}

it('a thousand clients who come at once are all let in, before one who comes later', async () => {
  const port = await open();
  const order: number[] = [];
  const sockets: Socket[] = [];
  const come = (i: number) => {
    const socket = connect(port, '127.0.0.1').on('error', () => {});
    sockets.push(socket);
    return once(socket, 'connect').then(() => order.push(i));
  };
  // The system takes their connections at once, as many as may wait. Those it drops come again after a second.
  const crowd = Array.from({ length: Math.min(1_000, mayWait()) }, (_, i) => come(i));
  await once(listener.http, 'connection');
  await come(crowd.length);
  expect(order).toHaveLength(crowd.length + 1);
  await Promise.all(crowd);
  for (const socket of sockets) socket.destroy();
});
