import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Server } from 'socket.io';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Answer, Command } from '../protocol/messages.ts';
import { socketIoWire, type Wire } from './socketio-wire.ts';

let io: Server;
let wire: Wire;
let isDown: Promise<unknown>;
/** The hub's answer to the next batch. */
let said: unknown;

beforeEach(async () => {
  const http = createServer();
  io = new Server(http);
  io.of('/caps').on('connection', (socket) => {
    socket.emit('welcome', {});
    socket.on('commands', (_batch, answer) => answer(said));
  });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  const { port } = http.address() as AddressInfo;
  const down = Promise.withResolvers<unknown>();
  isDown = down.promise;
  await new Promise<unknown>((resolve) => {
    const ignored = () => {};
    const handlers = {
      parcels: ignored,
      events: ignored,
      presence: ignored,
      notice: ignored,
      health: ignored,
    };
    wire = socketIoWire(`http://127.0.0.1:${port}`)({ ...handlers, welcome: resolve, down: down.resolve });
    wire.open({ protocol: 1, role: 'admin' });
  });
});
afterEach(async () => {
  wire.close();
  await io.close();
});

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
