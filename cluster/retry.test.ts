import { once } from 'node:events';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { uuidv7 } from '../protocol/ids.ts';
import { startBalancedHubs } from './balanced-hubs.ts';

/** Sends an order whose body comes behind its head. @returns the status */
async function orderInTwoParts(port: number, orderID: string): Promise<number> {
  const body = JSON.stringify({ store: 'red', orderID, customer: 'Hulda', address: '1 Long Road' });
  const head = [
    ...['POST /api/orders?as=store:red HTTP/1.1', 'Host: localhost', 'Content-Type: application/json'],
    ...[`Idempotency-Key: ${uuidv7()}`, `Content-Length: ${body.length}`, 'Connection: close', '', ''],
  ];
  const socket = connect({ port, host: '127.0.0.1', noDelay: true });
  await once(socket, 'connect');
  socket.write(head.join('\r\n'));
  await pause(2);
  socket.write(body);
  return Number(/^HTTP\/1\.1 (\d+)/.exec(await text(socket))?.[1]);
}

it('an order with a key whose body comes behind its head is placed, whichever hub is killed meanwhile', async () => {
  const rig = await startBalancedHubs();
  try {
    const statuses: number[] = [];
    let isOver = false;
    const shops = Array.from({ length: 4 }, async (_, shop) => {
      for (let n = 0; !isOver; n += 1) statuses.push(await orderInTwoParts(rig.httpPort, `${shop}-${n}`));
    });
    for (const hub of [rig.hubs[0], rig.hubs[1], rig.hubs[0], rig.hubs[1]]) {
      await pause(700);
      await hub.kill();
      await hub.start();
      await expect
        .poll(async () => (await rig.states('requests')).map(({ status }) => status), { timeout: 30_000 })
        .toEqual(['UP', 'UP']);
    }
    isOver = true;
    await Promise.all(shops);
    expect(statuses.length).toBeGreaterThan(50);
    expect(statuses.filter((status) => status !== 201)).toEqual([]);
  } finally {
    await rig.dispose();
  }
});
