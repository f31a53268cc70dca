import { beforeEach, expect, it, vi } from 'vitest';

let spoken: typeof import('./spoken.ts');
beforeEach(async () => {
  vi.resetModules();
  spoken = await import('./spoken.ts');
  spoken.speak('de', 'de');
});

const inEnglish = () => 'Close';
const german = { messages: () => 'Schließen' };
const arabic = async () => ({ messages: () => 'إغلاق' });

it('shows a text in English until the words of the page’s language are loaded', async () => {
  const close = spoken.wordsOf(inEnglish, { de: async () => german, ar: arabic });
  expect(close()).toBe('Close');
  expect(await spoken.loadWords()).toBe(true);
  expect(close()).toBe('Schließen');
});

it('loads the other words though one file is missing, and that file with the next call', async () => {
  const load = vi.fn(async () => german).mockRejectedValueOnce(new TypeError('Failed to fetch'));
  const missing = spoken.wordsOf(inEnglish, { de: load, ar: arabic });
  const close = spoken.wordsOf(inEnglish, { de: async () => german, ar: arabic });
  expect(await spoken.loadWords()).toBe(false);
  expect([missing(), close()]).toEqual(['Close', 'Schließen']);
  expect(await spoken.loadWords()).toBe(true);
  expect(missing()).toBe('Schließen');
});

it('loads no file if the page is in English', async () => {
  const load = vi.fn(async () => german);
  const close = spoken.wordsOf(inEnglish, { de: load, ar: load });
  spoken.speak('en', 'en-GB');
  expect(await spoken.loadWords()).toBe(true);
  expect([close(), load.mock.calls.length]).toEqual(['Close', 0]);
});
