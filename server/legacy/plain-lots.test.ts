/** What several messages of a plain client come to that arrive together, and what becomes of those that do not fit. */

import { describe, expect, it } from 'vitest';
import type { ErrorCode } from '../../protocol/errors.ts';
import type { Notice } from '../../protocol/messages.ts';
import { about, Lab, newId, order } from '../../testkit/contracts/dialect-programs.contract.ts';
import { dial, next } from '../../testkit/test-client.ts';

const lab = new Lab();
const text = (...messages: readonly object[]) => messages.map((one) => `${JSON.stringify(one)}\n`).join('');

describe('in one write', () => {
  it.each<[what: string, delivered: (id: string) => unknown]>([
    ['its order', (id) => order(id)],
    ['its ids', (id) => ({ store: 'red', orderID: id })],
    ['a bare id', (id) => id],
  ])('an order and its delivery, told by %s, are both recorded', async (_, delivered) => {
    const line = lab.line();
    const id = newId();
    line.write(text({ event: 'pickup', payload: order(id) }, { event: 'delivered', payload: delivered(id) }));
    await line.message(about('delivered', id) as never);
    expect(await lab.life(id)).toEqual(['pickup', 'in-transit', 'delivered']);
  });

  it('an id that is finished is used again', async () => {
    const line = lab.line();
    const id = newId();
    const once = [
      { event: 'pickup', payload: order(id) },
      { event: 'in-transit', payload: order(id) },
      { event: 'delivered', payload: order(id) },
    ];
    line.write(text(...once, ...once));
    await lab.dispatch.record('delivered', `${id}~2`);
    for (const used of [id, `${id}~2`]) {
      expect(await lab.life(used)).toEqual(['pickup', 'in-transit', 'delivered']);
    }
    expect(line.heard.join()).not.toContain('"error"');
  });
});

describe('a plain driver’s step that does not fit', () => {
  /** Of the steps' sender: what it is told, and what dispatch is. */
  async function refusal(step: object): Promise<[told: string, noticed: ErrorCode | undefined]> {
    const admin = dial(`${lab.hub.url}/caps`, { protocol: 1, role: 'admin' });
    await next(admin, 'welcome');
    const line = lab.line();
    line.write(text(step));
    const notices = await next<Notice[]>(admin, 'notice');
    admin.close();
    return [await line.error(), notices.find(({ kind }) => kind === 'refused')?.code];
  }

  it('is shown to dispatch and its sender: a parcel returned that nobody has collected', async () => {
    const id = newId();
    const shop = await lab.program();
    shop.send({ event: 'pickup', payload: order(id) });
    await lab.dispatch.record('pickup', id);
    const payload = { store: 'red', orderID: id };
    expect(await refusal({ event: 'returned', payload })).toEqual(['wrong-status', 'wrong-status']);
  });

  it.each([
    ['attempt-failed', { details: { reason: 'not-home' } }],
    ['returned', {}],
  ])('is shown to both: %s of what is delivered', async (event, more) => {
    const id = newId();
    const driver = await lab.program();
    driver.send({ event: 'delivered', payload: order(id) });
    await lab.dispatch.record('delivered', id);
    const step = { event, payload: { store: 'red', orderID: id }, ...more };
    expect(await refusal(step)).toEqual(['wrong-status', 'wrong-status']);
  });

  it('is shown to both: delivered what its shop has cancelled', async () => {
    const id = newId();
    const shop = await lab.program();
    shop.send({ event: 'pickup', payload: order(id) });
    await lab.dispatch.record('pickup', id);
    shop.send({ event: 'cancelled', payload: order(id) });
    await lab.dispatch.record('cancelled', id);
    const step = { event: 'delivered', payload: { store: 'red', orderID: id } };
    expect(await refusal(step)).toEqual(['wrong-status', 'wrong-status']);
  });

  it.each(['in-transit', 'delivered'])(
    'is a race lost in silence: %s of what is delivered',
    async (event) => {
      const id = newId();
      const driver = await lab.program();
      driver.send({ event: 'delivered', payload: order(id) });
      await lab.dispatch.record('delivered', id);
      const line = lab.line();
      line.write(text({ event, payload: order(id) }));
      line.write('PING.');
      await line.line('PONG.');
      expect(line.heard.join()).not.toContain('"error"');
      // Whatever is noticed is told before this, or with it.
      line.write('This is a loud one.\n');
      await lab.dispatch.notice('not-json');
      expect(lab.dispatch.heard).not.toContain(`The parcel is delivered; \\"${event}\\" does`);
    },
  );
});
