import { gzipSync } from 'node:zlib';
import { expect } from 'playwright/test';
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
