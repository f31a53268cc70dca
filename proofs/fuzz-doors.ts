/** Sends malformed input through each door in batches, and reports when a batch is handled. */

import { once } from 'node:events';
import { connect as connectTcp, type Socket } from 'node:net';
import { PROTOCOL_VERSION } from '../protocol/limits.ts';
import type { Chance } from '../testkit/chance.ts';
import type { HubProcess } from '../testkit/hub-process.ts';
import { type FuzzInput, fuzzJson, fuzzLine } from './fuzz-input.ts';

export const fuzzDoors = ['socket.io', 'tcp', 'plain tcp', 'rest'] as const;
export type FuzzDoor = (typeof fuzzDoors)[number];

/** One connection. If the input ends it, the sender opens the next one. */
export interface Line {
  send(bytes: Buffer): void;
  /** Resolves when the hub has handled all input, or the connection has ended. @returns whether it is still open */
  handled(): Promise<boolean>;
  close(): void;
}

export interface Sender {
  /** Inputs per batch. */
  readonly lotMax: number;
  open(hub: HubProcess, hear: (text: string) => void): Promise<Line>;
  make(chance: Chance): FuzzInput;
}

/** Drops a connection without progress: its message is incomplete. */
const patienceMs = 3_000;

// ---- TCP ----

function lineTo(
  socket: Socket,
  hear: (text: string) => void,
  fence: string,
  isThere: (text: string) => boolean,
): Line {
  let heard = '';
  let look = () => {};
  let isOver = false;
  socket.setEncoding('latin1').on('data', (data) => {
    heard += String(data);
    hear(String(data));
    look();
  });
  socket.on('error', () => {});
  socket.on('close', () => {
    isOver = true;
    look();
  });
  return {
    send: (bytes) => void socket.write(bytes),
    async handled() {
      heard = '';
      if (!isOver) socket.write(fence);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, patienceMs);
        look = () => {
          if (!isOver && !isThere(heard)) return;
          clearTimeout(timer);
          resolve();
        };
        look();
      });
      return !isOver && isThere(heard);
    },
    close: () => void socket.destroy(),
  };
}

async function dialTcp(port: number): Promise<Socket> {
  const socket = connectTcp({ port, host: '127.0.0.1', noDelay: true });
  await once(socket, 'connect');
  return socket;
}

function byTcp(hello: object | undefined): Sender {
  return {
    // Plain clients get their lines 25 ms apart, and only a few errors.
    lotMax: 2_000,
    async open(hub, hear) {
      const socket = await dialTcp(hub.tcpPort);
      if (hello) socket.write(`${JSON.stringify({ event: 'hello', payload: hello })}\n`);
      // Ends any incomplete message, which becomes an error.
      return lineTo(socket, hear, '\n]}"\nPING.\nPING.\n', (text) => text.includes('PONG.'));
    },
    make(chance) {
      const { bytes, mayEnd } = fuzzLine(chance);
      const isStranger = chance.int(0, 4_000) === 0;
      if (isStranger) return { bytes: Buffer.from('GET / HTTP/1.1\r\n\r\n'), mayEnd: true };
      const end = chance.pick(['\n', '\n', '\n', '\r\n', '', '\n\n']);
      return { bytes: Buffer.concat([bytes, Buffer.from(end)]), mayEnd };
    },
  };
}

// ---- Socket.IO, packet by packet ----

const ackOfFence = '43/caps,999999';

const bySocketIo: Sender = {
  lotMax: 100,
  async open(hub, hear) {
    const socket = new WebSocket(`${hub.url.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket`);
    socket.binaryType = 'arraybuffer';
    let look = () => {};
    let isOver = false;
    let isThrough = false;
    const isIn = Promise.withResolvers<void>();
    socket.addEventListener('message', ({ data }) => {
      const text = String(data);
      hear(text);
      if (text === '2') socket.send('3');
      if (text.startsWith('0{')) {
        const auth = { protocol: PROTOCOL_VERSION, role: 'vendor', store: 'red' };
        socket.send(`40/caps,${JSON.stringify(auth)}`);
      }
      if (text.startsWith('42/caps,["welcome"')) isIn.resolve();
      if (text.startsWith(ackOfFence)) isThrough = true;
      look();
    });
    const over = () => {
      isOver = true;
      isIn.reject(new Error('the hub hung up before its welcome'));
      look();
    };
    socket.addEventListener('error', over);
    socket.addEventListener('close', over);
    await isIn.promise;
    return {
      // The first byte chooses the kind of frame: a text frame must be valid text.
      send: (bytes) => {
        if (bytes[0] === binaryMark) socket.send(new Uint8Array(bytes.subarray(1)));
        else socket.send(bytes.toString());
      },
      async handled() {
        isThrough = false;
        if (!isOver) socket.send('42/caps,999999["commands",[]]');
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, patienceMs);
          look = () => {
            if (!isOver && !isThrough) return;
            clearTimeout(timer);
            resolve();
          };
          look();
        });
        return isThrough;
      },
      close: () => socket.close(),
    };
  },
  make(chance) {
    const { int, pick } = chance;
    // Not a packet: the parser may end the connection.
    if (int(0, 60) === 0) return { bytes: fuzzPacket(chance), mayEnd: true };
    let json = fuzzJson(chance);
    // Invalid JSON ends the connection; most input should get past the parser.
    for (let tries = 0; tries < 8 && !isJson(json) && int(0, 9) > 0; tries += 1) json = fuzzJson(chance);
    const ack = pick(['', String(int(1, 9_999))]);
    const args = pick([
      `["commands",[${json}]]`,
      `["commands",[${json},${json}]]`,
      `["commands",${json}]`,
      `["commands"]`,
      `["commands",[${json}],${json}]`,
      `["duty",${json}]`,
      `["${pick(['pickup', 'connect_', 'explode', '__proto__', ''])}",${json}]`,
      `[${int(0, 9)},${json}]`,
    ]);
    return isJson(args)
      ? { bytes: Buffer.from(`42/caps,${ack}${args}`), mayEnd: false }
      : { bytes: Buffer.from(`42/caps,${ack}${args}`), mayEnd: true };
  },
};

