import { describe, expect, it } from 'vitest';
import { sampleMessage } from '../../../testkit/sample-message.ts';
import type { Message } from './message.ts';
import { newsOf } from './news.ts';
import { plainText } from './template.ts';

/** The body without its addresses. */
function said(message: Message): string {
  return newsOf(message).lines.map(plainText).join('\n');
}

describe('in English', () => {
  it.each([
    [
      'announced',
      {},
      'A driver will collect it from us and bring it to you. Planned for Tue 1 Dec, 14:00–16:00.',
    ],
    [
      'collected',
      { window: undefined },
      'A driver has collected it from us. It usually arrives within 40 min.',
    ],
    ['next', {}, 'Yours is the driver’s next stop.'],
    ['late', {}, 'We are sorry. It is still coming. It was due by Tue 1 Dec, 16:00.'],
    ['failed', {}, 'Nobody was home. Next try: Wed 2 Dec, 09:00–12:00.'],
    ['failed', { nextTry: {} }, 'Nobody was home. We will try again.'],
    [
      'failed',
      { nextTry: 'back' },
      'Nobody was home. It is coming back to us. We can tell you how to get it after all.',
    ],
    [
      'failed',
      { nextTry: undefined, reason: { code: 'other', text: 'The lift\nis broken' } },
      'The lift is broken.',
    ],
    ['failed', { nextTry: undefined, reason: undefined }, 'Something came in between.'],
    ['delivered', {}, 'It was handed over to a neighbour, Ben Ali.'],
    ['delivered', { outcome: undefined }, 'It has arrived.'],
    ['delivered', { outcome: { how: 'mailbox' } }, 'It is in the mailbox.'],
  ] as const)('%s %j', (kind, more, text) => {
    expect(said(sampleMessage(kind, 'en', more))).toBe(text);
  });
});

it('in German', () => {
  const { subject, lines } = newsOf(sampleMessage('late', 'de'));
  expect(subject).toBe('Ihre Bestellung 1042 bei Red Roses verspätet sich');
  expect(lines.map(plainText)).toEqual([
    'Das tut uns leid. Die Bestellung kommt noch. Sie sollte bis Di., 1. Dez., 16:00 ankommen.',
  ]);
});

it('in Arabic, with names that keep their direction', () => {
  const { subject, direction } = newsOf(sampleMessage('collected', 'ar'));
  expect(direction).toBe('rtl');
  expect(subject).toBe('طلبك \u20681042\u2069 من \u2068Red Roses\u2069 في الطريق');
});

describe('times', () => {
  const at = (timeZone: string | undefined, window: Message['window']) =>
    said(sampleMessage('announced', 'en', { window, shop: { name: 'Red', timeZone } })).slice(54);

  it.each([
    ['Asia/Tokyo', { dueAt: '2026-12-01T15:00:00Z' }, 'Planned by Wed 2 Dec, 00:00.'],
    [undefined, { dueAt: '2026-12-01T15:00:00Z' }, 'Planned by Tue 1 Dec, 15:00 UTC.'],
    ['Mars/Base', { notBefore: '2026-12-01T15:00:00Z' }, 'Planned after Tue 1 Dec, 15:00 UTC.'],
    // The night in which clocks are set back.
    [
      'Europe/Berlin',
      { notBefore: '2026-10-25T00:30:00Z', dueAt: '2026-10-25T01:30:00Z' },
      'Planned for Sun 25 Oct, 02:30.',
    ],
    ['Europe/Berlin', { notBefore: 'soon', dueAt: 'later' }, 'It usually arrives within 40 min.'],
  ])('in %s %j', (zone, window, text) => expect(at(zone, window).trim()).toBe(text));

  it.each([
    [90, '90 min'],
    [91, '2 hours'],
    [2_881, '3 days'],
    [0, undefined],
    [Number.NaN, undefined],
    [1e9, undefined],
  ])('%d minutes are %s', (usualMinutes, span) => {
    const text = said(sampleMessage('collected', 'en', { window: {}, usualMinutes }));
    if (span === undefined) expect(text).toBe('A driver has collected it from us.');
    else expect(text).toContain(`It usually arrives within ${span}.`);
  });
});

it('a name of a megabyte, and one with orders to readers of text', () => {
  const customer = `a\u202e\u0000${'b'.repeat(1_000_000)}`;
  const news = newsOf(sampleMessage('collected', 'en', { customer, order: 'x'.repeat(200) }));
  expect(news.customer).toMatch(/^a b{57}…$/);
  expect(news.subject.length).toBeLessThan(200);
});

it('only addresses of the web become links', () => {
  for (const link of ['javascript:alert(1)', 'nothing', `https://a/${'b'.repeat(500)}`]) {
    const news = newsOf(sampleMessage('delivered', 'en', { link, proof: link }));
    expect(news).toMatchObject({ link: undefined, proof: undefined });
  }
});
