import { expect } from 'playwright/test';
import { test } from '../testkit/browser/machines.ts';
import { badge, TrackPage } from '../testkit/browser/pages.ts';
import { isTorture } from '../testkit/browser/torture.ts';

test.use({ serviceWorkers: 'allow' });

/** All in one browser. HTTP/1.1 allows it six connections. */
const windows = isTorture ? 20 : 8;
const answerMaxMs = 1_000;

test('more windows than a browser has connections are live at once, and a further request is answered', async ({
  hub,
  machine,
}) => {
  await hub.seed('red', windows);
  const context = await machine();
  const tracks: TrackPage[] = [];
  const others = ['/log', '/driver?driver=ana&auto=off', '/vendor?store=red&auto=off'];
  for (let i = 0; i < windows; i += 1) {
    const page = await context.newPage();
    const other = i % 4 === 3 ? others[Math.floor(i / 4) % others.length] : undefined;
    if (other === undefined) tracks.push(new TrackPage(page));
    await page.goto(other ?? (await hub.trackingPath('red', `red-${i + 1}`)));
    if (other === undefined) await expect(page.locator('#link')).toHaveText('Live');
    else await expect(badge(page)).toContainText('Live');
  }
  const page = await context.newPage();
  await page.goto('/');
  const tookMs = await page.evaluate(async () => {
    const start = performance.now();
    await (await fetch('/api/hub', { cache: 'no-store' })).json();
    return performance.now() - start;
  });
  expect(tookMs).toBeLessThanOrEqual(answerMaxMs);

  const driver = { role: 'driver', driver: 'ben', name: 'Ben' };
  const orders = await hub.orders('red');
  await hub.command(
    driver,
    orders.map(({ payload }) => ({
      event: 'in-transit',
      payload: { store: 'red', orderID: payload.orderID },
    })),
  );
  for (const { headline } of tracks) await expect(headline).toHaveText('Ben picked up your order');
});

test('without WebSockets a customer’s page follows its order by event stream, and remembers that', async ({
  hub,
  machine,
}) => {
  await hub.seed('red', 1);
  for (const kind of ['cut', 'swallowed'] as const) {
    const context = await machine();
    let asked = 0;
    await context.routeWebSocket(/\/live(\?|$)/, (socket) => {
      asked += 1;
      if (kind === 'cut') void socket.close();
    });
    const page = await context.newPage();
    const track = new TrackPage(page);
    await page.goto(await hub.trackingPath('red', 'red-1'));
    await expect(track.link).toHaveText('Live', { timeout: 6_000 });
    expect(asked).toBe(1);
    await page.reload();
    await expect(track.link).toHaveText('Live', { timeout: 2_000 });
    expect(asked).toBe(1);
  }
});
