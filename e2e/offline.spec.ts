import { type BrowserContext, expect, type Page } from 'playwright/test';
import type { CapsRecord } from '../protocol/messages.ts';
import { type Hub, lanHost } from '../testkit/browser/hub.ts';
import { test } from '../testkit/browser/machines.ts';
import { badge, DriverPage, pressStill } from '../testkit/browser/pages.ts';
import { expectFound, expectSeen } from '../testkit/browser/seen.ts';

test.use({ serviceWorkers: 'allow' });

const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };
const minuteMs = 60_000;

/** Ana holds two parcels; one is on offer. */
async function seed(hub: Hub): Promise<[string, string, string]> {
  const [first = '', second = '', third = ''] = await hub.seed('red', 3);
  const key = (orderID: string) => ({ payload: { store: 'red', orderID } });
  await hub.command({ role: 'driver', driver: 'ana' }, [
    { event: 'claimed', ...key(first) },
    { event: 'in-transit', ...key(second) },
  ]);
  return [first, second, third];
}

/** Ana's page, on a phone whose clock the test sets. */
async function openDriver(machine: BrowserContext): Promise<DriverPage> {
  const page = await machine.newPage();
  await page.clock.install();
  await page.goto('/driver?driver=ana&auto=off');
  return new DriverPage(page);
}

async function cutOff(machine: BrowserContext, page: Page): Promise<void> {
  await machine.setOffline(true);
  await expect(badge(page)).toContainText('Offline');
}

/** Number of commands on the device's disk: a page that is left at once takes what it has not written with it. */
function storedCount(page: Page): Promise<number> {
  return page.evaluate(
    () =>
      new Promise<number>((resolve, reject) => {
        const opening = indexedDB.open('caps');
        opening.onerror = () => reject(opening.error);
        opening.onsuccess = () => {
          const counting = opening.result.transaction('outbox').objectStore('outbox').count();
          counting.onerror = () => reject(counting.error);
          counting.onsuccess = () => {
            opening.result.close();
            resolve(counting.result);
          };
        };
      }),
  );
}

/** Five actions, two minutes apart. */
async function workInBasement(driver: DriverPage, [first, second]: readonly string[]): Promise<number[]> {
  const times: number[] = [];
  const { page } = driver;
  const done = async (act: () => Promise<void>) => {
    times.push(await page.evaluate(() => Date.now()));
    await act();
    await page.clock.fastForward(2 * minuteMs);
  };
  await done(() => driver.take(first ?? '', 'Picked up'));
  await done(() => driver.say(second ?? '', 'The bell is broken.'));
  await done(() => driver.take(second ?? '', 'Delivered'));
  await done(() => driver.take(first ?? '', 'Could not deliver', 'Nobody home'));
  await done(() => driver.take(first ?? '', 'Return to shop'));
  return times;
}

const expected = ([first, second]: readonly string[]) => [
  [first, 'in-transit'],
  [second, 'note'],
  [second, 'delivered'],
  [first, 'attempt-failed'],
  [first, 'returning'],
];

/** Sets the clock two minutes after the previous action; it runs while the test looks for the button. */
function expectTimes(records: readonly CapsRecord[], times: readonly number[]): void {
  const late = records.map(({ occurredAt }, i) => Date.parse(occurredAt ?? '') - (times[i] ?? 0));
  for (const ms of late) {
    expect(ms).toBeGreaterThanOrEqual(0);
    expect(ms).toBeLessThan(minuteMs);
  }
}

