import { gzipSync } from 'node:zlib';
import { expect, type Response } from 'playwright/test';
import { test } from './machines.ts';

/** Kilobytes of JavaScript, each file by itself and gzip, until the page has all that it needs. */
const most: readonly (readonly [name: string, kilobytes: number, path: string])[] = [
  ['/vendor', 125, '/vendor?auto=off'],
  ['/driver', 125, '/driver?auto=off'],
  ['/log', 150, '/log'],
];

test('no page is heavier than a phone on a bad line can bear', async ({ hub, machine }) => {
  await hub.seed('red', 1);
  const tracking = ['tracking', 100, await hub.trackingPath('red', 'red-1')] as const;
  for (const [name, kilobytes, path] of [...most, tracking]) {
    const page = await (await machine()).newPage();
    const scripts: Promise<number>[] = [];
    page.on('response', (response) => {
      if (response.request().resourceType() !== 'script') return;
      scripts.push(response.body().then((body) => gzipSync(body).byteLength));
    });
    await page.goto(path, { waitUntil: 'networkidle' });
    const sizes = await Promise.all(scripts);
    const size = sizes.reduce((sum, one) => sum + one, 0) / 1_000;
    expect(sizes.length, `scripts of ${name}`).toBeGreaterThan(0);
    expect.soft(size, `${name}, kB of JavaScript`).toBeLessThanOrEqual(kilobytes);
    await test.info().attach(name, { body: `${size.toFixed(1)} kB` });
  }
});

/** Kilobytes on the wire until a page has all that it needs, of a browser that was never there. */
const wire: readonly (readonly [name: string, kilobytes: number, path: string])[] = [
  ['/', 90, '/'],
  ['/vendor', 125, '/vendor?auto=off'],
  ['/driver', 125, '/driver?auto=off'],
  ['/log', 160, '/log'],
  ['/docs', 450, '/docs'],
];

test('what is on the wire for the first look at a page is compressed', async ({ hub, machine }) => {
  await hub.seed('red', 40);
  const tracking = ['tracking', 10, await hub.trackingPath('red', 'red-1')] as const;
  for (const [name, kilobytes, path] of [...wire, tracking]) {
    const page = await (await machine()).newPage();
    const responses: Response[] = [];
    page.on('response', (response) => responses.push(response));
    await page.goto(path, { waitUntil: 'networkidle' });
    const sizes = await Promise.all(
      responses.map(async (response) => (await response.request().sizes()).responseBodySize),
    );
    const size = sizes.reduce((sum, one) => sum + one, 0) / 1_000;
    expect.soft(size, `${name}, kB on the wire`).toBeLessThanOrEqual(kilobytes);
    await test.info().attach(name, { body: `${size.toFixed(1)} kB` });
  }
});
