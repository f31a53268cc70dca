import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { limits } from '../../protocol/limits.ts';
import { hashOfImage, jpeg } from '../../testkit/images.ts';
import { asJson } from '../../testkit/keyed-hub.ts';
import { type RealHub, startRealHub } from '../../testkit/real-hub.ts';
import { openClient, openTcpClient } from '../../testkit/test-client.ts';

/** Shorter than usual, so that nobody has to wait for them. */
const deadlines = { completeMs: 1_000, idleMs: 500, silentMs: 1_500 };
const host = 'host: localhost\r\n';
const socketIo = '/socket.io/?EIO=4&transport=';
const upgrade =
  'connection: upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\n' +
  'sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n';

let hub: RealHub;
beforeAll(async () => {
  hub = await startRealHub({}, deadlines);
});
afterAll(async () => {
  await hub.close();
  expect(hub.faults).toEqual([]);
});

/** Sends this at once, then that, a byte now and then for as long as it is let. @returns milliseconds until closed */
async function heldFor(begin: string, drip = '', port = hub.port): Promise<number> {
  const socket = connect(port, '127.0.0.1').resume();
  socket.on('error', () => {});
  await once(socket, 'connect');
  const start = performance.now();
  socket.write(begin);
  let at = 0;
  const timer = setInterval(() => {
    if (at < drip.length && socket.writable) socket.write(drip[at++] ?? '');
  }, 50);
  await new Promise((resolve) => socket.once('close', resolve));
  clearInterval(timer);
  return performance.now() - start;
}

const long = 'x'.repeat(10_000);
const image = jpeg('slow');
/** Ana has a parcel, and a photo of it. */
async function heldParcel(): Promise<void> {
  const order = { store: 'red', orderID: '1', customer: 'Hulda', address: '835 Meluk Pass' };
  await fetch(`${hub.url}/api/orders`, asJson('POST', order));
  await fetch(`${hub.url}/api/orders/red/1/in-transit?as=driver:ana`, { method: 'POST' });
}
const imageHead = (length: number) =>
  `PUT /api/blobs/${hashOfImage(image)}?store=red&orderID=1&as=driver:ana HTTP/1.1\r\n${host}` +
  `content-type: image/jpeg\r\ncontent-length: ${length}\r\n\r\n`;
const post = `POST /api/orders HTTP/1.1\r\n${host}content-type: application/json\r\n`;

describe('[S1][S3] closed in time is who', () => {
  it.concurrent.each<[who: string, begin: string, drip: string, maxMs: number]>([
    ['says nothing', '', '', 5_000],
    ['sends a head byte by byte', `GET / HTTP/1.1\r\n${host}x-a: `, long, 5_000],
    ['sends a request line byte by byte', 'G', long, 5_000],
    ['sends a body byte by byte', `${post}content-length: 9000\r\n\r\n`, long, 5_000],
    ['sends a body in pieces without an end', `${post}transfer-encoding: chunked\r\n\r\n1\r\n{`, '', 5_000],
    ['has been served and does not ask again', `GET /healthz HTTP/1.1\r\n${host}\r\n`, '', 5_000],
    ['wants to be another protocol', `GET / HTTP/1.1\r\n${host}${upgrade}\r\n`, '', 5_000],
    [
      'opens Socket.IO and never joins',
      `GET ${socketIo}websocket HTTP/1.1\r\n${host}${upgrade}\r\n`,
      '',
      9_000,
    ],
    [
      'opens Socket.IO by polling and never joins',
      `GET ${socketIo}polling HTTP/1.1\r\n${host}\r\n`,
      '',
      9_000,
    ],
  ])('%s', async (_, begin, drip, maxMs) => {
    expect(await heldFor(begin, drip)).toBeLessThan(maxMs);
  });

  it.concurrent('sends an image and falls silent', async () => {
    await heldParcel();
    expect(await heldFor(imageHead(image.length), image.toString('latin1').slice(0, 5))).toBeLessThan(5_000);
  });

  it('asks for an upgrade of a polling connection and lets it stand', async () => {
    const opened = await (await fetch(`${hub.url}${socketIo}polling`)).text();
    const { sid } = JSON.parse(opened.slice(1)) as { sid: string };
    const path = `${socketIo}websocket&sid=${sid}`;
    expect(await heldFor(`GET ${path} HTTP/1.1\r\n${host}${upgrade}\r\n`)).toBeLessThan(15_000);
  });
});

it('an image that comes slowly is kept, as long as bytes of it come', async () => {
  await heldParcel();
  const socket = connect(hub.port, '127.0.0.1');
  let answer = '';
  socket.on('data', (data) => {
    answer += String(data);
  });
  socket.write(imageHead(image.length));
  const start = performance.now();
  // More than twice the time for any other body.
  for (let at = 0; at < 6; at += 1) {
    const [from, to] = [at, at + 1].map((part) => Math.floor((image.length * part) / 6));
    socket.write(image.subarray(from, to));
    await pause(400);
  }
  await vi.waitFor(() => expect(answer).toMatch(/^HTTP\/1\.1 201 /));
  expect(performance.now() - start).toBeGreaterThan(2 * deadlines.completeMs);
  socket.destroy();
});

