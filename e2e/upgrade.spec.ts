import { expect, type Page } from 'playwright/test';
import { lanHost } from '../testkit/browser/hub.ts';
import { test } from '../testkit/browser/machines.ts';
import { badge, TrackPage } from '../testkit/browser/pages.ts';
import { expectSeen } from '../testkit/browser/seen.ts';

test.use({ ownProcess: true, serviceWorkers: 'allow' });

// Without a service worker between page and hub.
test.use({ host: lanHost });

test('after an upgrade of the hub, and not before, a page offers the new version', async ({ hub, open }) => {
  const page = await open('/driver?driver=ana&auto=off');
  await expect(badge(page)).toContainText('Live');
  await hub.kill();
  await hub.restart();
  await expect(badge(page)).toContainText('Back');
  const refresh = page.getByRole('button', { name: 'Refresh' });
  await expect(refresh).toHaveCount(0);

  const body = '<!doctype html><script type="module" src="/assets/index-newer.js"></script>';
  await page.route(/\/driver$/, (route) => route.fulfill({ contentType: 'text/html', body }));
  await hub.kill();
  await hub.restart();
  await expectSeen(page.getByText('New version of this page.'));
  await page.unroute(/\/driver$/);
  await refresh.click();
  await expect(badge(page)).toContainText('Live');
  await expect(refresh).toHaveCount(0);
});

const trackingPaths = /\/track\/[^/]+$/;

async function serveNewer(page: Page): Promise<void> {
  const body = '<!doctype html><script type="module" src="/assets/track-newer.js"></script>';
  await page.route(trackingPaths, (route) => route.fulfill({ contentType: 'text/html', body }));
}

test('and so does the page of a customer', async ({ hub, open }) => {
  await hub.seed('red', 1);
  const track = new TrackPage(await open(await hub.trackingPath('red', 'red-1')));
  await expect(track.link).toHaveText('Live');
  const refresh = track.page.getByRole('button', { name: 'Refresh' });
  await serveNewer(track.page);
  await expect(refresh).toBeHidden();
  await hub.kill();
  await hub.restart();
  await expectSeen(refresh);
  await track.page.unroute(trackingPaths);
  await refresh.click();
  await expect(track.link).toHaveText('Live');
  await expect(refresh).toBeHidden();
});

test('a customer’s page that was hidden meanwhile says so when it is shown', async ({ hub, machine }) => {
  await hub.seed('red', 1);
  const context = await machine();
  await TrackPage.openUnseen(context);
  const track = new TrackPage(await context.newPage());
  await track.page.goto(await hub.trackingPath('red', 'red-1'));
  await expect(track.link).toHaveText('Live');
  await hub.kill();
  await hub.restart();
  await serveNewer(track.page);
  await track.lookAt();
  await expectSeen(track.page.getByRole('button', { name: 'Refresh' }));
});
