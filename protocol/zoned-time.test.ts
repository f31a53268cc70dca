import { expect, test } from 'vitest';
import { localDayAt, localTimeAt, momentsAt } from './zoned-time.ts';

const iso = (moments: readonly number[]) => moments.map((moment) => new Date(moment).toISOString());

test.each([
  ['2026-11-30T14:30', 'Europe/Berlin', ['2026-11-30T13:30:00.000Z']],
  ['2026-07-30T14:30:05', 'Europe/Berlin', ['2026-07-30T12:30:05.000Z']],
  ['2026-11-30T00:00', 'Pacific/Apia', ['2026-11-29T11:00:00.000Z']],
  ['2026-11-30T23:30', 'America/Los_Angeles', ['2026-12-01T07:30:00.000Z']],
  ['2026-11-30T14:30', 'Asia/Kathmandu', ['2026-11-30T08:45:00.000Z']],
])('%s in %s', (local, zone, moments) => expect(iso(momentsAt(local, zone))).toEqual(moments));

test.each([
  ['Europe/Berlin', '2026-03-29T02:30'],
  ['America/New_York', '2026-03-08T02:00'],
  ['Australia/Lord_Howe', '2026-10-04T02:15'],
])('in %s no clock shows %s', (zone, local) => expect(momentsAt(local, zone)).toEqual([]));

test.each([
  ['Europe/Berlin', '2026-10-25T02:30', ['2026-10-25T00:30:00.000Z', '2026-10-25T01:30:00.000Z']],
  ['America/New_York', '2026-11-01T01:00', ['2026-11-01T05:00:00.000Z', '2026-11-01T06:00:00.000Z']],
])('in %s clocks show %s twice', (zone, local, moments) =>
  expect(iso(momentsAt(local, zone))).toEqual(moments),
);

test('a moment has a time and a day in each zone', () => {
  const moment = Date.parse('2026-10-25T22:59:59.999Z');
  expect(localTimeAt(moment, 'Europe/Berlin')).toBe('2026-10-25T23:59:59');
  expect(localDayAt(moment, 'Asia/Tokyo')).toBe('2026-10-26');
  expect(localTimeAt(Date.parse('2026-01-01T00:00:00Z'), 'UTC')).toBe('2026-01-01T00:00:00');
});
