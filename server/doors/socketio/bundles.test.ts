/** How often the hub writes to a connection, seen at its sockets. */

import { Socket as TcpSocket } from 'node:net';
import type { Socket } from 'socket.io-client';
import io2 from 'socket.io-client-2';
import { expect, it, vi } from 'vitest';
import { startRealHub } from '../../../testkit/real-hub.ts';
import { dial, next, openClient, orderOf } from '../../../testkit/test-client.ts';

/** The texts that the hub has written to its sockets since, a line per write. */
function writesOf(url: string): string[] {
  const port = Number(new URL(url).port);
  const writes: string[] = [];
  const write = TcpSocket.prototype.write;
  vi.spyOn(TcpSocket.prototype, 'write').mockImplementation(function (this: TcpSocket, ...args: unknown[]) {
    const [data] = args;
    if (this.localPort === port) writes.push(String(data));
    return Reflect.apply(write, this, args) as boolean;
  });
  return writes;
}

it('an answer and the records that it speaks of leave in one write', async () => {
  const hub = await startRealHub({});
  const shop = await openClient(hub.url, { role: 'vendor', store: 'red' });
  const writes = writesOf(hub.url);
  const heard = shop.record('pickup', '1');
  expect(await shop.send(orderOf('red', '1'))).toMatchObject([{ ok: true }]);
  await heard;
  const own = writes.filter((text) => text.includes('/caps,'));
  expect(own).toHaveLength(1);
  expect(own[0]).toMatch(
    /43\/caps,.*"ok":true.*42\/caps,\["events"|42\/caps,\["events".*43\/caps,.*"ok":true/s,
  );
  shop.close();
  await hub.close();
  expect(hub.faults).toEqual([]);
});

it.each([
  ['2', (url: string) => io2(url, { transports: ['websocket'], forceNew: true }) as unknown as Socket],
  ['4', (url: string) => dial(url, {})],
] as const)('a plain client of version %s hears all spellings of an event, in one write', async (_, open) => {
  const hub = await startRealHub({});
  const client = open(`${hub.url}/caps`);
  await next(client, 'connect');
  const heard: string[] = [];
  for (const name of ['pickup', 'pickup-heard', 'added']) client.on(name, () => heard.push(name));
  const writes = writesOf(hub.url);
  const last = next(client, 'added');
  client.emit('pickup', { store: 'red', orderID: '1', customer: 'Hulda', address: '835 Meluk Pass' });
  await last;
  expect(heard).toEqual(['pickup', 'pickup-heard', 'added']);
  expect(writes.filter((text) => text.includes('Hulda'))).toHaveLength(1);
  client.close();
  await hub.close();
});

it('a text of any length and in any script arrives as it was sent', async () => {
  const hub = await startRealHub({});
  const shop = await openClient(hub.url, { role: 'vendor', store: 'red' });
  const texts = ['a', 'a'.repeat(125), 'ä'.repeat(63), '花'.repeat(400), '🦩'.repeat(400)];
  const answers = await Promise.all(texts.map((text, i) => shop.send(orderOf('red', `${i}`, { text }))));
  expect(answers.flat().filter(({ ok }) => !ok)).toEqual([]);
  for (const [i, text] of texts.entries()) {
    expect(await shop.record('pickup', `${i}`)).toMatchObject({ payload: { text } });
  }
  shop.close();
  await hub.close();
});
