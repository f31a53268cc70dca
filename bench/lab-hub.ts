/**
 * The baseline: the lab's hub, in memory, without checks, one emit per event. Only the port and the line that prints it
 * are ours, so that the bench can start it like the real one.
 */

import { createServer } from 'node:http';
import { Server } from 'socket.io';

const http = createServer();
const caps = new Server(http).of('/caps');

caps.on('connection', (socket) => {
  socket.on('join', (store) => socket.join(store));
  socket.on('pickup', (payload) => caps.emit('pickup', payload));
  socket.on('in-transit', (payload) => caps.to(payload.store).emit('in-transit', payload));
  socket.on('delivered', (payload) => caps.to(payload.store).emit('delivered', payload));
});

http.listen(Number(process.env['PORT'] ?? 0), '127.0.0.1', () => {
  const address = http.address();
  if (typeof address === 'object')
    console.log(`The lab's hub is running on http://localhost:${address?.port}`);
});
