/** What plain clients send while the hub has no room for it is kept until there is. */

import { setTimeout as pause } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { CapsError } from '../../protocol/errors.ts';
import type { Answer, Command } from '../../protocol/messages.ts';
import type { Actor } from '../../protocol/parcel.ts';
import { type RealHub, startRealHub } from '../../testkit/real-hub.ts';
import { SimulatedClock } from '../../testkit/simulation/clock.ts';
import { storeWith } from '../../testkit/simulation/store.ts';
import { dial, next, openClient, orderOf } from '../../testkit/test-client.ts';
import type { Hub } from '../hub/hub.ts';
import type { Store } from '../store/store.ts';
import { Patience, type Step } from './plain-patience.ts';

/** A commit takes long, as on a poor disk. */
const commitMs = 100;
const slow = (store: Store): Store =>
  storeWith(store, {
    commit: async (...asked) => {
      await pause(commitMs);
      return store.commit(...asked);
    },
  });

/** Of the hub's metrics; 0 for what is not there yet. */
async function gauge(hub: RealHub, name: string): Promise<number> {
  const lines = (await (await fetch(`${hub.url}/metrics`)).text()).split('\n');
  const line = lines.find((one) => one.startsWith(`${name} `));
  return Number(line?.slice(name.length) ?? 0);
}

/** A busy machine may need this long. */
const patientMs = 60_000;

const orders = 'caps_events_total{event="pickup",door="socket.io"}';

const order = (store: string, orderID: string) => ({ store, orderID, customer: 'Hulda', address: 'Pass' });

it('[S2] a plain client that sends more than the hub can take at once loses nothing of it', async () => {
  const hub = await startRealHub({ CAPS_RATE: 'off' });
  const shop = dial(`${hub.url}/caps`, {});
  await next(shop, 'connect');
  // 1 MB, in frames of their own.
  const count = 4_000;
  for (let i = 0; i < count; i += 1) shop.emit('pickup', { ...order('red', `${i}`), note: 'x'.repeat(150) });
  await expect.poll(() => gauge(hub, orders), { timeout: patientMs }).toBe(count);
  shop.close();
  await hub.close();
  expect(hub.faults).toEqual([]);
});

it('[S2] many plain clients of one address lose nothing at a busy hub, and others do not stand behind them', async () => {
  const count = 5_000;
  const hub = await startRealHub({ CAPS_RATE: 'off' }, undefined, slow);
  const said: string[] = [];
  const admin = dial(`${hub.url}/caps`, { protocol: 1, role: 'admin' });
  admin.on('notice', (notices) => said.push(JSON.stringify(notices)));
  await next(admin, 'welcome');
  const other = await openClient(hub.url, { role: 'vendor', store: 'blue' });
  const shops = Array.from({ length: count / 100 }, () => dial(`${hub.url}/caps`, {}));
  await Promise.all(shops.map((shop) => next(shop, 'connect')));
  for (const [n, shop] of shops.entries()) {
    for (let i = 0; i < 100; i += 1) shop.emit('pickup', order('red', `${n}-${i}`));
  }
  // Several commits are full by now.
  await expect.poll(() => gauge(hub, 'caps_queue_commands'), { timeout: patientMs }).toBeGreaterThan(1_000);
  // A protocol client may hear `busy`, too, and tries again; it does not stand behind them all.
  await expect
    .poll(() => other.send(orderOf('blue', '1')), { timeout: patientMs, interval: 50 })
    .toMatchObject([{ ok: true }]);
  expect(await gauge(hub, orders)).toBeLessThan(count);
  await expect.poll(() => gauge(hub, orders), { timeout: patientMs }).toBe(count + 1);
  expect(said.filter((notices) => notices.includes('"who":"127.0.0.1"')).join()).not.toContain('"busy"');
  for (const one of [admin, other, ...shops]) one.close();
  await hub.close();
  expect(hub.faults).toEqual([]);
});

/** A hub with room for so many commands, whoever sends them; and what it has recorded. */
class SmallHub implements Pick<Hub, 'submit'> {
  room = 0;
  readonly recorded: string[] = [];

  submit = async (_: Actor, _door: string, commands: readonly (Command | CapsError)[]): Promise<Answer[]> =>
    commands.map((command) => {
      if (command instanceof CapsError) return command.toAnswer();
      if (this.room === 0) return new CapsError('busy').toAnswer();
      this.room -= 1;
      const { event, payload } = command;
      this.recorded.push(`${event} ${payload.orderID}`);
      return { ok: true, seq: this.recorded.length, rev: 1, status: 'ready', time: '' };
    });
}

const driver: Actor = { role: 'driver', driver: 'plain:10.0.0.1' };
const step = (event: 'in-transit' | 'delivered', orderID: string): Step => ({
  actor: driver,
  command: { event, payload: { store: 'red', orderID } },
});

it('[S2] what waits for room goes on where it was refused, in its order, and behind what the address sent before', async () => {
  const clock = new SimulatedClock();
  const hub = new SmallHub();
  const patience = new Patience(hub, clock);
  hub.room = 1;
  const first = patience.submit('10.0.0.1', 'tcp', [
    [step('in-transit', '1'), step('delivered', '1')],
    [step('in-transit', '2')],
  ]);
  await pause(0);
  const second = patience.submit('10.0.0.1', 'tcp', [[step('delivered', '2')]]);
  await pause(0);
  hub.room = 10;
  const third = patience.submit('10.0.0.2', 'tcp', [[step('in-transit', '3')]]);
  expect(await third).toMatchObject([[{ ok: true }]]);
  expect(hub.recorded).toEqual(['in-transit 1', 'in-transit 3']);
  await clock.advance(100);
  expect(await first).toMatchObject([[{ ok: true }, { ok: true }], [{ ok: true }]]);
  expect(await second).toMatchObject([[{ ok: true }]]);
  expect(hub.recorded).toEqual([
    'in-transit 1',
    'in-transit 3',
    'delivered 1',
    'in-transit 2',
    'delivered 2',
  ]);
});

it('[S2] so many of an address wait for room, and those past them are refused', async () => {
  const clock = new SimulatedClock();
  const hub = new SmallHub();
  const patience = new Patience(hub, clock);
  const waiting = Array.from({ length: 1_000 }, (_, i) =>
    patience.submit('10.0.0.1', 'tcp', [[step('in-transit', `${i}`)]]),
  );
  expect(await patience.submit('10.0.0.1', 'tcp', [[step('in-transit', 'last')]])).toMatchObject([
    [{ ok: false, error: { code: 'busy' } }],
  ]);
  hub.room = 1_000;
  await clock.advance(100);
  await Promise.all(waiting);
  expect(hub.recorded).toEqual(Array.from({ length: 1_000 }, (_, i) => `in-transit ${i}`));
});
