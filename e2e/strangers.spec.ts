import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { test as base, expect, type Page } from 'playwright/test';
import { expectNoViolationsInAnyLook } from '../testkit/browser/axe.ts';
import { Hub } from '../testkit/browser/hub.ts';
import { badge } from '../testkit/browser/pages.ts';
import { expectSeen } from '../testkit/browser/seen.ts';

interface Places {
  hub: Hub;
  /** A simple proxy that changes `Host`. @returns its port */
  inFront: (hostFor: (asked: string) => string) => Promise<number>;
}

const test = base.extend<Places>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names
  hub: async ({}, use) => {
    const hub = await Hub.start();
    await use(hub);
    await hub.stop();
  },
  inFront: async ({ hub }, use) => {
    const proxies: Server[] = [];
    await use(async (hostFor) => {
      const proxy = renaming(() => hub.port, hostFor);
      proxies.push(proxy);
      await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
      return (proxy.address() as AddressInfo).port;
    });
    for (const proxy of proxies) proxy.close();
  },
});

/** Forwards each connection to the hub and changes the `Host` of every request. */
function renaming(port: () => number, hostFor: (asked: string) => string): Server {
  const server = createServer();
  server.removeAllListeners('connection');
  server.on('connection', (near) => {
    const far = connect(port(), '127.0.0.1');
    near.on('data', (chunk: Buffer) => {
      const text = chunk.toString('latin1');
      const renamed = text.replace(
        /^(host: )(.*)\r$/gim,
        (_, name: string, asked: string) => `${name}${hostFor(asked)}\r`,
      );
      far.write(renamed, 'latin1');
    });
    far.pipe(near);
    near.on('close', () => far.destroy());
    for (const end of [near, far]) end.on('error', () => near.destroy());
  });
  return server;
}

async function expectWords(page: Page, words: RegExp): Promise<void> {
  const alert = page.getByRole('alert');
  await expect(alert).toHaveText(words);
  await expectSeen(alert);
}

test('each page behind an unknown proxy opens and names the missing setting', async ({
  page,
  hub,
  inFront,
}) => {
  const port = await inFront(() => `127.0.0.1:${hub.port}`);
  for (const path of ['/', '/vendor', '/driver', '/log']) {
    await page.goto(`http://localhost:${port}${path}`);
    await expectWords(
      page,
      new RegExp(
        `set CAPS_PUBLIC_URL=http://localhost:${port} and start .* \\(nginx: proxy_set_header Host \\$http_host\\)`,
      ),
    );
  }
  await expect.poll(() => hub.complaints).toContain(`CAPS_PUBLIC_URL=http://localhost:${port}`);
});

test('so does a page under an unknown host name, which works as soon as the hub knows it', async ({
  page,
  inFront,
}) => {
  let name: string | undefined = 'hub.example.com';
  const port = await inFront((asked) => name ?? asked);
  await page.goto(`http://localhost:${port}/driver`);
  await expectWords(
    page,
    new RegExp(
      `set CAPS_PUBLIC_URL=http://localhost:${port} and CAPS_ORIGINS=http://hub\\.example\\.com and start`,
    ),
  );
  await expectNoViolationsInAnyLook(page);
  const home = await page.context().newPage();
  await home.goto(`http://localhost:${port}/`);
  await expectWords(home, /CAPS_PUBLIC_URL/);
  name = undefined;
  await expect(badge(page)).toContainText('Live');
  await expect(page.getByRole('alert')).toHaveCount(0);
  await expect(home.getByRole('img', { name: /^QR code/ })).toHaveCount(3);
});
