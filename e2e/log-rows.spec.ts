import { expect } from 'playwright/test';
import { test } from './machines.ts';
import { LogPage } from './pages.ts';
import { expectSeen } from './seen.ts';

const viewports = { desk: { width: 1280, height: 720 }, phone: { width: 390, height: 844 } } as const;

for (const [device, viewport] of Object.entries(viewports)) {
  test(`a click on a row opens its parcel, wherever on the row it lands: ${device}`, async ({
    hub,
    machine,
  }) => {
    const [id = ''] = await hub.seed('red', 3);
    await hub.command({ role: 'driver', driver: 'ana', name: 'Ana' }, [
      { event: 'claimed', payload: { store: 'red', orderID: id } },
    ]);
    const context = await machine({ viewport });
    const log = new LogPage(await context.newPage());
    await log.page.goto('/log');
    const row = log.row(4);
    await expectSeen(row);
    const { width, height } = (await row.boundingBox()) ?? { width: 0, height: 0 };
    for (const y of [4, height / 2, height - 4]) {
      // Wherever the texts of such a row begin and end, some of these places are on each and some between them.
      for (let x = 4; x < width; x += 24) {
        await row.click({ position: { x, y } });
        await expect(log.details.getByRole('heading')).toHaveText(id);
        await log.press('Escape');
        await expect(log.details).toHaveCount(0);
      }
    }
    await expect(log.search).toHaveValue('');
  });
}

test('an Alt-click on a value shows only these, with Shift all but these, and the log goes on', async ({
  hub,
  open,
}) => {
  await hub.seed('red', 3);
  await hub.seed('blue', 2);
  const log = new LogPage(await open('/log'));
  await expectSeen(log.row(5));
  const store = (seq: number, word: string) => log.row(seq).getByText(word, { exact: true });
  await store(1, 'red').click({ modifiers: ['Alt'] });
  await expect(log.search).toHaveValue('store:red');
  await expect(log.rows).toHaveCount(3);
  await expect(log.pause).toBeVisible();
  await expect(log.details).toHaveCount(0);
  await store(1, 'red').click({ modifiers: ['Alt'] });
  await expect(log.search).toHaveValue('');
  await store(1, 'red').click({ modifiers: ['Alt', 'Shift'] });
  await expect(log.search).toHaveValue('-store:red');
  await expect(log.rows).toHaveCount(2);
  await expectSeen(log.row(5));
  // Beside the values there is nothing to filter by.
  await log
    .row(5)
    .getByRole('time')
    .click({ modifiers: ['Alt'] });
  await expect(log.details.getByRole('heading')).toHaveText('blue-2');

  // The details offer both, without a key to hold.
  await log.details.getByRole('button', { name: 'not blue', exact: true }).click();
  await expect(log.search).toHaveValue('-store:red -store:blue');
  await log.details.getByRole('button', { name: 'blue', exact: true }).click();
  await expect(log.search).toHaveValue('-store:red store:blue');
});
