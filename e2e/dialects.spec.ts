import { expect } from 'playwright/test';
import type { CapsRecord } from '../protocol/messages.ts';
import type { Hub } from '../testkit/browser/hub.ts';
import { drivers, type LabVendor, vendors } from '../testkit/browser/lab-clients.ts';
import { test } from '../testkit/browser/machines.ts';
import { DriverPage, LogPage, ShopPage } from '../testkit/browser/pages.ts';

/** The status of each order of a store, by number. */
async function lives(hub: Hub, store: string): Promise<Map<number, CapsRecord[]>> {
  const byOrder = Map.groupBy(
    (await hub.events()).filter(({ payload }) => payload.store === store),
    ({ payload }) => Number(/\d+/.exec(payload.orderID)?.[0]),
  );
  return byOrder;
}

// Two pages in constant motion.
test.use({ contextOptions: { reducedMotion: 'reduce' } });

test('[C1][D4] a vendor and a driver of each dialect, in all pairs: each order is delivered once and shown on /log', async ({
  hub,
  open,
}) => {
  test.setTimeout(400_000);
  const log = new LogPage(await open('/log'));
  const page = new ShopPage(await open('/vendor?store=browser&auto=off'));
  const opened: [store: string, vendor: LabVendor][] = [];
  for (const [i, openVendor] of Object.values(vendors).entries()) {
    opened.push([`lab-${i}`, await openVendor(hub, `lab-${i}`)]);
  }

  let round = 0;
  const placeAll = async (customer: string) => {
    round += 1;
    for (const [, vendor] of opened) vendor.order(round);
    await page.send(customer, 'Elm Street');
  };
  /** Checks that all deliveries up to now were thanked for once. */
  const allThanked = async () => {
    const upToNow = Array.from({ length: round }, (_, i) => i + 1);
    await expect
      .poll(() => opened.map(([store, { thanked }]) => [store, thanked.toSorted((a, b) => a - b)]), {
        timeout: 60_000,
        // A round takes less than a second.
        intervals: [100],
      })
      .toEqual(opened.map(([store]) => [store, upToNow]));
    await expect(page.thanks()).toHaveCount(round);
  };

  for (const [name, openDriver] of Object.entries(drivers)) {
    await test.step(`driver: ${name}`, async () => {
      const driver = await openDriver(hub);
      await placeAll(`Customer of round ${round}`);
      await allThanked();
      driver.close();
    });
  }
  await test.step('driver: the page', async () => {
    const driver = new DriverPage(await open('/driver?driver=ana&auto=on'));
    await placeAll('Customer of the page');
    await allThanked();
    await expect(driver.inHand).toHaveCount(0);
  });

  for (const [, vendor] of opened) vendor.close();
  for (const [store] of opened) {
    const records = await lives(hub, store);
    expect([...records.keys()].toSorted((a, b) => a - b)).toEqual(
      Array.from({ length: round }, (_, i) => i + 1),
    );
    for (const life of records.values()) {
      const events = life.map(({ event }) => event).filter((event) => event !== 'claimed');
      expect(events).toEqual(['pickup', 'in-transit', 'delivered']);
    }
  }
  const events = await hub.events();
  expect(events.map(({ seq }) => seq)).toEqual(events.map((_, i) => i + 1));
  expect(new Set(events.map(({ via }) => via))).toEqual(new Set(['tcp', 'socket.io']));
  const newest = events.at(-1);
  await expect(log.rows.last()).toHaveAttribute('data-seq', String(newest?.seq));
  await expect(log.rows.last()).toContainText(newest?.via ?? 'nothing');
  await log.search.fill('via:tcp event:pickup');
  await expect(log.rows.first()).toContainText('tcp');
});
