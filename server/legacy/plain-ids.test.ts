import { rmSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Answer } from '../../protocol/messages.ts';
import { type RealHub, startRealHub } from '../../testkit/real-hub.ts';
import { memoryFolder } from '../../testkit/simulation/disk.ts';
import { TcpLine } from '../../testkit/tcp-lines.ts';
import { openClient, openTcpClient } from '../../testkit/test-client.ts';
import { systemClock } from '../clock.ts';
import { createHub, type Hub } from '../hub/hub.ts';
import { Presence } from '../hub/presence.ts';
import { openSqliteStore } from '../store/sqlite/sqlite.ts';
import type { Store } from '../store/store.ts';
import { PlainClients } from './plain-clients.ts';

const order = (orderID: string, customer: string) => ({
  ...{ store: 'red', orderID, customer },
  address: '835 Meluk Pass',
});

describe('in a log that was written while anybody could call an order 42~2', () => {
  let folder: string;
  let store: Store;
  let hub: Hub;
  let plain: PlainClients;
  beforeEach(async () => {
    folder = memoryFolder();
    store = openSqliteStore(folder);
    await restart();
  });
  afterEach(async () => {
    await hub.close();
    await store.close();
    rmSync(folder, { recursive: true });
  });

  async function restart(): Promise<void> {
    const onFault = (error: unknown) => {
      throw error;
    };
    hub = await createHub({ store, clock: systemClock, onFault });
    plain = new PlainClients(hub, new Presence(systemClock, () => {}), systemClock);
  }

  /** As a door did it that had no objection. */
  async function typed(orderID: string): Promise<void> {
    const payload = order(orderID, 'somebody else');
    const [answer] = await hub.submit({ role: 'vendor', store: 'red' }, 'rest', [
      { event: 'pickup', payload },
    ]);
    expect(answer).toMatchObject({ ok: true });
  }

  async function says(
    event: 'pickup' | 'in-transit' | 'delivered',
    payload: unknown,
  ): Promise<Answer | undefined> {
    const [outcome] = await plain.submit('10.0.0.1', 'tcp', [{ event, word: event, payload }]);
    return outcome?.answer;
  }

  async function plays(customer: string, payload: unknown = order('42', customer)): Promise<void> {
    for (const event of ['pickup', 'in-transit', 'delivered'] as const) {
      expect(await says(event, payload)).toMatchObject({ ok: true });
    }
  }

  async function statuses(): Promise<Record<string, string>> {
    const { items } = await hub.read.parcels({ role: 'admin' }, { limit: 100 });
    return Object.fromEntries(
      items.map(({ payload: { orderID, customer }, status }) => [orderID, `${customer} ${status}`]),
    );
  }

  const others = 'somebody else ready';

  it('a plain client that plays order 42 touches nobody else’s 42~2, and 42 is 42', async () => {
    await typed('42~2');
    await plays('Ida');
    expect(await statuses()).toEqual({ '42': 'Ida delivered', '42~2': others });
  });

  it('an id that is used again passes over what others have typed, also after a restart', async () => {
    for (const n of [2, 4, 5]) await typed(`42~${n}`);
    for (const customer of ['Ida', 'Olga', 'Una', 'Eve']) {
      await plays(customer);
      await restart();
    }
    expect(await statuses()).toEqual({
      ...{
        '42': 'Ida delivered',
        '42~3': 'Olga delivered',
        '42~6': 'Una delivered',
        '42~7': 'Eve delivered',
      },
      ...{ '42~2': others, '42~4': others, '42~5': others },
    });
  });

  it('what is delivered by a bare id is what its client called so', async () => {
    await typed('42~2');
    await says('pickup', order('42', 'Ida'));
    expect(await says('delivered', '42')).toMatchObject({ ok: true });
    expect(await statuses()).toEqual({ '42': 'Ida delivered', '42~2': others });
  });
});

describe('an id of the form that the hub makes up is refused', () => {
  let hub: RealHub;
  beforeAll(async () => {
    hub = await startRealHub();
  });
  afterAll(() => hub.close());
  const made = order('42~2', 'Ida');

  it.each(['/api/orders', '/pickup'])('by POST %s', async (path) => {
    const headers = { 'content-type': 'application/json' };
    const answer = await fetch(hub.url + path, { method: 'POST', headers, body: JSON.stringify(made) });
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ code: 'bad-message', details: { field: 'orderID' } });
  });

  it('by Socket.IO, and by TCP with a hello', async () => {
    const who = { role: 'vendor', store: 'red' };
    for (const shop of [await openClient(hub.url, who), await openTcpClient(hub.tcpPort, who)]) {
      const [answer] = await shop.send({ event: 'pickup', payload: made });
      expect(answer).toMatchObject({ ok: false, error: { code: 'bad-message' } });
      const others = ['42~1', '42~02', '42~', '~', '42~2a', '4~2~'].map((id) => ({
        event: 'pickup',
        payload: order(id, 'Ida'),
      }));
      expect((await shop.send(...others)).map(({ ok }) => ok)).not.toContain(false);
      shop.close();
    }
  });

  it('from a plain client', async () => {
    const line = new TcpLine(hub.tcpPort);
    line.write({ event: 'pickup', payload: made });
    expect(await line.error()).toBe('bad-message');
    line.close();
  });
});
