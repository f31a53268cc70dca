/**
 * What plain clients can rely on, over any library. Each library runs this suite with its own adapter. Plain clients
 * get no answers, so everything is seen through what others hear.
 */

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { limits } from '../../protocol/limits.ts';
import { type RealHub, startRealHub } from '../real-hub.ts';
import { openClient, orderOf, stepOf, type TestClient } from '../test-client.ts';
import { malformed } from './door.contract.ts';

/** Sends and hears objects. */
export interface PlainTestClient {
  send(event: string, payload: unknown): void;
  /** The first payload of this event, now or later, with this order id under any name. */
  hears(event: string, orderID: string | number): Promise<Record<string, unknown>>;
  /** How often it heard this. */
  count(event: string, orderID: string | number): number;
  close(): void;
}

/** Records what a plain test client hears. */
export class PlainRecorder {
  readonly #heard: { event: string; payload: Record<string, unknown> }[] = [];
  #waiting: (() => void)[] = [];

  hear(event: string, payload: unknown): void {
    this.#heard.push({ event, payload: payload as Record<string, unknown> });
    for (const check of this.#waiting.splice(0)) check();
  }

  async hears(event: string, orderID: string | number): Promise<Record<string, unknown>> {
    for (;;) {
      const [found] = this.#found(event, orderID);
      if (found) return found.payload;
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }

  count(event: string, orderID: string | number): number {
    return this.#found(event, orderID).length;
  }

  #found(event: string, orderID: string | number) {
    return this.#heard.filter(
      (one) => one.event === event && [one.payload['orderID'], one.payload['orderId']].includes(orderID),
    );
  }
}

const addressees = { customer: 'Hulda', address: '835 Meluk Pass' };

