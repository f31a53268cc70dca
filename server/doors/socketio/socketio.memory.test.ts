import { once } from 'node:events';
import { IncomingMessage } from 'node:http';
import { queryObjects } from 'node:v8';
import { Worker } from 'node:worker_threads';
import { expect, it } from 'vitest';
import { startRealHub } from '../../../testkit/real-hub.ts';

const count = 20;

/** In a thread, so that what they hold does not count here. They come by polling and go on by WebSocket. */
const clients = `
const { parentPort, workerData } = require('node:worker_threads');
const { createRequire } = require('node:module');
const { io } = createRequire(workerData.from)('socket.io-client');
const upgraded = ({ io: { engine } }) =>
  engine.transport.name === 'websocket' || new Promise((resolve) => engine.once('upgrade', resolve));
const here = (socket) => new Promise((resolve) => socket.on('welcome', () => resolve(upgraded(socket))));
const all = Array.from({ length: workerData.count }, (_, i) =>
  io(workerData.url + '/caps', { forceNew: true, auth: { protocol: 1, role: 'vendor', store: 's' + i } }),
);
Promise.all(all.map(here)).then(() => parentPort.postMessage('here'));
`;

// Fails as well when a new version of a library keeps them in another place.
it('what connections began with is let go once they are served: no request is kept', {
  timeout: 60_000,
}, async () => {
  const hub = await startRealHub();
  const worker = new Worker(clients, {
    eval: true,
    workerData: { url: hub.url, count, from: import.meta.url },
  });
  try {
    const [said] = await once(worker, 'message');
    expect(said).toBe('here');
    const kept = () => queryObjects(IncomingMessage, { format: 'count' });
    await expect.poll(kept, { timeout: 20_000, interval: 500 }).toBeLessThan(count / 4);
  } finally {
    await worker.terminate();
    await hub.close();
  }
});
