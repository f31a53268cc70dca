import { gzipSync } from 'node:zlib';
import { expect, type Response } from 'playwright/test';
import { test } from '../testkit/browser/machines.ts';

test.use({ serviceWorkers: 'allow' });

interface Budget {
  readonly path: string;
  /** Kilobytes on the wire for the first load of the page. */
  readonly wire: number;
  /** Kilobytes of JavaScript, each file compressed with gzip. */
  readonly scripts: number;
}

const budgets: readonly Budget[] = [
  { path: '/', wire: 90, scripts: 100 },
  { path: '/vendor?auto=off', wire: 125, scripts: 124 },
  { path: '/driver?auto=off', wire: 125, scripts: 124 },
  { path: '/board', wire: 150, scripts: 140 },
  { path: '/log', wire: 160, scripts: 150 },
  { path: '/docs', wire: 20, scripts: 5 },
  { path: '/docs/api', wire: 450, scripts: 500 },
];

/** One font of one family, in kB. */
const fontsMax = 30;

test('each page keeps its budget, and its HTML links all files', async ({ hub, machine }) => {
  await hub.seed('red', 40);
  const track = { path: await hub.trackingPath('red', 'red-1'), wire: 10, scripts: 100 };
  for (const { path, wire, scripts } of [...budgets, track]) {
    const name = path.slice(0, 9);
    const context = await machine();
    const page = await context.newPage();
    const responses: Response[] = [];
    page.on('response', (response) => responses.push(response));
    /** Files of the page that only a script requested: one more round trip. */
    const late: string[] = [];
    const browser = await context.newCDPSession(page);
    await browser.send('Network.enable');
    browser.on('Network.requestWillBeSent', ({ request: { url }, initiator }) => {
      if (initiator.type === 'script' && /\/assets\/[a-z]+-page.*\.(js|css)$/.test(url)) late.push(url);
    });
    await page.goto(path, { waitUntil: 'networkidle' });
    const bytesOf = (some: readonly Response[]) =>
      Promise.all(some.map(async (response) => (await response.request().sizes()).responseBodySize));
    const isFont = (response: Response) => response.request().resourceType() === 'font';
    // Nothing waits for the font: a local one stands in.
    const fonts = await bytesOf(responses.filter(isFont));
    const onWire = await bytesOf(responses.filter((response) => !isFont(response)));
    const code = await Promise.all(
      responses
        .filter((response) => response.request().resourceType() === 'script')
        .map(async (response) => gzipSync(await response.body()).byteLength),
    );
    expect(code.length, `scripts of ${name}`).toBeGreaterThan(0);
    expect.soft(kilobytes(code), `${name}, kB of JavaScript`).toBeLessThanOrEqual(scripts);
    expect.soft(kilobytes(onWire), `${name}, kB on the wire`).toBeLessThanOrEqual(wire);
    expect.soft(kilobytes(fonts), `${name}, kB of fonts`).toBeLessThanOrEqual(fontsMax);
    expect.soft(late, `${name}: files that a script had to ask for`).toEqual([]);
    const body = `${kilobytes(code).toFixed(1)} kB of JavaScript, ${kilobytes(onWire).toFixed(1)} kB on the wire`;
    await test.info().attach(name, { body });
    await page.close();
  }
});

function kilobytes(sizes: readonly number[]): number {
  return sizes.reduce((sum, one) => sum + one, 0) / 1_000;
}
