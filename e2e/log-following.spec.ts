import { expect } from 'playwright/test';
import type { Hub } from '../testkit/browser/hub.ts';
import { test } from '../testkit/browser/machines.ts';
import { newestAfter } from '../testkit/browser/newest-watch.ts';
import { LogPage } from '../testkit/browser/pages.ts';
import { expectFound, expectSeen } from '../testkit/browser/seen.ts';
import { Stream } from '../testkit/browser/stream.ts';
import { shareOf } from '../testkit/browser/torture.ts';

const widths = { desk: { width: 1280, height: 720 }, phone: { width: 390, height: 844 } } as const;
/** More rows than any device shows. */
const earlier = 300;
const waitMaxMs = 200;
/** Retries, because the machine may be busy. A slow page is slow each time. */
const triesMax = 8;

interface Way {
  readonly name: string;
  /** Leaves the newest rows. */
  readonly leave: (log: LogPage) => Promise<void>;
  /** Returns to the newest rows. The wait is measured from its last input. */
  readonly back: (log: LogPage) => Promise<void>;
  /** The log follows all the time. */
  readonly isFollowing?: boolean;
}

const byButton = (log: LogPage) => log.pause.click();
const byKey = (key: string) => (log: LogPage) => log.press(key);
const toBar = (log: LogPage) => log.page.getByRole('button', { name: /^(Newest|[\d,]+ new) ↓$/ }).click();
const wheel = (deltaY: number) => async (log: LogPage) => {
  await log.events.hover();
  await log.page.mouse.wheel(0, deltaY);
};
/** A position at which a click opens the parcel on every device. */
const onRow = { position: { x: 60, y: 10 } };
const frozen = (log: LogPage) => expect(log.resume).toBeVisible();

async function openLast(log: LogPage): Promise<void> {
  await log.rows.last().click(onRow);
  await expectSeen(log.details);
}

/** Repeats the action if a new row has undone it. */
async function turnUp(log: LogPage, deltaY: number): Promise<void> {
  const turn = wheel(deltaY);
  await expect(async () => {
    await turn(log);
    await expect(log.resume).toBeVisible({ timeout: 500 });
  }).toPass();
}

/** Waits for the end of scrolling, because a key pressed meanwhile would not count. */
async function expectStill(log: LogPage): Promise<void> {
  const top = () => log.events.evaluate((list) => list.scrollTop);
  let before: number | undefined;
  await expect(async () => {
    const now = await top();
    const isStill = now === before;
    before = now;
    expect(isStill).toBe(true);
  }).toPass({ intervals: [100] });
}

