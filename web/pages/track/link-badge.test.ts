import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { LinkBadge } from './link-badge.ts';
import { linkWordsOf } from './link-words.ts';
import { momentsIn } from './moments.ts';

const words = linkWordsOf(
  JSON.stringify({
    connecting: 'Connecting…',
    live: 'Live',
    back: 'Back',
    onDay: '{day}, {time}',
    offline: 'As of {time}. Offline',
    lost: 'As of {time}. Reconnecting in {seconds} s',
  }),
);
const moments = momentsIn('en', (day, time) => words.say('onDay', { day, time }));

let shown: string | undefined;
let badge: LinkBadge;
let start: Date;

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('navigator', { onLine: true });
  start = new Date();
  shown = undefined;
  badge = new LinkBadge(
    (_kind, text) => {
      shown = text;
    },
    words,
    moments,
  );
  badge.trying();
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const asOf = () => `As of ${moments.text(start, new Date())}.`;

test('shows neither a quick start nor a short interruption', () => {
  vi.advanceTimersByTime(300);
  expect(shown).toBeUndefined();
  badge.heard();
  expect(shown).toBe('Live');
  badge.failed(300);
  vi.advanceTimersByTime(300);
  badge.trying();
  badge.heard();
  vi.advanceTimersByTime(5_000);
  expect(shown).toBe('Live');
});

test('shows “connecting” if it starts slowly', () => {
  vi.advanceTimersByTime(400);
  expect(shown).toBe('Connecting…');
  badge.heard();
  expect(shown).toBe('Live');
});

test('counts down to the next attempt, and shows for three seconds that it is back', () => {
  badge.heard();
  badge.failed(3_000);
  vi.advanceTimersByTime(400);
  expect(shown).toBe(`${asOf()} Reconnecting in 3 s`);
  vi.advanceTimersByTime(2_000);
  expect(shown).toBe(`${asOf()} Reconnecting in 1 s`);
  badge.heard();
  expect(shown).toBe('Back');
  badge.heard();
  vi.advanceTimersByTime(2_900);
  expect(shown).toBe('Back');
  vi.advanceTimersByTime(200);
  expect(shown).toBe('Live');
});

test('shows “offline” without a network', () => {
  badge.heard();
  vi.stubGlobal('navigator', { onLine: false });
  badge.failed(3_000);
  vi.advanceTimersByTime(400);
  expect(shown).toBe(`${asOf()} Offline`);
});
