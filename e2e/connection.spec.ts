import { expect, type Page } from 'playwright/test';
import { test } from '../testkit/browser/machines.ts';
import { badge } from '../testkit/browser/pages.ts';
import { expectSeen } from '../testkit/browser/seen.ts';

const triesMax = 3;

/** The states of the badge in order, each with its first text. */
function states(page: Page): Promise<string[]> {
  return page.evaluate(() => (globalThis as unknown as { seen: string[] }).seen);
}

function watchBadge(): void {
  const seen: string[] = [];
  Object.assign(globalThis, { seen });
  let latest = '';
  new MutationObserver(() => {
    const shown = document.querySelector<HTMLElement>('[aria-label="Connection"]');
    const state = shown?.dataset['state'] ?? '';
    if (state === latest) return;
    latest = state;
    if (state !== 'quiet' && state !== '') seen.push(shown?.innerText.replace(/\s+/g, ' ').trim() ?? '');
  }).observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
}

test.describe('a hub that is killed', () => {
  test.use({ ownProcess: true });

  test('the badge goes through its states, and the banner pushes the page down instead of covering it', async ({
    hub,
    machine,
  }) => {
    const context = await machine();
    await context.addInitScript(watchBadge);
    const page = await context.newPage();
    let letThrough: () => void = () => {};
    const held = new Promise<void>((resolve) => {
      letThrough = resolve;
    });
    await page.routeWebSocket(/socket\.io/, async (socket) => {
      await held;
      socket.connectToServer();
    });
    await page.goto('/vendor?store=red&auto=off');
    await expect(badge(page)).toHaveText('Connecting…');
    letThrough();
    await expect(badge(page)).toHaveText(/^Live[\d.,]+\/s\d+ ms$/);

    const orders = page.getByRole('region', { name: 'New order' });
    const before = await orders.boundingBox();
    await hub.kill();
    await expect(badge(page)).toHaveText(/^Reconnecting in \d+ sTry now$/);
    const banner = page.getByText('The hub does not answer.');
    await expectSeen(banner);
    const [bannerBox, after] = [await banner.boundingBox(), await orders.boundingBox()];
    expect(after?.y).toBeGreaterThan(before?.y ?? Number.NaN);
    expect(after?.y).toBeGreaterThanOrEqual((bannerBox?.y ?? Number.NaN) + (bannerBox?.height ?? Number.NaN));

    await context.setOffline(true);
    await expect(badge(page)).toHaveText('Offline');
    await hub.restart();
    await hub.seed('red', 3);
    await context.setOffline(false);
    await expect(badge(page)).toContainText('Live');
    const seen = await states(page);
    expect(seen[0]).toBe('Connecting…');
    expect(seen.at(-2)).toBe('Back, 3 events caught up');
    expect(seen.at(-1)).toMatch(/^Live/);
  });
});

test('with reduced motion nothing moves, on any page', async ({ hub, machine }) => {
  const context = await machine({ reducedMotion: 'reduce' });
  const page = await context.newPage();
  await context.addInitScript(() => {
    const moved: string[] = [];
    Object.assign(globalThis, { moved });
    const look = () => {
      for (const animation of document.getAnimations()) {
        const { duration } = animation.effect?.getComputedTiming() ?? {};
        // Without keyframes it is a pause, in which a press on what has just moved is ignored.
        const isMotion =
          animation.effect instanceof KeyframeEffect && animation.effect.getKeyframes().length > 0;
        if (isMotion && Number(duration) > 0)
          moved.push(JSON.stringify(animation.effect?.getComputedTiming()));
      }
      requestAnimationFrame(look);
    };
    look();
  });
  const still = () => page.evaluate(() => (globalThis as unknown as { moved: string[] }).moved);
  await hub.seed('red', 3);
  const path = await hub.trackingPath('red', 'red-1');
  const driver = { role: 'driver', driver: 'ana' };
  for (const [index, where] of [
    '/',
    '/vendor?store=red&auto=off',
    '/driver?driver=ana&auto=off',
    '/log',
    path,
  ].entries()) {
    await page.goto(where);
    await expect(page.getByRole('heading', { level: 1 })).toBeAttached();
    if (where !== '/') await expectSeen(page.getByText('Live', { exact: true }));
    const order = { payload: { store: 'red', orderID: `red-${(index % 3) + 1}` } };
    // New orders, deliveries and presses would cause motion.
    if (index === 1 || index === 3)
      await hub.command(driver, [
        { event: 'in-transit', ...order },
        { event: 'delivered', ...order },
      ]);
    const control = page.getByRole('main').getByRole('link').or(page.getByRole('switch')).first();
    if (where === '/') await control.hover();
    else if (await control.isVisible()) await control.click();
    await page.evaluate(
      () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))),
    );
    expect(await still(), where).toEqual([]);
  }
});

for (const [what, swallow] of [
  ['is never answered', () => new Promise<void>(() => {})],
  ['opens, and nothing comes through', () => {}],
] as const) {
  test(`a WebSocket that ${what} keeps a page waiting for 6 s at most, and only on the first load`, async ({
    machine,
  }) => {
    const tookMs = async (page: Page, load: () => Promise<unknown>): Promise<number> => {
      const start = performance.now();
      await load();
      await expect(badge(page)).toContainText('Live');
      return performance.now() - start;
    };
    const first: number[] = [];
    const again: number[] = [];
    // A busy machine may delay one of them, but not all.
    while (first.length < triesMax && (Math.min(...first) > 6_000 || Math.min(...again) > 3_000)) {
      const page = await (await machine()).newPage();
      await page.routeWebSocket(/socket\.io/, swallow);
      first.push(await tookMs(page, () => page.goto('/log')));
      again.push(await tookMs(page, () => page.reload()));
      await page.close();
    }
    expect(Math.min(...first), `${first}`).toBeLessThan(6_000);
    expect(Math.min(...again), `${again}`).toBeLessThan(3_000);
  });
}

test('a page shows Offline within a second after the browser knows it', async ({ machine, troubles }) => {
  troubles.expect(/ERR_INTERNET_DISCONNECTED/);
  const context = await machine();
  const page = await context.newPage();
  let isCut = false;
  // The network drops packets without closing connections.
  await page.routeWebSocket(/socket\.io/, (socket) => {
    const hub = socket.connectToServer();
    socket.onMessage((message) => {
      if (!isCut) hub.send(message);
    });
    hub.onMessage((message) => {
      if (!isCut) socket.send(message);
    });
  });
  await page.goto('/log');
  await expect(badge(page)).toContainText('Live');
  await page.evaluate(() => {
    addEventListener('offline', () => {
      const went = performance.now();
      const look = () => {
        const isSaid = document.querySelector('[aria-label="Connection"]')?.textContent === 'Offline';
        if (isSaid) Object.assign(globalThis, { saidAfterMs: performance.now() - went });
        else requestAnimationFrame(look);
      };
      look();
    });
  });
  isCut = true;
  await context.setOffline(true);
  await expect(badge(page)).toHaveText('Offline');
  const saidAfterMs = await page.evaluate(
    () => (globalThis as unknown as { saidAfterMs: number }).saidAfterMs,
  );
  expect(saidAfterMs).toBeLessThan(1_000);
});