export function describePlain(
  name: string,
  open: (hub: RealHub) => Promise<PlainTestClient>,
  /** Whether clients hear everything, or only what concerns their stores. */
  hearsAll: boolean,
): void {
  describe(`plain clients: ${name}`, () => {
    let hub: RealHub;
    let shop: PlainTestClient;
    let driver: PlainTestClient;
    let bystander: PlainTestClient;
    let dispatch: TestClient;
    let ana: TestClient;
    let blue: TestClient;
    beforeAll(async () => {
      hub = await startRealHub();
      [shop, driver, bystander] = [await open(hub), await open(hub), await open(hub)];
      dispatch = await openClient(hub.url, { role: 'admin' });
      ana = await openClient(hub.url, { role: 'driver', driver: 'ana', name: 'Ana' });
      blue = await openClient(hub.url, { role: 'vendor', store: 'blue' });
    });
    afterAll(async () => {
      for (const client of [shop, driver, bystander, dispatch, ana, blue]) client.close();
      await hub.close();
      expect(hub.faults).toEqual([]);
    });

    it('an order goes to everybody, is delivered, and whoever sent it hears of it', async () => {
      const given = { store: 'red', orderId: 'good', firstName: 'Hulda', address: 'Pass', gift: { wrap: 1 } };
      // A client without a role may be this shop's other connection.
      if (!hearsAll) {
        bystander.send('join', { store: 'elsewhere', orderID: 'elsewhere' });
        await bystander.hears('joined', 'elsewhere');
      }
      shop.send('pickup', given);
      const heard = await driver.hears('pickup', 'good');
      expect(heard).toMatchObject({ ...given, orderID: 'good', messageId: 'good', customer: 'Hulda' });
      await bystander.hears('pickup', 'good');
      driver.send('in-transit', heard);
      driver.send('delivered', heard);
      expect(await shop.hears('in-transit', 'good')).toMatchObject(given);
      expect(await shop.hears('delivered', 'good')).toMatchObject(given);
      expect(await dispatch.record('delivered', 'good')).toMatchObject({
        ...{ seq: 3, rev: 3, status: 'delivered', by: { role: 'driver', id: 'plain:127.0.0.1' } },
        payload: { ...given, orderID: 'good', customer: 'Hulda' },
      });
      expect(await dispatch.record('pickup', 'good')).toMatchObject({ by: { role: 'vendor', id: 'red' } });
      if (hearsAll) await bystander.hears('delivered', 'good');
      else expect(bystander.count('delivered', 'good')).toBe(0);
    });

    it('numbers and wrapped orders are given back as they came', async () => {
      const given = {
        event: 'pickup',
        clientId: 'red',
        order: { store: 'red', orderId: 7120345, ...addressees },
      };
      shop.send('pickup', given);
      const heard = await driver.hears('pickup', 7120345);
      expect(heard).toMatchObject({ ...given, orderID: 7120345, messageId: 7120345, store: 'red' });
      await dispatch.record('pickup', '7120345');
      driver.send('in-transit', heard);
      driver.send('delivered', heard);
      expect(await shop.hears('delivered', 7120345)).toMatchObject({ ...given, event: 'delivered' });
    });

    it('an id whose parcel is finished is a new parcel when it is used again; an open one’s is refused', async () => {
      const again = { store: 'red', orderId: 7120345, ...addressees, customer: 'Ida' };
      shop.send('pickup', again);
      expect(await dispatch.record('pickup', '7120345~2')).toMatchObject({ payload: { customer: 'Ida' } });
      shop.send('pickup', { ...again, customer: 'Olga' });
      await dispatch.notice('conflict');
      driver.send('IN_TRANSIT', again);
      expect(await dispatch.record('in-transit', '7120345~2')).toMatchObject({
        payload: { customer: 'Ida' },
      });
      driver.send('DELIVERED', again);
      await dispatch.record('delivered', '7120345~2');
      shop.send('PICKUP', { ...again, customer: 'Olga' });
      expect(await dispatch.record('pickup', '7120345~3')).toMatchObject({ payload: { customer: 'Olga' } });
    });

    it('[D4] the same order sent twice is one', async () => {
      for (let i = 0; i < 3; i += 1) shop.send('pickup', { store: 'red', orderID: 'once', ...addressees });
      shop.send('pickup', { store: 'red', orderID: 'after once', ...addressees });
      for (const one of [driver, bystander]) await one.hears('pickup', 'after once');
      expect(driver.count('pickup', 'once')).toBe(1);
      expect(bystander.count('pickup', 'once')).toBe(1);
    });

    it('[C1][C2] of a plain driver and another one wins, and who lost can do nothing, in silence', async () => {
      await blue.send(orderOf('blue', 'raced'));
      const heard = await driver.hears('pickup', 'raced');
      expect(await ana.send(stepOf('claimed', 'blue', 'raced'))).toMatchObject([{ ok: true }]);
      for (const event of ['in-transit', 'delivered']) driver.send(event, heard);
      shop.send('pickup', { store: 'red', orderID: 'after race', ...addressees });
      await dispatch.record('pickup', 'after race');
      expect(await ana.send(stepOf('in-transit', 'blue', 'raced'))).toMatchObject([{ ok: true, rev: 3 }]);
      expect(dispatch.heard).not.toMatch(/"code":"(taken|stale-claim|wrong-status)"/);

      await blue.send(orderOf('blue', 'raced too'));
      driver.send('in-transit', await driver.hears('pickup', 'raced too'));
      await dispatch.record('in-transit', 'raced too');
      const [lost] = await ana.send(stepOf('claimed', 'blue', 'raced too'));
      expect(lost).toMatchObject({ ok: false, error: { code: 'taken', details: { by: 'plain:127.0.0.1' } } });
    });

    it('[A1] a store that is bound hears nothing of all this but its own', async () => {
      await blue.send(stepOf('note', 'blue', 'raced', { details: { text: 'last' } }));
      await blue.record('note', 'raced');
      expect(blue.heard).not.toMatch(/"red"|"good"|once|7120345|Olga/);
    });

    describe('[S1] nothing comes of what is malformed, dispatch is told, and the connection lives on:', () => {
      // Input that our own clients must not send and that the lab's hub relays.
      const lenient =
        /unknown event|no customer|customer that is a number|due time|part that nobody|do not belong|moment/;
      const cases = malformed.filter(
        ([what, input]) =>
          !lenient.test(what) &&
          'event' in input &&
          input.event === 'pickup' &&
          'payload' in input &&
          !/another store|used already|too many bytes/.test(what),
      );

      it.each(cases)('%s', async (what, input, code) => {
        expect(cases.length).toBeGreaterThan(8);
        shop.send('pickup', 'payload' in input ? input.payload : undefined);
        const orderID = `after ${what}`;
        shop.send('pickup', { store: 'red', orderID, ...addressees });
        await driver.hears('pickup', orderID);
        await dispatch.notice(code);
      });

      it('a word that nobody knows is passed on, and is no record', async () => {
        shop.send('explode', { store: 'red', orderID: 'x' });
        shop.send('pickup', { store: 'red', orderID: 'after explosion', ...addressees });
        await driver.hears('pickup', 'after explosion');
        await dispatch.notice('relayed');
      });

      it('an order as large as may be, and a larger one', async () => {
        const parts = (count: number) => ({
          ...Object.fromEntries(
            Array.from({ length: count }, (_, i) => [`part${i}`, 'x'.repeat(limits.stringLength)]),
          ),
        });
        shop.send('pickup', { store: 'red', orderID: 'large', ...addressees, ...parts(14) });
        expect(Object.keys(await driver.hears('pickup', 'large'))).toContain('part13');
      });
    });
  });
}