test.describe('on the machine itself, as with HTTPS', () => {
  // An IP address, because Socket.IO expects "localhost" to be reachable offline.
  test.use({ host: '127.0.0.1' });

  test('ten minutes in a basement, the page closed and opened again: five records, in order, once each, with their times', async ({
    hub,
    machine,
    troubles,
  }) => {
    troubles.expect(/ERR_INTERNET_DISCONNECTED/);
    const ids = await seed(hub);
    const context = await machine(phone);
    const before = await openDriver(context);
    await expectSeen(before.parcel(ids[0]));
    await before.page.evaluate(() => navigator.serviceWorker.ready);
    await cutOff(context, before.page);
    const times = await workInBasement(before, ids);
    await expect(before.parcel(ids[0])).toContainText('Saved, will send');
    await before.page.close();

    const after = new DriverPage(await context.newPage());
    await after.page.goto('/driver?auto=off');
    await expect(after.parcel(ids[0])).toContainText('Returning');
    await expect(after.parcel(ids[1])).toContainText('Saved, will send');
    await after.openStop(ids[0]);
    await expect(after.stepButton(ids[0], 'Returned')).toBeEnabled();
    await expect(after.offer(ids[2])).toContainText('needs the network');
    await context.setOffline(false);
    await expect(after.parcel(ids[1])).toHaveCount(0);

    const records = (await hub.events()).slice(5);
    expect(records.map(({ payload, event }) => [payload.orderID, event])).toEqual(expected(ids));
    expectTimes(records, times);
    await expect(after.refused).toHaveCount(0);
  });

  test('when one of two tabs of a driver closes, the other sends its commands, once', async ({
    hub,
    machine,
    troubles,
  }) => {
    troubles.expect(/ERR_INTERNET_DISCONNECTED/);
    const ids = await seed(hub);
    const context = await machine(phone);
    const [one, two] = [await openDriver(context), await openDriver(context)];
    await expectSeen(one.parcel(ids[0]));
    await expectSeen(two.parcel(ids[1]));
    await cutOff(context, one.page);
    await one.take(ids[0], 'Picked up');
    await two.take(ids[1], 'Delivered');
    await expect(one.parcel(ids[0])).toContainText('Saved, will send');
    await one.page.close();
    await expect(two.parcel(ids[0])).toContainText('Saved, will send');
    await context.setOffline(false);
    await expect.poll(() => hub.life(ids[1])).toContain('delivered');
    await expect(two.parcel(ids[0])).not.toContainText('Saved, will send');
    expect(await hub.life(ids[0])).toEqual(['pickup', 'claimed', 'in-transit']);
    expect(await hub.life(ids[1])).toEqual(['pickup', 'in-transit', 'delivered']);
  });

  test('an offline pick-up of a parcel that somebody else took is shown until dismissed, and nothing is lost', async ({
    hub,
    machine,
    troubles,
  }) => {
    troubles.expect(/ERR_INTERNET_DISCONNECTED/);
    const ids = await seed(hub);
    const context = await machine(phone);
    const driver = await openDriver(context);
    await expectFound(driver.offer(ids[2]));
    await cutOff(context, driver.page);
    await driver.page.clock.fastForward(minuteMs);
    await expect(
      driver.offer(ids[2]).getByRole('button', { name: 'Claim needs the network' }),
    ).toBeDisabled();
    // In one line.
    const why = await driver.offer(ids[2]).getByText('needs the network').last().boundingBox();
    expect(why?.height).toBeLessThan(24);
    await pressStill(driver.offer(ids[2]).getByRole('button', { name: 'Picked up' }));
    await driver.take(ids[1], 'Delivered');
    await hub.command({ role: 'driver', driver: 'ben', name: 'Ben' }, [
      { event: 'claimed', payload: { store: 'red', orderID: ids[2] } },
    ]);
    await context.setOffline(false);
    await expect(driver.refused).toContainText('Taken by Ben.');
    await expect(driver.refused).toContainText(ids[2]);
    await expect(driver.parcel(ids[2])).toHaveCount(0);
    expect(await hub.life(ids[1])).toEqual(['pickup', 'in-transit', 'delivered']);
    expect(await hub.life(ids[2])).toEqual(['pickup', 'claimed']);

    await driver.page.reload();
    await expect(driver.refused).toContainText('Taken by Ben.');
    await pressStill(driver.refused.getByRole('button', { name: 'OK' }));
    await expect(driver.refused).toHaveCount(0);
    await expect.poll(() => storedCount(driver.page)).toBe(0);
    await driver.page.reload();
    await expectSeen(driver.parcel(ids[0]));
    await expect(driver.refused).toHaveCount(0);
  });

  test('one driver’s commands are never sent as another driver’s', async ({ hub, machine, troubles }) => {
    troubles.expect(/ERR_INTERNET_DISCONNECTED/);
    const ids = await seed(hub);
    const context = await machine(phone);
    const driver = await openDriver(context);
    await expectSeen(driver.parcel(ids[0]));
    await driver.page.evaluate(() => navigator.serviceWorker.ready);
    await cutOff(context, driver.page);
    await driver.take(ids[1], 'Delivered');
    // An action shown as saved outlives the page.
    await expect(driver.parcel(ids[1]).getByRole('list', { name: 'Saved' })).toContainText(
      'Saved, will send',
    );
    await driver.page.goto('/driver?driver=ben&auto=off');
    await expectSeen(driver.page.getByText('Nothing in hand.'));
    await context.setOffline(false);
    await expectFound(driver.offer(ids[2]));
    await driver.claim(ids[2]);
    expect(await hub.life(ids[1])).toEqual(['pickup', 'in-transit']);
    await driver.page.goto('/driver?driver=ana&auto=off');
    await expect.poll(() => hub.life(ids[1])).toEqual(['pickup', 'in-transit', 'delivered']);
    expect((await hub.events()).at(-1)?.by.id).toBe('ana');
  });
});

