import { expect } from 'playwright/test';
import { test } from '../testkit/browser/machines.ts';
import { LogPage } from '../testkit/browser/pages.ts';
import { expectSeen } from '../testkit/browser/seen.ts';

const viewports = { desk: { width: 1280, height: 720 }, phone: { width: 390, height: 844 } } as const;

/** Runs in the page. @returns the middle of each text of a row and of each gap, and the row's corners */
function placesOn(row: Element): { x: number; y: number }[] {
  const inset = 4;
  const { left, top, width, height } = row.getBoundingClientRect();
  const texts = document.createTreeWalker(row, NodeFilter.SHOW_TEXT);
  const spans: { from: number; to: number; y: number }[] = [];
  while (texts.nextNode()) {
    const range = document.createRange();
    range.selectNodeContents(texts.currentNode);
    for (const box of range.getClientRects()) {
      if (box.width > 1 && box.height > 1) {
        spans.push({ from: box.left - left, to: box.right - left, y: box.top - top + box.height / 2 });
      }
    }
  }
  const middles = spans.map(({ from, to, y }) => ({ x: (from + to) / 2, y }));
  spans.sort((a, b) => a.from - b.from);
  const gaps = spans.flatMap(({ to }, i) => {
    const next = spans[i + 1]?.from ?? width;
    return next > to ? [{ x: (to + next) / 2, y: height / 2 }] : [];
  });
  const corners = [inset, width - inset].flatMap((x) => [inset, height - inset].map((y) => ({ x, y })));
  return [...middles, ...gaps, ...corners].filter(({ x, y }) => x > 0 && x < width && y > 0 && y < height);
}

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
    for (const position of await row.evaluate(placesOn)) {
      await row.click({ position });
      await expect(log.details.getByRole('heading')).toHaveText(id);
      await log.press('Escape');
      await expect(log.details).toHaveCount(0);
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
  await expectSeen(log.pause);
  await expect(log.details).toHaveCount(0);
  await store(1, 'red').click({ modifiers: ['Alt'] });
  await expect(log.search).toHaveValue('');
  await store(1, 'red').click({ modifiers: ['Alt', 'Shift'] });
  await expect(log.search).toHaveValue('-store:red');
  await expect(log.rows).toHaveCount(2);
  await expectSeen(log.row(5));
  // Beside the values, a click does not filter.
  await log
    .row(5)
    .getByRole('time')
    .click({ modifiers: ['Alt'] });
  await expect(log.details.getByRole('heading')).toHaveText('blue-2');

  // The panel offers both without modifier keys.
  await log.details.getByRole('button', { name: 'exclude blue', exact: true }).click();
  await expect(log.search).toHaveValue('-store:red -store:blue');
  await log.details.getByRole('button', { name: 'blue', exact: true }).click();
  await expect(log.search).toHaveValue('-store:red store:blue');
});

test('keys work on a keyboard with other letters and with Caps Lock', async ({ hub, open }) => {
  await hub.seed('red', 100);
  const log = new LogPage(await open('/log'));
  await expectSeen(log.row(100));
  const wire = await log.page.context().newCDPSession(log.page);
  const press = async (key: string, code: string, hasShift = false) => {
    const modifiers = hasShift ? 8 : 0;
    await wire.send('Input.dispatchKeyEvent', { type: 'keyDown', key, code, modifiers, text: key });
    await wire.send('Input.dispatchKeyEvent', { type: 'keyUp', key, code, modifiers });
  };
  const alphabets = {
    Russian: ['п', 'П', 'л', 'о'],
    Greek: ['γ', 'Γ', 'κ', 'ξ'],
    'Caps Lock': ['G', 'g', 'K', 'J'],
  } as const;
  for (const [alphabet, [g, shiftG, k, j]] of Object.entries(alphabets)) {
    await test.step(alphabet, async () => {
      await press(g, 'KeyG');
      await expectSeen(log.row(1));
      await press(shiftG, 'KeyG', true);
      await expectSeen(log.row(100));
      await press(k, 'KeyK');
      await press(k, 'KeyK');
      await press(j, 'KeyJ');
      await expect(log.row(100)).toHaveAttribute('data-selected', 'true');
      await press(shiftG, 'KeyG', true);
      await expectSeen(log.pause);
    });
  }
  // The key of the full stop on a Russian keyboard.
  await press('.', 'Slash');
  await expect(log.search).toBeFocused();
});

test('a tab from before an upgrade shows an unknown event by its name', async ({ hub, machine }) => {
  const [id = ''] = await hub.seed('red', 1);
  const context = await machine();
  const log = new LogPage(await context.newPage());
  await log.page.routeWebSocket('**/socket.io/**', (socket) => {
    const server = socket.connectToServer();
    server.onMessage((message) =>
      socket.send(String(message).replaceAll('"event":"note"', '"event":"weighed"')),
    );
  });
  await log.page.goto('/log');
  await expectSeen(log.row(1));
  const payload = { store: 'red', orderID: id };
  await hub.command({ role: 'vendor', store: 'red' }, [
    { event: 'note', payload, details: { text: '2 kg' } },
  ]);
  await expectSeen(log.row(2));
  await expect(log.row(2)).toContainText('weighed');
  await expect(log.row(2)).toContainText('2 kg');
  await hub.seed('blue', 1);
  await expectSeen(log.row(3));
});
