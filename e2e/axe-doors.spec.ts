import { expect } from 'playwright/test';
import type { Command } from '../protocol/messages.ts';
import { expectNoViolationsInAnyLook } from '../testkit/browser/axe.ts';
import { test } from '../testkit/browser/machines.ts';
import { TrackPage } from '../testkit/browser/pages.ts';
import { expectFound } from '../testkit/browser/seen.ts';

test('axe finds nothing on the start page, with and without its hub, and on the page for unknown addresses', async ({
  open,
  troubles,
}) => {
  troubles.expect(/net::ERR_FAILED|nowhere wrote: Failed to load resource.* 404/);
  const page = await open('/');
  await test.step('with its hub', async () => {
    await expect(page.getByRole('img').first()).toBeVisible();
    await expectNoViolationsInAnyLook(page);
  });
  await test.step('the hub does not answer', async () => {
    await page.route('**/api/hub', (route) => route.abort());
    await page.reload();
    await expectFound(page.getByText('The hub does not answer'));
    await expectNoViolationsInAnyLook(page);
  });
  await test.step('no page', async () => {
    await page.goto('/nowhere');
    await expect(page.getByRole('heading', { name: 'Not found' })).toBeAttached();
    await expectNoViolationsInAnyLook(page);
  });
});

test.describe('a hub that is killed', () => {
  test.use({ ownProcess: true });

  test('axe finds nothing on a customer’s page, from ready to delivered, without its hub, and for an unknown link', async ({
    hub,
    machine,
    troubles,
  }) => {
    troubles.expect(/Failed to load resource.* 404/);
    const word = 'Donaudampfschifffahrtsgesellschaftskapitänswitwe';
    const payload = { store: 'red', orderID: '1042', customer: 'Hulda', address: '835 Meluk Pass' };
    await hub.command({ role: 'vendor', store: 'red' }, [
      { event: 'pickup', payload: { ...payload, dueAt: '2020-02-03T18:30:00.000Z' } },
    ]);
    const track = new TrackPage(await (await machine()).newPage());
    const { page } = track;
    const path = await hub.trackingPath('red', '1042');
    await fetch(`${hub.url}/api/stores/red`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ name: 'Zoë’s', phone: '+1 206 555-0199', email: 'zoe@a.example' }),
    });
    await page.goto(path);
    await expect(track.link).toHaveText('Live');
    await test.step('ready, and late', () => expectNoViolationsInAnyLook(page));
    const drive = async (command: Pick<Command, 'event' | 'details'>) => {
      const before = await page.title();
      await hub.command({ role: 'driver', driver: 'ana', name: 'Ana' }, [{ ...command, payload } as Command]);
      await expect(page).not.toHaveTitle(before);
    };
    for (const step of [
      { event: 'in-transit' },
      { event: 'attempt-failed', details: { reason: 'other', text: `${word}${word}` } },
      { event: 'retried' },
      { event: 'delivered', details: { outcome: 'mailbox' } },
    ] as const) {
      await test.step(step.event, async () => {
        await drive(step);
        await expectNoViolationsInAnyLook(page);
      });
    }
    await test.step('without its hub', async () => {
      await drive({ event: 'corrected', details: { rev: 5 } });
      await hub.kill();
      await expect(track.link).toContainText('Reconnecting');
      await expectNoViolationsInAnyLook(page);
      await hub.restart();
    });
    await test.step('no order behind the link', async () => {
      await page.goto(path.slice(0, -1));
      await expect(page.getByRole('heading')).toHaveText('There is no order behind this link.');
      await expectNoViolationsInAnyLook(page);
    });
  });
});
