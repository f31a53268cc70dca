import { describe, expect, it } from 'vitest';
import { momentsIn } from './moments.ts';

const { text: momentText, whole: wholeMomentText } = momentsIn('en', (day, time) => `${day}, ${time}`);
const now = new Date(2026, 10, 20, 18, 3);
const time = (moment: Date) => moment.toLocaleTimeString(undefined, { hour: 'numeric', minute: '2-digit' });

describe('momentText', () => {
  it.each<[Date, string]>([
    [new Date(2026, 10, 20, 0, 0), ''],
    [new Date(2026, 10, 20, 23, 59), ''],
    [new Date(2026, 10, 19, 23, 59), 'yesterday, '],
    [new Date(2026, 10, 21, 0, 0), 'tomorrow, '],
    [new Date(2026, 10, 18, 18, 3), 'Wed 18 Nov, '],
    [new Date(2026, 0, 1, 12, 0), 'Thu 1 Jan, '],
    [new Date(2025, 10, 20, 18, 3), '20 Nov 2025, '],
  ])('%s', (at, before) => expect(momentText(at, now)).toBe(before + time(at)));

  it('counts days of 23 and 25 hours as days', () => {
    for (let day = 1; day < 366; day += 1) {
      const noon = new Date(2026, 0, day, 12);
      expect(momentText(new Date(2026, 0, day - 1, 0, 30), noon)).toMatch(/^yesterday, /);
    }
  });

  it('shows day and time in full', () => {
    expect(wholeMomentText(now)).toMatch(/Friday.*20 November 2026.*18:03:00/);
  });
});

it('uses the language of the page and the digits of the reader’s region', () => {
  const german = momentsIn('de', (day, time) => `${day}, ${time}`);
  expect(german.text(new Date(2026, 10, 19, 23, 59), now)).toBe('gestern, 23:59');
  const arabic = momentsIn('ar', (day, time) => `${day}، ${time}`, ['en-US', 'ar-EG']);
  expect(arabic.text(new Date(2026, 10, 21, 9, 5), now)).toMatch(/^غدًا، ٩:٠٥/);
});
