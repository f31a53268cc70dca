/** What people are told while the database is away. */

import { type Browser, chromium, type Page } from 'playwright';
import { expect as seen } from 'playwright/test';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { connect } from '../client/client.ts';
import config from '../playwright.config.ts';
import type { Health } from '../protocol/messages.ts';
import type { HubInfo } from '../protocol/rest.ts';
import { expectSeen } from '../testkit/browser/seen.ts';
import { Cluster } from '../testkit/cluster.ts';
import { isLive } from '../testkit/ending.ts';

let cluster: Cluster;
let browser: Browser;
beforeAll(async () => {
  cluster = await Cluster.start({ hubs: 1 });
  browser = await chromium.launch(config.use?.launchOptions ?? {});
});
beforeEach(async () => {
  if (!cluster.server.isRunning) await cluster.server.run();
  await expect.poll(async () => (await fetch(`${cluster.urlOf(0)}/readyz`)).status, soon).toBe(200);
});
afterAll(async () => {
  await browser.close();
  await cluster[Symbol.asyncDispose]();
});

const soon = { timeout: 20_000 };

async function place(address: string): Promise<{ tracking: string }> {
  const answer = await fetch(`${cluster.urlOf(0)}/api/orders`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ store: 'red', customer: 'Hulda Parker', address }),
  });
  return (await answer.json()) as { tracking: string };
}

it('a client is told without sending anything, when the database goes, stands still, and is back', async () => {
  const client = connect({ url: cluster.urlOf(0), identity: { role: 'driver', driver: 'ana' } });
  const heard: Health[] = [];
  client.on('health', (health) => heard.push(health));
  await isLive(client);
  // Whoever has heard an event reads nothing any more.
  await place('1 Meluk Pass');
  await expect.poll(() => client.cursor, soon).toMatch(/\.1$/);
  await cluster.server.stop();
  await expect.poll(() => heard, soon).toEqual([{ recording: false, since: expect.any(String) }]);
  const { outage } = (await (await fetch(`${cluster.urlOf(0)}/api/hub`)).json()) as HubInfo;
  expect(outage?.since).toBe(heard[0]?.since);
  await cluster.server.run();
  await expect.poll(() => heard.at(-1), soon).toEqual({ recording: true });
  cluster.server.pause();
  await expect.poll(() => heard.at(-1), soon).toMatchObject({ recording: false });
  cluster.server.resume();
  await expect.poll(() => heard.at(-1), { timeout: 40_000 }).toEqual({ recording: true });
  client.close();
});

const pages = [
  ['/log', 'What happens meanwhile is shown once this is over.'],
  ['/vendor?store=red&auto=off', 'What you do is kept in this page and sent once this is over.'],
  ['/driver?driver=ana&auto=off', 'What you do is sent once this is over; claiming has to wait for that.'],
] as const;

it.each(pages)(
  '%s says the truth, open before and opened meanwhile, and goes on by itself',
  async (path, meanwhile) => {
    const open = async () => {
      const page = await (await browser.newContext()).newPage();
      await page.goto(`${cluster.urlOf(0)}${path}`);
      return page;
    };
    const badge = (page: Page) => page.locator('[data-badge]');
    const before = await open();
    await seen(badge(before)).toHaveAttribute('data-state', 'live');
    const address = `${path.length} Meluk Pass`;
    await place(address);
    await expectSeen(before.getByText(address).first());
    await cluster.server.stop();
    const cannotRecord = before.getByText(
      /^The hub has been unable to record since \d?\d:\d\d [AP]M; it goes on by itself\./,
    );
    await expectSeen(cannotRecord);
    await seen(cannotRecord).toContainText(meanwhile);
    await seen(badge(before)).toHaveText('Cannot record');
    const opened = await open();
    const cannotRead = opened.getByText(
      /^The hub has been unable to read its log since .+; it goes on by itself\./,
    );
    await expectSeen(cannotRead);
    await seen(cannotRead).toContainText(meanwhile);
    await seen(opened.getByText('The hub does not answer')).toHaveCount(0);
    await cluster.server.run();
    for (const page of [before, opened]) {
      await seen(badge(page)).toHaveAttribute('data-state', 'live', { timeout: 30_000 });
      await seen(page.getByText(/The hub has been unable/)).toHaveCount(0);
      await page.context().close();
    }
  },
);

it('a read that fails speaks of the database, and a command that fails of recording', async () => {
  await cluster.server.stop();
  const read = await fetch(`${cluster.urlOf(0)}/api/events`);
  expect([read.status, await read.json()]).toEqual([
    503,
    expect.objectContaining({
      title: 'The hub cannot do this right now.',
      detail: 'The hub’s database does not answer. Try again in a moment.',
    }),
  ]);
  const order = { store: 'red', customer: 'Hulda Parker', address: '835 Meluk Pass' };
  const command = await fetch(`${cluster.urlOf(0)}/api/orders`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(order),
  });
  expect([command.status, await command.json()]).toEqual([
    503,
    expect.objectContaining({
      title: 'The hub cannot do this right now.',
      detail: 'The hub cannot record anything right now.',
    }),
  ]);
});

it('a customer’s page says as of when it is, and goes on by itself', async () => {
  const { tracking } = await place('835 Meluk Pass');
  const page = await (await browser.newContext()).newPage();
  await page.goto(tracking);
  await expectSeen(page.getByText('Live', { exact: true }));
  await cluster.server.stop();
  await expectSeen(page.getByText(/^As of .+\. Reconnecting in \d+ s$/));
  await cluster.server.run();
  await seen(page.getByText('Live', { exact: true })).toBeVisible({ timeout: 30_000 });
  await page.context().close();
});
