/**
 * Measures how long a person waits for the newest row of the log, frame by frame in the page: polling from outside
 * would add round trips.
 */

import { expect } from 'playwright/test';
import type { Hub } from './hub.ts';
import type { LogPage } from './pages.ts';

/** Milliseconds from the person's last action until the newest row is visible, uncovered, while following. */
export async function newestAfter(log: LogPage, hub: Hub, act: () => Promise<void>): Promise<number> {
  const head = await headOf(hub);
  await log.page.evaluate(watchNewest, head);
  await act();
  const took = await log.page.evaluate(
    () => Reflect.get(globalThis, 'newestSeen') as Promise<number | string>,
  );
  expect(took, 'milliseconds until the newest row is seen').toEqual(expect.any(Number));
  return Number(took);
}

async function headOf(hub: Hub): Promise<number> {
  const response = await fetch(`${hub.url}/api/events?limit=1`);
  const { items } = (await response.json()) as { items: { seq: number }[] };
  return items.at(-1)?.seq ?? 0;
}

/** Runs in the page. Leaves a promise of the milliseconds, or of the obstacle after ten seconds. */
function watchNewest(head: number): void {
  const list = document.querySelector('[role="log"]');
  const listening = new AbortController();
  const endsAt = performance.now() + 10_000;
  let beganAt = Number.POSITIVE_INFINITY;
  const isFollowing = () => list?.getAttribute('data-mode') === 'following';
  const began = ({ type, timeStamp }: Event) => {
    // While following, the page itself scrolls.
    if (type !== 'scroll' || !isFollowing()) beganAt = timeStamp;
  };
  for (const name of ['keydown', 'click', 'input', 'scroll']) {
    addEventListener(name, began, { capture: true, passive: true, signal: listening.signal });
  }
  const trouble = () => {
    if (beganAt > performance.now()) return 'Nothing was pressed and nothing scrolled.';
    if (!isFollowing()) return 'The page does not follow.';
    const row = [...(list?.querySelectorAll<HTMLElement>('[data-seq]') ?? [])].at(-1);
    if (!row) return 'There is no row.';
    if (Number(row.dataset['seq']) < head)
      return `The last row is ${row.dataset['seq']}, the newest ${head}.`;
    const { left, top, width, height } = row.getBoundingClientRect();
    const points = [left + 8, left + width / 2, left + width - 8].map((x) => [x, top + height / 2] as const);
    const isVisible = points.every(([x, y]) => row.contains(document.elementFromPoint(x, y)));
    return isVisible ? undefined : `Row ${row.dataset['seq']} is out of sight at ${Math.round(top)}.`;
  };
  const seen = new Promise<number | string>((resolve) => {
    const look = () => {
      const found = trouble();
      if (found !== undefined && performance.now() < endsAt) {
        requestAnimationFrame(look);
        return;
      }
      listening.abort();
      resolve(found ?? performance.now() - beganAt);
    };
    requestAnimationFrame(look);
  });
  Reflect.set(globalThis, 'newestSeen', seen);
}
