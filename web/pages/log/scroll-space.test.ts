import { expect, test } from 'vitest';
import {
  contentAfter,
  contentAt,
  contentEnd,
  elementMaxPx,
  elementPx,
  scrollTopFor,
} from './scroll-space.ts';

const rowPx = 28;
const small = { contentPx: 1_000 * rowPx, viewPx: 700 };
const huge = { contentPx: 10_000_000 * rowPx, viewPx: 700 };

test('content that a browser can draw is not stretched', () => {
  expect(elementPx(small)).toBe(28_000);
  for (const top of [0, 1, 13_000, 27_300]) {
    expect(contentAt(small, top)).toBe(top);
    expect(scrollTopFor(small, top)).toBe(top);
  }
});

test('ten million rows can be scrolled, and both mappings are inverse', () => {
  expect(elementPx(huge)).toBe(elementMaxPx);
  expect(contentAt(huge, 0)).toBe(0);
  expect(contentAt(huge, elementMaxPx - 700)).toBe(contentEnd(huge));
  let before = -1;
  for (let top = 0; top <= contentEnd(huge); top += contentEnd(huge) / 997) {
    const scrollTop = scrollTopFor(huge, top);
    expect(contentAt(huge, scrollTop)).toBeCloseTo(top, 3);
    expect(scrollTop).toBeGreaterThan(before);
    before = scrollTop;
  }
});

test('a wheel moves stretched content pixel by pixel, a drag of the scrollbar moves it further', () => {
  const middle = { scrollTop: 8_000_000, contentTop: contentAt(huge, 8_000_000) };
  expect(contentAfter(huge, middle, 8_000_100)).toBe(middle.contentTop + 100);
  expect(contentAfter(huge, middle, 12_000_000)).toBe(contentAt(huge, 12_000_000));
  expect(contentAfter(huge, { scrollTop: 50, contentTop: 10 }, 0)).toBe(0);
});
