import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { PageReader } from './page-reader.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function reading() {
  const asked: { page: number; signal: AbortSignal; end: (fails?: boolean) => void }[] = [];
  const came: number[] = [];
  const failed = vi.fn();
  const reader = new PageReader({
    read: (page, signal) =>
      new Promise((resolve, reject) => {
        asked.push({ page, signal, end: (fails) => (fails ? reject(new Error('no')) : resolve([])) });
      }),
    came: (page) => came.push(page),
    failed,
  });
  const pages = () => asked.map(({ page }) => page);
  return { reader, asked, pages, came, failed };
}

test('a drag over many pages reads only those where it stays', async () => {
  const { reader, asked, pages, came } = reading();
  reader.want([1]);
  await vi.advanceTimersByTimeAsync(0);
  for (let page = 2; page <= 50; page += 1) reader.want([page, page + 1]);
  await vi.advanceTimersByTimeAsync(100);
  expect(pages()).toEqual([1, 50, 51]);
  expect(asked.map(({ signal }) => signal.aborted)).toEqual([true, false, false]);
  for (const { end } of asked) end();
  await vi.advanceTimersByTimeAsync(0);
  expect(came).toEqual([50, 51]);
});

test('a failed page is not read again until retry', async () => {
  const { reader, asked, pages, failed } = reading();
  reader.want([7]);
  await vi.advanceTimersByTimeAsync(0);
  asked[0]?.end(true);
  await vi.advanceTimersByTimeAsync(0);
  expect(failed).toHaveBeenCalledOnce();
  reader.want([7]);
  await vi.advanceTimersByTimeAsync(500);
  expect(pages()).toEqual([7]);
  reader.retry();
  await vi.advanceTimersByTimeAsync(500);
  expect(pages()).toEqual([7, 7]);
});
