import { describe, expect, it } from 'vitest';
import { asDay, dayIn, dayRange, nextDay, zonedText, zoneOr } from './zoned-day.ts';

const hours = (zone: string, day: string): number => {
  const { from, to } = dayRange(zone, day);
  return (to - from) / 3_600_000;
};
const start = (zone: string, day: string): string => new Date(dayRange(zone, day).from).toISOString();

describe('a day in a zone', () => {
  it.each([
    ['Europe/Berlin', '2026-11-30', 24, '2026-11-29T23:00:00.000Z'],
    ['Europe/Berlin', '2026-03-29', 23, '2026-03-28T23:00:00.000Z'],
    ['Europe/Berlin', '2026-10-25', 25, '2026-10-24T22:00:00.000Z'],
    ['Australia/Lord_Howe', '2026-04-05', 24.5, '2026-04-04T13:00:00.000Z'],
    ['Pacific/Kiritimati', '2026-11-30', 24, '2026-11-29T10:00:00.000Z'],
    // Its clocks went from midnight to one.
    ['America/Sao_Paulo', '2018-11-04', 23, '2018-11-04T03:00:00.000Z'],
    // Its calendar left this day out.
    ['Pacific/Apia', '2011-12-30', 0, '2011-12-30T10:00:00.000Z'],
    ['UTC', '2028-02-29', 24, '2028-02-29T00:00:00.000Z'],
  ])('%s, %s has %s hours and begins at %s', (zone, day, length, begin) => {
    expect(hours(zone, day)).toBe(length);
    expect(start(zone, day)).toBe(begin);
  });

  it('follows the day before without a gap, all year', () => {
    let end: number | undefined;
    for (let day = '2026-01-01'; day < '2027-01-01'; day = nextDay(day, 1)) {
      const { from, to } = dayRange('America/New_York', day);
      expect([day, end ?? from]).toEqual([day, from]);
      expect([dayIn('America/New_York', from), dayIn('America/New_York', to - 1)]).toEqual([day, day]);
      end = to;
    }
  });
});

it('tells a moment by the clocks of the zone, once for each of the two hours that they show twice', () => {
  expect(zonedText('Europe/Berlin', '2026-10-25T00:30:00.123Z')).toBe('2026-10-25T02:30:00+02:00');
  expect(zonedText('Europe/Berlin', '2026-10-25T01:30:00Z')).toBe('2026-10-25T02:30:00+01:00');
  expect(zonedText('America/St_Johns', '2026-01-01T00:00:00Z')).toBe('2025-12-31T20:30:00-03:30');
  for (const zone of ['Asia/Kathmandu', 'America/St_Johns', 'UTC']) {
    const at = '2026-11-30T12:34:56Z';
    expect(Date.parse(zonedText(zone, at))).toBe(Date.parse(at));
  }
});

it('takes days of the calendar only, and the browser’s own zone where the shop has none that it knows', () => {
  expect(asDay('2026-11-30')).toBe('2026-11-30');
  for (const text of ['2026-02-30', '2026-11-30T10:00', 'today', '', null, undefined]) {
    expect(asDay(text)).toBeUndefined();
  }
  expect(zoneOr('Europe/Berlin')).toBe('Europe/Berlin');
  const own = new Intl.DateTimeFormat().resolvedOptions().timeZone;
  for (const zone of [undefined, '', 'Mars/Olympus']) expect(zoneOr(zone)).toBe(own);
});