test.describe('if the browser loses its database, as Safari does after a sleep', () => {
  test.use({ host: '127.0.0.1' });

  for (const [what, opensAgain] of [
    ['and opens it again', true],
    ['and opens it no more', false],
  ] as const) {
    test(`an offline action is shown as saved only if it is, and is not lost: the database was lost ${what}`, async ({
      hub,
      machine,
      troubles,
    }) => {
      troubles.expect(/ERR_INTERNET_DISCONNECTED/);
      const ids = await seed(hub);
      const context = await machine(phone);
      const driver = await openDriver(context);
      const { page } = driver;
      await expectSeen(driver.parcel(ids[0]));
      await page.evaluate(() => navigator.serviceWorker.ready);
      await page.evaluate((heals) => {
        const { transaction } = IDBDatabase.prototype;
        const { open } = IDBFactory.prototype;
        let isOpenedAnew = false;
        IDBFactory.prototype.open = function (...wanted) {
          isOpenedAnew = heals;
          return open.apply(this, wanted);
        };
        IDBDatabase.prototype.transaction = function (...wanted) {
          if (!isOpenedAnew)
            throw new DOMException('Connection to Indexed Database server lost.', 'UnknownError');
          return transaction.apply(this, wanted);
        };
      }, opensAgain);
      await cutOff(context, page);
      await driver.take(ids[0], 'Picked up');
      const saved = driver.parcel(ids[0]).getByRole('list', { name: 'Saved' });
      if (opensAgain) {
        await expect(saved).toContainText('Saved, will send');
        await page.reload();
        await expect(saved).toContainText('Saved, will send');
      } else {
        await expect(saved).toContainText('Not saved, will send');
        await expectSeen(page.getByText('Not saved on this device: keep this page open until it is sent.'));
        await page.clock.fastForward(minuteMs);
        await expect(page.getByText(/\bsaved and\b|Saved,/)).toHaveCount(0);
      }
      await context.setOffline(false);
      await expect.poll(() => hub.life(ids[0])).toEqual(['pickup', 'claimed', 'in-transit']);
      await expect(page.getByText('Not saved on this device')).toHaveCount(0);
    });
  }
});

test.describe('on a plain address of the network', () => {
  test.use({ host: lanHost });

  test('ten minutes in a basement with the page left open: five records, in order, once each, with their times', async ({
    hub,
    machine,
    troubles,
  }) => {
    troubles.expect(/ERR_INTERNET_DISCONNECTED/);
    const ids = await seed(hub);
    const context = await machine(phone);
    const driver = await openDriver(context);
    await expectSeen(driver.parcel(ids[0]));
    expect(await driver.page.evaluate(() => isSecureContext)).toBe(false);
    await expectFound(driver.page.getByText('With HTTPS the page would also open without network'));
    await cutOff(context, driver.page);
    const times = await workInBasement(driver, ids);
    await expect(driver.parcel(ids[1])).toContainText('Saved, will send');
    await context.setOffline(false);
    await expect(driver.parcel(ids[1])).toHaveCount(0);
    const records = (await hub.events()).slice(5);
    expect(records.map(({ payload, event }) => [payload.orderID, event])).toEqual(expected(ids));
    expectTimes(records, times);
  });

  test('a page that was closed offline sends its commands when it is opened again', async ({
    hub,
    machine,
    troubles,
  }) => {
    troubles.expect(/ERR_INTERNET_DISCONNECTED/);
    const ids = await seed(hub);
    const context = await machine(phone);
    const driver = await openDriver(context);
    await expectSeen(driver.parcel(ids[0]));
    await cutOff(context, driver.page);
    await driver.take(ids[0], 'Picked up');
    await expect(driver.parcel(ids[0])).toContainText('Saved, will send');
    await driver.page.close();
    await context.setOffline(false);
    await openDriver(context);
    await expect.poll(() => hub.life(ids[0])).toEqual(['pickup', 'claimed', 'in-transit']);
  });
});
