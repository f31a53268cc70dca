import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { speak } from '../words/spoken.ts';
import { dateFormat, events, perSecond, span } from './numbers.ts';

afterEach(() => speak('en', 'en-US'));

test('shows a duration in one unit', () => {
  const second = 1_000;
  const minute = 60 * second;
  const hour = 60 * minute;
  expect([-5 * second, 0, 999].map(span)).toEqual(['now', 'now', 'now']);
  expect([second, 59 * second].map(span)).toEqual(['1 s', '59 s']);
  expect([minute, 59 * minute].map(span)).toEqual(['1 min', '59 min']);
  expect([hour, 47 * hour, 48 * hour].map(span)).toEqual(['1 h', '47 h', '2 d']);
});

test('formats rates and counts', () => {
  expect([0, 0.44, 9.96, 2_014.4].map(perSecond)).toEqual(['0/s', '0.4/s', '10/s', '2,014/s']);
  expect([1, 214, 12_408].map(events)).toEqual(['1 event', '214 events', '12,408 events']);
});

test.each([
  ['en-US', /^8:05\sPM$/],
  ['en-GB', /^20:05$/],
])('writes a time of day as %s does', (locale, text) => {
  speak('en', locale);
  const format = dateFormat({ hour: '2-digit', minute: '2-digit', timeZone: 'UTC' });
  expect(format().format(Date.UTC(2026, 0, 1, 20, 5))).toMatch(text);
});

/** A plural made by hand, which works in English alone. */
const ownPlural = /\?\s*(''\s*:\s*'s'|'s'\s*:)|=== 1\s*\?\s*['"`](1|[^'"`]* 1) /;

test('no page makes its own plurals', () => {
  const bad = ["n === 1 ? '1 order' : many", "n > 1 ? 's' : ''"];
  expect(bad.filter((code) => ownPlural.test(code))).toEqual(bad);
  const folder = join(import.meta.dirname, '..');
  const sources = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
    /(?<!\.test)\.tsx?$/.test(name),
  );
  expect(sources.filter((name) => ownPlural.test(readFileSync(join(folder, name), 'utf8')))).toEqual([]);
});
