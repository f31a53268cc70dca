import { expect, it } from 'vitest';
import { startRealHub } from '../../../testkit/real-hub.ts';
import { storeWith } from '../../../testkit/simulation/store.ts';
import { dial, next, openClient, orderOf } from '../../../testkit/test-client.ts';
import type { Store } from '../../store/store.ts';

/** A store whose log cannot be read for a while, though it can be written. */
class Unreadable {
  isBroken = false;
  /** Resolves when the next reading has failed. */
  failed = Promise.withResolvers<void>();

  readonly breaking = (store: Store): Store =>
    storeWith(store, {
      read: (scope, range) => {
        if (!this.isBroken) return store.read(scope, range);
        this.failed.resolve();
        return Promise.reject(new Error('disk I/O error'));
      },
    });
}

it('[D3][S4] plain clients miss nothing of what was recorded while the log could not be read, whoever else comes meanwhile', async () => {
  const log = new Unreadable();
  const hub = await startRealHub({}, undefined, log.breaking);
  const shop = await openClient(hub.url, { role: 'vendor', store: 'red' });
  const place = async (orderID: string) =>
    expect(await shop.send(orderOf('red', orderID))).toMatchObject([{ ok: true }]);
  await place('while all was well');
  // Is live before it breaks, and needs no log to read from then on.
  await shop.record('pickup', 'while all was well');
  log.isBroken = true;
  const first = dial(`${hub.url}/caps`, {});
  const heard: string[] = [];
  first.on('pickup', ({ orderID }: { orderID: string }) => heard.push(orderID));
  await next(first, 'connect');
  await log.failed.promise;
  await place('while it was unreadable');
  const second = dial(`${hub.url}/caps`, {});
  await next(second, 'connect');
  // Once more after the second has come: nothing can be heard yet.
  log.failed = Promise.withResolvers();
  await log.failed.promise;
  expect(heard).toEqual([]);

  log.isBroken = false;
  await place('after it');
  while (!heard.includes('after it')) await next(first, 'pickup');
  expect(heard).toEqual(['while it was unreadable', 'after it']);
  shop.close();
  first.close();
  second.close();
  await hub.close();
  expect(hub.faults).toEqual([]);
});
