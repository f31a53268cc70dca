/**
 * Measures how fast each page loads on a slow phone: largest contentful paint and total blocking time. `npm test` checks
 * the download size. Fresh browsers load every page several times, and the median counts. A calibration loop measures the
 * machine: it takes 100 ms on the machine on which the budgets were set, and the budgets scale with it.
 *
 *     npm run bench:speed -- --loads 5
 */

import { loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { type Browser, chromium, type Page } from 'playwright';
import config from '../playwright.config.ts';
import { startHub } from '../testkit/hub-process.ts';

const { values } = parseArgs({ options: { loads: { type: 'string', default: '3' } } });
const loads = Number(values.loads);
const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };
/** Close to Lighthouse's phone. */
const throttle = 4;
const largestPaintMax = 2_500;
const blockedMax = 600;
const usualLoopMs = 100;
const orders = 30;

interface Speed {
  readonly largestPaintMs: number;
  readonly blockedMs: number;
  /** Duration of the calibration loop while the page was open. */
  readonly loopMs: number;
}

declare global {
  var speed: { largestPaintMs: number; blockedMs: number };
}

async function main(): Promise<void> {
  console.log(`load average before: ${(loadavg()[0] ?? 0).toFixed(1)}`);
  const hub = await startHub({});
  const browser = await chromium.launch(config.use?.launchOptions ?? {});
  try {
    const track = await seed(hub.url);
    const slow: string[] = [];
    for (const path of ['/', '/vendor?store=red&auto=off', '/driver?driver=ana&auto=off', '/log', track]) {
      const { largestPaintMs, blockedMs, loopMs } = await measure(browser, hub.url + path);
      const slower = Math.max(1, loopMs / usualLoopMs);
      const name = path.slice(0, 7);
      console.log({ name, largestPaintMs, blockedMs, loopMs });
      if (largestPaintMs > largestPaintMax * slower || blockedMs > blockedMax * slower) slow.push(name);
    }
    if (slow.length > 0) throw new Error(`Slower than they may be: ${slow.join(', ')}`);
  } finally {
    await browser.close();
    await hub.dispose();
  }
}

/** @returns the path of a customer's page */
async function seed(url: string): Promise<string> {
  for (let n = 1; n <= orders; n += 1)
    await post(`${url}/api/orders`, {
      ...{ store: 'red', orderID: `red-${n}`, customer: `Customer ${n}`, address: `${n} Elm Street` },
    });
  const response = await fetch(`${url}/api/orders/red/red-1`);
  const { tracking } = await response.json();
  return new URL(String(tracking)).pathname;
}

async function post(url: string, body: unknown): Promise<void> {
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
  if (!response.ok) throw new Error(`${url} was answered with ${response.status}.`);
}

/** The median of each number. */
async function measure(browser: Browser, url: string): Promise<Speed> {
  const all: Speed[] = [];
  for (let n = 0; n < loads; n += 1) all.push(await load(browser, url));
  const middle = (of: (speed: Speed) => number) =>
    Math.round(all.map(of).toSorted((a, b) => a - b)[Math.floor(loads / 2)] ?? Number.NaN);
  return {
    largestPaintMs: middle(({ largestPaintMs }) => largestPaintMs),
    blockedMs: middle(({ blockedMs }) => blockedMs),
    loopMs: middle(({ loopMs }) => loopMs),
  };
}

async function load(browser: Browser, url: string): Promise<Speed> {
  const context = await browser.newContext(phone);
  try {
    const page = await context.newPage();
    const session = await context.newCDPSession(page);
    await session.send('Emulation.setCPUThrottlingRate', { rate: throttle });
    await page.addInitScript(watchSpeed);
    await page.goto(url, { waitUntil: 'networkidle' });
    await page.waitForFunction(() => globalThis.speed.largestPaintMs > 0);
    const speed = await page.evaluate(() => ({ ...globalThis.speed }));
    return { ...speed, loopMs: await timeLoop(page) };
  } finally {
    await context.close();
  }
}

/** Runs in the page before its own scripts. */
function watchSpeed(): void {
  globalThis.speed = { largestPaintMs: 0, blockedMs: 0 };
  new PerformanceObserver((list) => {
    for (const { startTime } of list.getEntries()) globalThis.speed.largestPaintMs = startTime;
  }).observe({ type: 'largest-contentful-paint', buffered: true });
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) globalThis.speed.blockedMs += duration - 50;
  }).observe({ type: 'longtask', buffered: true });
}

/** The calibration loop: similar work to drawing a page, with objects, texts and a map. */
function timeLoop(page: Page): Promise<number> {
  return page.evaluate(() => {
    const from = performance.now();
    const seen = new Map<string, { n: number; text: string }>();
    for (let n = 0; n < 60_000; n += 1) {
      const text = `${n % 5_000} Elm Street`;
      seen.set(text, { n, text: text.toUpperCase() });
    }
    return performance.now() - from;
  });
}

await main();