it('[S1] a hub without deadlines is found out', async () => {
  // Node's own limits are no deadline that the hub has set: they come after minutes.
  const patient = await startRealHub({}, { completeMs: 1_000_000, idleMs: 1_000_000, silentMs: 1_000_000 });
  const heldMs = heldFor(`GET / HTTP/1.1\r\n${host}x-a: `, long, patient.port);
  expect(await Promise.race([heldMs, pause(5_500, 'still open')])).toBe('still open');
  await patient.close();
});

it('[S1] a good login waits for none of hundreds of them', async () => {
  // They are never closed: whoever waited for one of them would wait for ever.
  await using stack = new AsyncDisposableStack();
  const patient = await startRealHub({}, { completeMs: 1_000_000, idleMs: 1_000_000, silentMs: 1_000_000 });
  stack.defer(() => patient.close());
  const idle: Socket[] = [];
  for (let i = 0; i < 300; i += 1) {
    for (const port of [patient.port, patient.tcpPort]) {
      const socket = connect(port, '127.0.0.1').resume();
      socket.on('error', () => {});
      idle.push(socket);
      socket.write(port === patient.port ? 'GET / HTTP/1.1\r\nx-a: ' : '{"event":');
    }
  }
  await Promise.all(idle.map((socket) => once(socket, 'connect')));
  const logins = [
    () => openClient(patient.url, { role: 'vendor', store: 'good' }),
    () => openClient(patient.url, { role: 'vendor', store: 'good' }, { transports: ['polling'] }),
    () => openTcpClient(patient.tcpPort, { role: 'vendor', store: 'good' }),
  ];
  // What this process does meanwhile, the hub and who comes: a second on a clock is none on a busy machine.
  const start = process.cpuUsage();
  for (const login of logins) (await login()).close();
  expect((await fetch(`${patient.url}/healthz`)).status).toBe(200);
  expect(process.cpuUsage(start).user / 1_000).toBeLessThan(1_000);
  expect(idle.filter(({ destroyed }) => destroyed)).toEqual([]);
  for (const socket of idle) socket.destroy();
});

describe('[S1][S3] a message in pieces', () => {
  /** A frame as a client sends it, masked with nothing. */
  function frame(opcode: number, payload: Buffer, isLast: boolean): Buffer {
    const { length } = payload;
    const head = Buffer.alloc(length < 126 ? 2 : 4);
    head[0] = opcode + (isLast ? 0x80 : 0);
    head[1] = 0x80 + (length < 126 ? length : 126);
    if (length >= 126) head.writeUInt16BE(length, 2);
    return Buffer.concat([head, Buffer.alloc(4), payload]);
  }

  async function opened(): Promise<Socket> {
    const socket = connect(hub.port, '127.0.0.1');
    socket.on('error', () => {});
    socket.write(`GET ${socketIo}websocket HTTP/1.1\r\n${host}${upgrade}\r\n`);
    const [answer] = await once(socket, 'data');
    expect(String(answer)).toContain('101 Switching Protocols');
    expect(String(answer).toLowerCase()).not.toContain('permessage-deflate');
    return socket.resume();
  }

  it.each<[what: string, size: number, count: number]>([
    ['three hundred of one byte', 1, 300],
    ['a hundred thousand of one byte', 1, 100_000],
    ['twenty of 60,000 bytes, which is more than a message may have', 60_000, 20],
  ])('that never ends is cut off: %s', async (_, size, count) => {
    const socket = await opened();
    const start = performance.now();
    const piece = frame(0, Buffer.alloc(size, 0x78), false);
    socket.write(
      Buffer.concat([frame(1, Buffer.from('4'), false), ...Array.from({ length: count }, () => piece)]),
    );
    await new Promise((resolve) => socket.once('close', resolve));
    // Before the time in which one has to join: it is for the pieces.
    expect(performance.now() - start).toBeLessThan(limits.joinMs - 500);
  });

  it('that ends in time is read', async () => {
    const socket = await opened();
    const join = '40/caps,{"protocol":1,"role":"vendor","store":"pieces"}';
    const pieces = [...join].map((letter, i) =>
      frame(i === 0 ? 1 : 0, Buffer.from(letter), i === join.length - 1),
    );
    const welcomed = new Promise<void>((resolve) => {
      socket.on('data', (data) => {
        if (String(data).includes('"welcome"')) resolve();
      });
    });
    for (const piece of pieces) socket.write(piece);
    await welcomed;
    socket.destroy();
  });
});
