/** What a plain connection is sent, line by line. */

import type { Socket } from 'node:net';
import { createInterface } from 'node:readline';

/** Tells every line. What breaks is also closed, so that `close` tells of every end: an error is no news. */
export function hearLines(socket: Socket, hear: (line: string) => void): void {
  socket.on('error', () => {});
  // The interface emits the errors of its input once more.
  createInterface({ input: socket })
    .on('error', () => {})
    .on('line', hear);
}