const ways: readonly Way[] = [
  { name: 'Pause, Resume', leave: byButton, back: (log) => log.resume.click() },
  { name: 'Space, Space', leave: byKey('Space'), back: byKey('Space') },
  { name: 'Pause, G', leave: byButton, back: byKey('G') },
  { name: 'Pause, the bar’s button', leave: byButton, back: toBar },
  { name: 'the wheel up, and back', leave: (log) => turnUp(log, -400), back: wheel(4_000) },
  { name: 'the wheel up, Resume', leave: (log) => turnUp(log, -400), back: (log) => log.resume.click() },
  {
    name: 'to the top, and to the end',
    leave: (log) => turnUp(log, -1_000_000),
    back: wheel(1_000_000),
  },
  {
    name: 'Page up, End',
    leave: async (log) => {
      await turnUp(log, -400);
      await log.events.focus();
      await log.press('PageUp');
      await expectStill(log);
    },
    back: byKey('End'),
  },
  { name: 'g, G', leave: byKey('g'), back: byKey('G') },
  { name: 'k, Space', leave: byKey('k'), back: byKey('Space') },
  {
    name: 'a parcel opened, Escape, G',
    leave: openLast,
    back: async (log) => {
      await log.press('Escape');
      await log.press('G');
    },
  },
  {
    name: 'a parcel opened, Close, the bar’s button',
    leave: openLast,
    back: async (log) => {
      await log.details.getByRole('button', { name: 'Close' }).click();
      await toBar(log);
    },
  },
  { name: 'a parcel opened, G', leave: openLast, back: byKey('G') },
  { name: 'a parcel opened, Space', leave: openLast, back: byKey('Space') },
  {
    name: 'Pause, a search, the search cleared, Resume',
    leave: async (log) => {
      await log.pause.click();
      await frozen(log);
      const last = (await log.read()).at(-1)?.seq ?? 0;
      await log.search.fill('order:red-7');
      await expectSeen(log.row(7));
      await log.search.fill('');
      // Scroll back.
      await expectSeen(log.row(last));
    },
    back: (log) => log.resume.click(),
  },
  {
    name: 'a search, and the search emptied',
    isFollowing: true,
    leave: async (log) => {
      await log.search.fill('order:red-7');
      await expectSeen(log.row(7));
    },
    back: (log) => log.search.fill(''),
  },
  {
    name: 'a search without a match, Clear filters',
    isFollowing: true,
    leave: async (log) => {
      await log.search.fill('nobody');
      await expect(log.events).toContainText('match');
    },
    back: (log) => log.events.getByRole('button', { name: 'Clear filters' }).click(),
  },
  {
    name: 'a search, a place in it, its place in the log, the bar’s button',
    leave: async (log) => {
      await log.search.fill('order:red-7');
      await log.row(7).click(onRow);
      await log.details.getByRole('button', { name: 'Close' }).click();
      await log.page.getByRole('button', { name: 'See in context' }).click();
      await expectSeen(log.row(8));
    },
    back: toBar,
  },
  {
    name: 'a place in the log, G',
    leave: async (log) => {
      await showFilters(log, true);
      const place = log.page.getByRole('textbox', { name: 'Go to' });
      await place.fill('#5');
      await place.press('Enter');
      await expectSeen(log.row(5));
      await showFilters(log, false);
    },
    back: byKey('G'),
  },
  {
    name: 'Pause, Filters opened, Resume',
    leave: async (log) => {
      await log.pause.click();
      await showFilters(log, true);
    },
    back: (log) => log.resume.click(),
  },
  {
    name: 'a time chosen, the bar’s button',
    leave: async (log) => {
      await showFilters(log, true);
      await log.page.getByLabel('From', { exact: true }).fill('2020-01-01T00:00:00');
      await log.page.getByRole('button', { name: 'Show this time' }).click();
      await expectFound(log.page.getByRole('button', { name: /^Remove since/ }));
      await showFilters(log, false);
    },
    back: toBar,
  },
  {
    name: 'a window that was lower meanwhile, Resume',
    leave: async (log) => {
      await log.pause.click();
      const size = log.page.viewportSize() ?? widths.desk;
      await log.page.setViewportSize({ ...size, height: size.height - 150 });
      await log.page.setViewportSize(size);
    },
    back: (log) => log.resume.click(),
  },
];

/** Resets the page: a way that took too long is tried again. */
async function showFilters(log: LogPage, open: boolean): Promise<void> {
  const isOpen = (await log.filters.getAttribute('aria-expanded')) === 'true';
  if (isOpen !== open) await log.filters.click();
}

async function expectNewest(log: LogPage, hub: Hub, way: Way): Promise<void> {
  const tookMs: number[] = [];
  do {
    await expectFollowing(log);
    await way.leave(log);
    if (!way.isFollowing) await frozen(log);
    tookMs.push(await newestAfter(log, hub, () => way.back(log)));
  } while (Math.min(...tookMs) > waitMaxMs && tookMs.length < triesMax);
  expect(Math.min(...tookMs), `milliseconds: ${tookMs}`).toBeLessThanOrEqual(waitMaxMs);
}

/** Closes panels and dialogs. */
async function expectFollowing(log: LogPage): Promise<void> {
  const close = log.details.getByRole('button', { name: 'Close' });
  if (await close.isVisible()) await close.click();
  await expectFound(log.pause);
}

/**
 * Each device and each rate. Every way is tried in one case here, and in all cases by `npm run torture:web`.
 */
const looks = [
  ['desk', 200],
  ['phone', 5],
  ['phone', 0],
] as const;

for (const [turn, [device, perSecond]] of looks.entries()) {
  const viewport = widths[device];
  test(`[W2] ways back to following show the newest row at once: ${device}, ${perSecond} events/s`, async ({
    hub,
    machine,
  }) => {
    await hub.seed('red', earlier);
    const context = await machine({ viewport });
    const log = new LogPage(await context.newPage());
    await log.page.goto('/log');
    await expectSeen(log.row(earlier));
    const stream = new Stream(hub, 'blue', perSecond);
    try {
      for (const way of shareOf(ways, turn, looks.length)) {
        await test.step(way.name, () => expectNewest(log, hub, way));
      }
    } finally {
      await stream.stop();
    }
  });
}
