/**
 * The README's pictures, of the running product: a shop, a driver's phone and dispatch's log at one moment, by day
 * and by night.
 *
 *     npm run pictures
 */

import { fileURLToPath } from 'node:url';
import { type Browser, chromium, expect, type Page } from 'playwright/test';
import config from '../playwright.config.ts';
import { Hub } from '../testkit/browser/hub.ts';
import { isStill, ShopPage } from '../testkit/browser/pages.ts';

const height = 720;
const views = [
  { path: '/vendor?store=1-206-flowers&auto=on', width: 820 },
  { path: '/driver?driver=Ana&auto=on', width: 390 },
  { path: '/log', width: 900 },
] as const;
/** Other shops and drivers, visible in the log only. */
const others = ['/vendor?store=acme-widgets&auto=on', '/driver?driver=Ben&auto=on'];
const everySeconds = '2';
/** Enough to fill the list and the chart. */
const deliveriesMin = 12;
const sceneMaxMs = 120_000;

async function main(): Promise<void> {
  const hub = await Hub.start();
  const browser = await chromium.launch(config.use?.launchOptions ?? {});
  try {
    const pages = await Promise.all(views.map(({ path, width }) => open(browser, hub.url + path, width)));
    await Promise.all(others.map((path) => open(browser, hub.url + path, 820)));
    const [shopTab, phone] = pages as [Page, Page];
    const shop = new ShopPage(shopTab);
    await shop.every.fill(everySeconds);
    // No caret in the picture.
    await shop.every.blur();
    await expect
      .poll(() => shop.thanks().count(), { timeout: sceneMaxMs })
      .toBeGreaterThanOrEqual(deliveriesMin);
    for (const colorScheme of ['light', 'dark'] as const) {
      await Promise.all(pages.map((page) => page.emulateMedia({ colorScheme })));
      // The driver has a parcel on the road, which stays a moment.
      await phone.getByText('Delivers by itself in 3 s').waitFor({ timeout: sceneMaxMs });
      await isStill(phone);
      const shots = await Promise.all(pages.map((page) => page.screenshot()));
      await draw(browser, shots, colorScheme);
    }
  } finally {
    await browser.close();
    await hub.stop();
  }
}

/** A browser context of its own. */
async function open(browser: Browser, url: string, width: number): Promise<Page> {
  const context = await browser.newContext({ viewport: { width, height }, deviceScaleFactor: 2 });
  const page = await context.newPage();
  await page.goto(url);
  return page;
}

/** Joins screenshots side by side. */
async function draw(browser: Browser, shots: readonly Buffer[], theme: 'light' | 'dark'): Promise<void> {
  const page = await browser.newPage({ colorScheme: theme });
  const images = shots.map((shot, i) => {
    const source = `data:image/png;base64,${shot.toString('base64')}`;
    return `<img src="${source}" width="${views[i]?.width}" height="${height}" alt="">`;
  });
  await page.setContent(`<!doctype html><style>
    :root { color-scheme: light dark }
    body {
      margin: 0; inline-size: max-content; display: flex; gap: 20px; padding: 30px;
      background: light-dark(#e3e7ee, #05070a);
    }
    img { border-radius: 12px; outline: 1px solid light-dark(#c9d0da, #262c35) }
  </style>${images.join('')}`);
  const path = fileURLToPath(new URL(`../docs/picture-${theme}.png`, import.meta.url));
  await page.locator('body').screenshot({ path });
}

await main();
