import { describe, expect, it } from 'vitest';
import { sampleMessage } from '../../../testkit/sample-message.ts';
import { languages } from '../../../web/words/language.ts';
import { messageKinds } from './message.ts';
import { newsOf } from './news.ts';
import { measureSms, segmentsMax, smsOf } from './sms-text.ts';
import { parseTemplate } from './template.ts';

describe('segments are counted as networks count them:', () => {
  it.each([
    ['a', 160, 'gsm-7', 1],
    ['a', 161, 'gsm-7', 2],
    ['a', 306, 'gsm-7', 2],
    ['a', 307, 'gsm-7', 3],
    ['€', 80, 'gsm-7', 1],
    ['€', 81, 'gsm-7', 2],
    ['ü', 160, 'gsm-7', 1],
    ['ع', 70, 'ucs-2', 1],
    ['ع', 71, 'ucs-2', 2],
    ['ع', 134, 'ucs-2', 2],
    ['ع', 135, 'ucs-2', 3],
    ['😀', 35, 'ucs-2', 1],
    ['😀', 36, 'ucs-2', 2],
    // Looks like a letter of the alphabet, and is none.
    ['`', 71, 'ucs-2', 2],
  ] as const)('%s, %i times', (sign, times, encoding, segments) => {
    expect(measureSms(sign.repeat(times))).toMatchObject({ encoding, segments });
  });
});

describe.each([...languages])('in %s,', (language) => {
  it.each([...messageKinds])('%s fits, with its link whole', (kind) => {
    const { text, segments } = smsOf(newsOf(sampleMessage(kind, language)));
    expect(segments).toBeLessThanOrEqual(segmentsMax);
    expect(text).toContain('https://caps.example/track/trk_abc');
    expect(text).not.toMatch(/[\u2066-\u2069]/);
  });
});

it('English and German stay in the small alphabet', () => {
  for (const kind of messageKinds) {
    expect(smsOf(newsOf(sampleMessage(kind, 'en')))).toMatchObject({ encoding: 'gsm-7' });
    expect(smsOf(newsOf(sampleMessage(kind, 'de')))).toMatchObject({ encoding: 'gsm-7' });
  }
});

it.each([
  ['{shop}: {link} ', 'é'],
  ['{link} ', '👩‍👩‍👧‍👦'],
  ['', 'ع'],
  ['', 'a'],
])('long words of a shop are cut before the link: %s%s', (start, sign) => {
  const result = parseTemplate({ text: `${start}${sign.repeat(Math.floor(470 / sign.length))} {link}` });
  const template = result.ok ? result.template : undefined;
  const link = `https://caps.example/track/trk_${'a'.repeat(40)}`;
  const { text, segments } = smsOf(newsOf(sampleMessage('collected', 'en', { template, link })));
  expect(template).toBeDefined();
  expect(text.endsWith(`... ${link}`)).toBe(true);
  expect(text.indexOf(link)).toBe(text.length - link.length);
  expect(text).not.toMatch(/\p{Cs}|\u200d(?!\p{Extended_Pictographic})/u);
  expect(segments).toBeLessThanOrEqual(segmentsMax);
  // As much as there is room for.
  expect(segments).toBe(segmentsMax);
});

it('says who writes, if the shop does not', () => {
  const named = (text: string) => {
    const result = parseTemplate({ text });
    const template = result.ok ? result.template : undefined;
    return smsOf(newsOf(sampleMessage('next', 'en', { template }))).text;
  };
  expect(named('We are coming.')).toBe('Red Roses: We are coming.');
  expect(named('{shop} is coming.')).toBe('Red Roses is coming.');
});