const binaryMark = 1;

function fuzzPacket(chance: Chance): Buffer {
  const { int, pick } = chance;
  const text = pick([
    '',
    '4',
    '42',
    '42/caps,',
    '42/caps,[]',
    '42/caps,{}',
    '42/caps,null',
    '42/caps,1["disconnect"]',
    '42/elsewhere,["commands",[]]',
    '40/caps,',
    '40/caps,{"protocol":1,"role":"admin"}',
    '41/caps,',
    '43/caps,7[]',
    '44/caps,{"message":"x"}',
    '45/caps,["commands",1]',
    '451-/caps,["commands",{"_placeholder":true,"num":0}]',
    '45999999999-/caps,["commands",{"_placeholder":true,"num":7}]',
    '461-/caps,1[{"_placeholder":true,"num":"__proto__"}]',
    '9',
    'x',
    '2probe',
    '5',
    '6',
    `42/caps,${'9'.repeat(400)}["commands",[]]`,
    `42/caps,${'['.repeat(50_000)}`,
  ]);
  if (int(0, 4) > 0) return Buffer.from(text);
  return Buffer.from([binaryMark, ...Array.from({ length: int(0, 50) }, () => int(0, 255))]);
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    // Not JSON on purpose.
    return false;
  }
}

// ---- REST, requests in sequence on one connection ----

const byRest: Sender = {
  lotMax: 100,
  async open(hub, hear) {
    const socket = await dialTcp(Number(new URL(hub.url).port));
    const fence = `GET /healthz HTTP/1.1\r\nhost: 127.0.0.1\r\nx-fence: 1\r\n\r\n`;
    return lineTo(socket, hear, fence, (text) => text.includes('{"status":"ok"}'));
  },
  make(chance) {
    const { int, pick } = chance;
    const { bytes, mayEnd } = fuzzLine(chance);
    const word = encodeURIComponent(bytes.toString('latin1').slice(0, 200));
    const odd = pick([word, '%', '%zz', '%ff%fe', '__proto__', '..%2f..', '%00', 'x'.repeat(200)]);
    // Few searches, because each reads the whole log.
    const searches = [`/api/events?q=${odd}&after=${odd}`, `/api/orders?q=${odd}&cursor=${odd}`];
    const others = [
      '/api/orders',
      '/pickup',
      `/api/orders?as=${odd}`,
      `/api/orders/red/${odd}/note`,
      `/api/orders/${odd}/1/delivered?as=driver:${odd}`,
      `/api/orders/red/1/${odd}`,
      `/api/orders?occurredAt=${odd}&as=store:red`,
      `/api/events?after=${odd}&limit=1`,
      `/api/events?limit=${odd}`,
      `/track/${odd}`,
      `/${odd}`,
    ];
    const path = pick(int(0, 60) === 0 ? searches : others);
    const method = /^\/api\/(events|orders\?q)|^\/track/.test(path)
      ? 'GET'
      : pick(['POST', 'POST', 'GET', 'DELETE']);
    const type = pick([
      'application/json',
      'application/json',
      'text/plain',
      'application/json; charset=utf-16',
      '',
    ]);
    const key = int(0, 3) === 0 ? `idempotency-key: ${'k'.repeat(pick([1, 127, 128, 129]))}\r\n` : '';
    const head = `${method} ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: ${type}\r\n${key}`;
    if (int(0, 300) === 0) return { bytes: fuzzRequest(chance, head), mayEnd: true };
    const request = Buffer.concat([Buffer.from(`${head}content-length: ${bytes.length}\r\n\r\n`), bytes]);
    return { bytes: request, mayEnd };
  },
};

/** Not HTTP, or with a body that never fits. */
function fuzzRequest({ pick }: Chance, head: string): Buffer {
  return Buffer.from(
    pick([
      `${head}content-length: -1\r\n\r\n`,
      `${head}content-length: 5\r\ncontent-length: 6\r\n\r\n12345`,
      `${head}transfer-encoding: chunked\r\n\r\nzz\r\n`,
      `${head}transfer-encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n`,
      `${head}content-encoding: gzip\r\ncontent-length: 2\r\n\r\n{}`,
      `${head}expect: 100-continue\r\ncontent-length: 2\r\n\r\n{}`,
      `${head}upgrade: websocket\r\nconnection: upgrade\r\n\r\n`,
      `${head}x: ${'y'.repeat(20_000)}\r\n\r\n`,
      'GET /\r\n\r\n',
      '\u0000\u0001\u0002\r\n\r\n',
      `GET ${'/x'.repeat(9_000)} HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n`,
    ]),
    'latin1',
  );
}

export const senders: Readonly<Record<FuzzDoor, Sender>> = {
  'socket.io': bySocketIo,
  tcp: byTcp({ role: 'vendor', store: 'red' }),
  'plain tcp': byTcp(undefined),
  rest: byRest,
};
