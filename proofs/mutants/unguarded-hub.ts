/**
 * The mutant of the malformed-input proof: a hub with a handler outside of the error handling, which assumes that a batch
 * is a list of commands.
 */

import { Socket } from 'socket.io';
import { runMutant } from '../../testkit/mutant-hub.ts';

const on = Socket.prototype.on;
Socket.prototype.on = function listen(this: Socket, event: string, listener: (...args: unknown[]) => void) {
  on.call(this, event, listener);
  if (event === 'commands') on.call(this, event, countStores);
  return this;
} as typeof on;

const counts = new Map<string, number>();
function countStores(batch: readonly { payload: { store: string } }[]): void {
  for (const { payload } of batch) {
    const store = payload.store.trim();
    counts.set(store, (counts.get(store) ?? 0) + 1);
  }
}

await runMutant('believes what it is sent');
