import { expect } from 'playwright/test';
import { test } from '../testkit/browser/machines.ts';
import { LogPage } from '../testkit/browser/pages.ts';
import { expectSeen } from '../testkit/browser/seen.ts';
import { Stream } from '../testkit/browser/stream.ts';

const seconds = 4;
/** Updates per second: the count, the badge, ages and presence, and one to spare. */
const drawingsMax = 5 * seconds;

test('a paused log renders next to nothing during a stream', async ({ hub, open }) => {
  await hub.seed('red', 100);
  const log = new LogPage(await open('/log'));
  await expectSeen(log.row(100));
  const stream = new Stream(hub, 'blue', 200);
  try {
    await expectSeen(log.rows.last());
    await log.pause.click();
    const newest = log.page.getByRole('button', { name: /new ↓$/ });
    await expectSeen(newest);
    const came = async () => Number((await newest.textContent())?.replace(/\D/g, ''));
    const before = await came();
    const drawn = await log.page.evaluate(countDrawings, seconds * 1_000);
    expect(drawn.rows, 'changes of rows').toBe(0);
    expect(drawn.page, 'drawings of the page').toBeLessThanOrEqual(drawingsMax);
    await expect.poll(came).toBeGreaterThan(before + 100);
  } finally {
    await stream.stop();
  }
});

/** Runs in the page. Counts updates: all changes within one task are one. */
async function countDrawings(ms: number): Promise<{ page: number; rows: number }> {
  const counts = { page: 0, rows: 0 };
  const all = { subtree: true, childList: true, characterData: true, attributes: true };
  const page = new MutationObserver(() => {
    counts.page += 1;
  });
  page.observe(document.body, all);
  const rows = new MutationObserver(() => {
    counts.rows += 1;
  });
  const list = document.querySelector('[role="log"] ol');
  if (list) rows.observe(list, all);
  await new Promise((resolve) => setTimeout(resolve, ms));
  page.disconnect();
  rows.disconnect();
  return counts;
}
