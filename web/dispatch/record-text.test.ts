import { expect, test } from 'vitest';
import type { CapsRecord } from '../../protocol/messages.ts';
import { oneLine } from '../app/lines.ts';
import { messages as arabic } from '../words/ar/log.ts';
import { messages as english } from '../words/en/log.ts';
import { formatsOf } from '../words/formats.ts';
import { detailText } from './record-text.ts';

const words = english(formatsOf('en'));

function detailsOf(event: string, details: Record<string, unknown>, said = words): string {
  // A newer hub may send other values.
  return detailText({ event, details } as CapsRecord, said, oneLine);
}

test('shows the details of an event in words', () => {
  expect(detailsOf('attempt-failed', { reason: 'not-home', text: 'no bell' })).toBe('nobody home, no bell');
  expect(detailsOf('delivered', { outcome: 'third-party', receivedBy: 'Vu' })).toBe(
    'to a neighbour, received by Vu',
  );
  expect(detailsOf('reassigned', { driver: 'ben' })).toBe('to ben');
  expect(detailsOf('corrected', { rev: 3 })).toBe('takes back a step');
  expect(detailsOf('in-transit', {})).toBe('');
  expect(detailsOf('seen', { rev: 3 })).toBe('');
  expect(detailsOf('proof', { kind: 'pin', text: 'wrong', rev: 3, tries: 2 })).toBe('PIN wrong');
  expect(detailsOf('proof', { kind: 'photo', blob: 'a1'.repeat(32), rev: 3 })).toBe('photo');
  expect(detailsOf('proof', { kind: 'scan', text: '4711', rev: 3 })).toBe('4711');
  expect(detailsOf('note', { text: 'no bridge', urgent: true })).toBe('no bridge, urgent');
  expect(detailsOf('amended', { address: '9 Elm Street', phone: null, rev: 1 })).toBe(
    '9 Elm Street, without phone',
  );
});

test('names the step that a correction takes back', () => {
  const record = (event: string, rev: number, details = {}) => ({ event, rev, details }) as CapsRecord;
  const life = [record('claimed', 2), record('reassigned', 3), record('corrected', 4, { rev: 3 })];
  const [, , correction] = life;
  expect(correction && detailText(correction, words, oneLine, life)).toBe('takes back “Reassigned”');
});

test('does not translate free text, even if it equals a word of ours', () => {
  const said = arabic(formatsOf('ar'));
  expect(detailsOf('attempt-failed', { reason: 'lost' }, said)).toBe('مفقود');
  expect(detailsOf('cancelled', { reason: 'lost' }, said)).toBe('\u2068lost\u2069');
});

test('writes out characters that reverse the direction, but not our own isolates', () => {
  const said = arabic(formatsOf('ar'));
  expect(detailsOf('note', { text: 'a\u202eb' }, said)).toBe('\u2068a\\u202eb\u2069');
});

test('shows unknown details by their names', () => {
  expect(detailsOf('delivered', { outcome: 'toString' })).toBe('toString');
  expect(detailsOf('attempt-failed', { reason: 'flood' })).toBe('flood');
  expect(detailsOf('weighed', { grams: 12 })).toBe('grams 12');
});
