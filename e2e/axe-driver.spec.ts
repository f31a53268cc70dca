import { expect, type Page } from 'playwright/test';
import { expectNoViolationsInAnyLook, long } from '../testkit/browser/axe.ts';
import { test } from '../testkit/browser/machines.ts';
import { badge, DriverPage, paceNews, pressStill, wayQuestion } from '../testkit/browser/pages.ts';
import { expectFound, expectSeen } from '../testkit/browser/seen.ts';

// An IP address, because Socket.IO expects "localhost" to be reachable offline.
test.use({ host: '127.0.0.1', serviceWorkers: 'allow' });

test('axe finds nothing on the driver’s page in any state', async ({ hub, machine, troubles }) => {
  troubles.expect(/ERR_INTERNET_DISCONNECTED/);
  const context = await machine();
  await context.addInitScript(paceNews, 100);
  const driver = new DriverPage(await context.newPage());
  const { page } = driver;
  const held = await holdable(page);
  const shop = { role: 'vendor', store: long.store };
  const ana = { role: 'driver', driver: 'ana', name: 'Ana' };
  const key = (orderID: string) => ({ payload: { store: long.store, orderID } });
  await test.step('asking how it is used, and about to start by itself', async () => {
    await page.goto('/driver');
    await expectSeen(wayQuestion(page).getByText('Starts in'));
    await expectNoViolationsInAnyLook(page);
    await page.getByRole('button', { name: 'Try it' }).click();
    await expectNoViolationsInAnyLook(page);
  });
  await page.goto('/driver?driver=ana');

  await test.step('empty', async () => {
    await expectSeen(page.getByText('No offers.'));
    await expectNoViolationsInAnyLook(page);
  });
  await test.step('off duty, and a name that is none', async () => {
    await page.getByRole('switch', { name: 'On duty' }).click();
    await page.getByRole('button', { name: 'Change driver name' }).click();
    await page.getByLabel('Driver name').fill('');
    await page.getByLabel('Driver name').press('Enter');
    await expect(page.getByLabel('Driver name')).toHaveAccessibleDescription('Enter a name.');
    await expectNoViolationsInAnyLook(page);
    await page.getByLabel('Driver name').press('Escape');
    await page.getByRole('button', { name: 'Go on duty' }).click();
  });
  await test.step('parcels in hand in every state, offers, one of them lost', async () => {
    const ids = Array.from({ length: 9 }, (_, i) => `red-${i + 1}`);
    const payload = { ...long, phone: '+49 30 123', note: 'Ring twice' };
    await hub.command(
      shop,
      [...ids, 'talked'].map((orderID) => ({ event: 'pickup', payload: { ...payload, orderID } })),
    );
    await driver.claim('red-1');
    await driver.claim('red-2');
    await driver.take('red-2', 'Picked up', 'Delivered');
    await driver.claim('red-3');
    await driver.take('red-3', 'Picked up', 'Could not deliver');
    await hub.command(ana, [
      { event: 'in-transit', ...key('red-4') },
      { event: 'attempt-failed', ...key('red-4'), details: { reason: 'not-home' } },
      { event: 'in-transit', ...key('red-5') },
      { event: 'returning', ...key('red-5') },
      { event: 'claimed', ...key('red-6') },
      { event: 'in-transit', ...key('talked') },
      { event: 'note', ...key('talked'), details: { text: 'Which bell?' } },
    ]);
    await hub.command(shop, [{ event: 'cancelled', ...key('red-6') }]);
    await driver.say('talked', 'The bell is broken.');
    await page.evaluate(() => navigator.serviceWorker.ready);
    // Somebody was quicker, but this page does not know yet.
    held.hold();
    await hub.command({ role: 'driver', driver: 'ben', name: 'Ben' }, [
      { event: 'claimed', ...key('red-7') },
    ]);
    await pressStill(driver.claimButton('red-7'));
    held.release();
    await expect(driver.offer('red-7')).toContainText('Taken by Ben. Next offer below.');
    await expect(driver.parcel('red-6')).toContainText('The shop called this one off.');
    await expect(driver.offers).toContainText(['red-8', 'red-9']);
    await expectNoViolationsInAnyLook(page);
  });
  await test.step('said who has a parcel now', async () => {
    await driver.take('talked', 'Neighbour');
    await expectFound(driver.parcel('talked').getByLabel('Received by'));
    await expectNoViolationsInAnyLook(page);
  });
  await test.step('an order that was changed, one for later, where to collect, a note for dispatch', async () => {
    await fetch(`${hub.url}/api/stores/${encodeURIComponent(long.store)}?as=admin`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ name: 'Zoë’s flowers', address: '1206 Pike Street', phone: '+1 206 555 0199' }),
    });
    const notBefore = new Date(Date.now() + 5 * 3_600_000).toISOString();
    await hub.command(shop, [
      { event: 'amended', ...key('red-1'), details: { address: '2 New Road', note: null } },
      { event: 'pickup', payload: { ...long, orderID: 'later', notBefore } },
    ]);
    await page.reload();
    await driver.openStop('red-1');
    await expectFound(driver.parcel('red-1').getByText('Collect at Zoë’s flowers'));
    await expectFound(driver.parcel('red-1').getByRole('button', { name: 'Seen order red-1' }));
    await pressStill(driver.parcel('red-1').getByRole('button', { name: /^Notes/ }));
    await pressStill(driver.parcel('red-1').getByRole('switch', { name: 'Dispatch must see this' }));
    await pressStill(page.getByRole('button', { name: '1 for later' }));
    await expectFound(driver.offer('later'));
    await expectNoViolationsInAnyLook(page);
    await pressStill(driver.parcel('red-1').getByRole('button', { name: /^Notes/ }));
  });
  await test.step('off duty with parcels in hand', async () => {
    await page.getByRole('switch', { name: 'On duty' }).click();
    await expectFound(page.getByRole('region', { name: 'Your shift' }));
    await expectFound(page.getByText('You are off duty and still have parcels in hand.'));
    await expectNoViolationsInAnyLook(page);
    await page.getByRole('button', { name: 'Back on duty' }).click();
  });
  await test.step('without network', async () => {
    await context.setOffline(true);
    await expect(badge(page)).toContainText('Offline');
    await expect(driver.offer('red-8')).toContainText('needs the network');
    await pressStill(driver.offer('red-8').getByRole('button', { name: 'Picked up' }));
    await driver.take('red-1', 'Picked up');
    await driver.say('red-1', 'On my way.');
    await expect(driver.parcel('red-1')).toContainText('Saved, will send');
    await expectNoViolationsInAnyLook(page);
  });
  await test.step('refused', async () => {
    await hub.command({ role: 'driver', driver: 'ben', name: 'Ben' }, [
      { event: 'claimed', ...key('red-8') },
    ]);
    await context.setOffline(false);
    await expect(driver.refused).toContainText('Taken by Ben.');
    await expectNoViolationsInAnyLook(page);
  });
});

/** Call it before the page opens. @returns functions that hold back and release the hub's messages */
async function holdable(page: Page): Promise<{ hold: () => void; release: () => void }> {
  let waiting: (() => void)[] | undefined;
  await page.routeWebSocket(/\/socket\.io\//, (socket) => {
    socket.connectToServer().onMessage((message) => {
      const pass = () => socket.send(message);
      if (waiting) waiting.push(pass);
      else pass();
    });
  });
  return {
    hold: () => {
      waiting = [];
    },
    release: () => {
      const passing = waiting ?? [];
      waiting = undefined;
      for (const pass of passing) pass();
    },
  };
}
