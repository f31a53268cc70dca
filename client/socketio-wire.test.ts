import { createServer } from 'node:http';
import {
  type AddressInfo,
  connect,
  createServer as createTcpServer,
  type Socket,
  type Server as TcpServer,
} from 'node:net';
import { Server } from 'socket.io';
import { afterEach, beforeEach, expect, it, onTestFinished } from 'vitest';
import type { Answer, Command } from '../protocol/messages.ts';
import { socketIoWire, type Wire, type WireHandlers } from './socketio-wire.ts';
import type { TransportMemory } from './transport-choice.ts';

let io: Server;
let port: number;
let wire: Wire;
let isDown: Promise<unknown>;
/** The hub's answer to the next batch. */
let said: unknown;
/** Each goes to the wire that is open. */
let handlers: WireHandlers;

beforeEach(async () => {
  const http = createServer();
  io = new Server(http);
  io.of('/caps').on('connection', (socket) => {
    socket.emit('welcome', {});
    socket.on('commands', (_batch, answer) => answer(said));
  });
  port = await listen(http);
  await dial(port);
});
afterEach(async () => {
  wire.close();
  await io.close();
});

async function listen(server: TcpServer): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

/** Resolves when the hub has welcomed a new wire. */
async function dial(at: number, memory?: TransportMemory): Promise<void> {
  const ignored = () => {};
  const rest = { parcels: ignored, events: ignored, presence: ignored, notice: ignored, health: ignored };
  handlers = { ...rest, welcome: ignored, down: ignored };
  wire = socketIoWire(
    `http://127.0.0.1:${at}`,
    memory,
  )({
    ...rest,
    welcome: (welcome) => handlers.welcome(welcome),
    down: (error) => handlers.down(error),
  });
  await open();
}

async function open(): Promise<void> {
  const welcome = Promise.withResolvers<unknown>();
  const down = Promise.withResolvers<unknown>();
  isDown = down.promise;
  handlers = { ...handlers, welcome: welcome.resolve, down: down.resolve };
  wire.open({ protocol: 1, role: 'admin' });
  await welcome.promise;
}

const note: Command = { event: 'note', payload: { store: 'red', orderID: '1' }, details: { text: 'Hello' } };
const refused: Answer = { ok: false, error: { code: 'too-large', message: 'No.', retryable: false } };
const recorded: Answer = { ok: true, seq: 1, rev: 1, status: 'ready', time: '2026-11-20T18:03:11.246Z' };

it('a refusal of a whole batch counts for each of its commands', async () => {
  said = refused;
  expect(await wire.send([note, note, note])).toEqual([refused, refused, refused]);
});

it('a wrong number of answers counts as none, because they cannot be matched', async () => {
  said = [recorded];
  expect(await wire.send([note, note])).toBeUndefined();
  expect(await isDown).toBeUndefined();
});

it('a connection whose upgrade breaks ends before pings would tell, and the next one does without', async () => {
  wire.close();
  const proxy = new UpgradeCutter(port);
  onTestFinished(() => void proxy.server.close());
  await dial(await listen(proxy.server), { read: () => 'polling', write: () => {} });
  proxy.cut();
  expect(await isDown).toBeUndefined();
  expect(proxy.upgrades).toBe(1);

  said = recorded;
  await open();
  expect(await wire.send([note])).toEqual([recorded]);
  expect(proxy.upgrades).toBe(1);
}, 20_000);

/** A proxy that holds back the hub's answer to a WebSocket's probe, and ends the WebSocket right after it. */
class UpgradeCutter {
  upgrades = 0;
  readonly server: TcpServer;
  readonly #cut = Promise.withResolvers<void>();

  constructor(port: number) {
    this.server = createTcpServer((client) => {
      const hub = connect(port, '127.0.0.1');
      client.on('error', () => {}).once('close', () => hub.destroy());
      hub.on('error', () => {}).once('close', () => client.destroy());
      client.on('data', (data) => {
        if (/^upgrade: websocket/im.test(data.toString('latin1'))) this.upgrades += 1;
        hub.write(data);
      });
      hub.on('data', (data) => {
        if (data.toString('latin1').endsWith('3probe')) this.#end(client, hub, data);
        else client.write(data);
      });
    });
  }

  /** Call it when the client has an open poll: its upgrade waits for the poll's end. */
  cut(): void {
    this.#cut.resolve();
  }

  #end(client: Socket, hub: Socket, answer: Buffer): void {
    // A hub that lost the WebSocket does not end the poll for it.
    hub.removeAllListeners('close').destroy();
    void this.#cut.promise.then(() => client.end(answer));
  }
}
