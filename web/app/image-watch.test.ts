import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { watchImage } from './image-watch.ts';

const image = new Blob(['a photo']);
const minuteMs = 60_000;
let page: EventTarget & { hidden: boolean };
/** What the hub has. */
let there: Blob | undefined;
let asked: number;
let told: unknown[];
let end: () => void;

beforeEach(() => {
  vi.useFakeTimers();
  page = Object.assign(new EventTarget(), { hidden: false });
  vi.stubGlobal('document', page);
  [there, asked, told] = [undefined, 0, []];
});
afterEach(() => {
  end();
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

async function watch(load: () => Promise<Blob | undefined> = async () => there): Promise<void> {
  const counted = () => {
    asked += 1;
    return load();
  };
  end = watchImage({ load: counted, told: (one) => told.push(one) });
  await vi.advanceTimersByTimeAsync(0);
}
/** @returns how often the hub was asked in this time */
async function during(ms: number): Promise<number> {
  const before = asked;
  await vi.advanceTimersByTimeAsync(ms);
  return asked - before;
}
function show(isShown: boolean): void {
  page.hidden = !isShown;
  page.dispatchEvent(new Event('visibilitychange'));
}

it('an image that is there is asked for once', async () => {
  there = image;
  await watch();
  expect(await during(60 * minuteMs)).toBe(0);
  expect([asked, told]).toEqual([1, [image]]);
});

it('one that is still to come is looked for ever more rarely, once a minute at last, and shown when it is there', async () => {
  await watch();
  expect(told).toEqual(['coming']);
  const seconds = [9, 1, 19, 1, 39, 1, 59, 1, 59, 1];
  const found: number[] = [];
  for (const each of seconds) found.push(await during(each * 1_000));
  expect(found).toEqual([0, 1, 0, 1, 0, 1, 0, 1, 0, 1]);
  expect(await during(60 * minuteMs)).toBe(60);
  there = image;
  await during(minuteMs);
  expect(told.at(-1)).toBe(image);
  expect(await during(60 * minuteMs)).toBe(0);
});

it('nobody is asked while the page is hidden, and whoever comes back sees it at once', async () => {
  await watch();
  show(false);
  expect(await during(60 * minuteMs)).toBe(0);
  there = image;
  show(true);
  await during(0);
  expect([asked, told.at(-1)]).toEqual([2, image]);
});

it('who looks away and back again and again asks no more often', async () => {
  await watch();
  for (let i = 0; i < 9; i += 1) {
    show(false);
    show(true);
    expect(await during(1_000)).toBe(0);
  }
  expect(await during(1_000)).toBe(1);
});

it('what went wrong is said once; and after the end nothing is asked and nothing told', async () => {
  await watch(async () => {
    throw new Error('no network');
  });
  expect(await during(60 * minuteMs)).toBe(0);
  expect(told).toEqual(['failed']);
  await watch();
  end();
  show(false);
  show(true);
  expect(await during(60 * minuteMs)).toBe(0);
});
