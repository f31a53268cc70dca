import { describe, expect, it } from 'vitest';
import { failReasons, outcomes, type Status, statuses } from '../../../protocol/events.ts';
import type { Profile } from '../../../protocol/profile.ts';
import { html } from '../../edge/html.ts';
import type { Journey } from './journey.ts';
import { filled, trackPageOf, unknownPage } from './page.ts';
import { wordsFor, wordsOf } from './page-words.ts';

const shell =
  '<title><!--title--></title><h6><!--shop--></h6><main><!--state--></main><script src="/a.js"></script>';

const usual: Journey = {
  ...{ store: 'red', orderID: '1042', customer: 'Hulda', address: '835 Meluk Pass', status: 'in-transit' },
  driver: 'Ana',
  steps: [
    { name: 'ordered', state: 'done', at: '2026-11-20T18:00:00.000Z' },
    { name: 'assigned', state: 'done', at: '2026-11-20T18:01:00.000Z' },
    { name: 'picked-up', state: 'current', at: '2026-11-20T18:02:00.000Z' },
    { name: 'delivered', state: 'coming', at: undefined },
  ],
  ...{ attempts: [], attemptsInAll: 0, due: undefined, opensAt: undefined },
  said: { by: 'driver', outcome: undefined, receivedBy: undefined, reason: undefined },
  photos: [],
};

const attempt = { at: '2026-11-20T18:03:00.000Z', reason: 'not-home', text: undefined } as const;

function pageOf(more: Partial<Journey> = {}, usualMinutes?: number, profile: Profile = {}): string {
  return filled(shell, trackPageOf({ ...usual, ...more }, usualMinutes, profile));
}

/** What a reader sees, without its markup. */
function read(page: string): string {
  return page
    .replace(/<title>.*<\/title>|<svg.*?<\/svg>/gs, '')
    .replace(/<\/?(bdi|q|span|time)\b[^>]*>/g, '')
    .replace(/<[^>]*>|&nbsp;/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
}

it.each<[Profile, string]>([
  [{ phone: '+1 206 555-0199' }, 'Questions? Call red: +1 206 555-0199.'],
  [{ email: 'zoe@a.example' }, 'Questions? Write to red: zoe@a.example.'],
  [
    { name: 'Zoë’s', phone: '5550199', email: 'zoe@a.example', hours: 'Mon–Sat 9–18' },
    'Questions? Call Zoë’s: 5550199, or write to zoe@a.example. Mon–Sat 9–18',
  ],
  [{ phone: '5550199', told: 'We ring twice.' }, 'We ring twice. Questions? Call red: 5550199.'],
])('says whom to ask, where the shop has said it: %j', (profile, words) => {
  expect(read(pageOf({}, undefined, profile)).replace(/ (?=[,.])/g, '')).toContain(words);
  expect(read(pageOf())).not.toContain('Questions?');
});

it('shows what the shop tells, and its hours, where it says no way to reach it', () => {
  const page = read(pageOf({}, undefined, { told: 'We ring twice.', hours: 'Mon–Sat 9–18' }));
  expect(page).toContain('We ring twice. Mon–Sat 9–18');
  expect(page).not.toContain('Questions?');
});

it.each(['returning', 'returned', 'cancelled'] as const)(
  'tells nothing of how it is brought when it is %s',
  (status) => {
    const page = read(pageOf({ status }, undefined, { told: 'We ring twice.', phone: '5550199' }));
    expect(page).not.toContain('We ring twice.');
    expect(page).toContain('5550199');
  },
);

it('[S1] what a shop says of itself is text, and calls nobody but by phone and mail', () => {
  const text = '"><script>alert(1)</script>';
  const page = pageOf({}, undefined, {
    name: text,
    phone: text,
    email: text,
    address: text,
    hours: text,
    told: text,
  });
  expect(page.match(/<script/g)).toHaveLength(1);
  expect(page.match(/href="[^"]*"/g)).toEqual(['href="tel:1"', `href="mailto:${encodeURIComponent(text)}"`]);
});

describe('[S1] whatever people write is text', () => {
  const corpus = [
    '<script>alert(1)</script>',
    '<img src=x onerror=alert(1)>',
    '"><svg/onload=alert(1)>',
    "' onmouseover='alert(1)",
    '</title><script>alert(1)</script>',
    '</main><base href=//evil.example>',
    '<!--state--><!--title-->',
    '--><script>',
    "$& $` $' $1 $<a>",
    '&lt;script&gt; &amp;',
    '<a href="javascript:alert(1)">x</a>',
    '<style>*{display:none}</style><meta http-equiv=refresh content="0;url=//evil.example">',
    '\u0000<\u0000script>',
    '{{7*7}} <%= 7 %>',
  ];
  /** The tags of a page whose people are harmless: no text may add one. */
  const tagsOf = (page: string) => page.match(/<[!/a-z][^<>]*>/gi)?.map((tag) => tag.replace(/\s+/g, ' '));
  const everywhere = (text: string, status: Status): Partial<Journey> => ({
    ...{ store: text, orderID: text, customer: text, address: text, driver: text, status },
    attempts: [{ ...attempt, text }],
    attemptsInAll: 9,
    said: { by: 'shop', outcome: 'third-party', receivedBy: text, reason: text },
    steps: [...usual.steps, { name: 'tried', state: 'done', at: undefined }],
  });

  it.each(corpus)('%s', (text) => {
    for (const status of statuses) {
      const page = pageOf(everywhere(text, status), 40);
      expect(tagsOf(page)).toEqual(tagsOf(pageOf(everywhere('x', status), 40)));
      expect(page).toContain(html`${text}`.text);
    }
  });
});

describe('a page says what now, and what comes next', () => {
  it.each<[string, Partial<Journey>, ...(string | RegExp)[]]>([
    ['ready', { status: 'ready' }, 'Ready', 'red has your order ready', 'a driver takes it on'],
    ['claimed', { status: 'claimed' }, 'Claimed', 'Ana will pick up your order', 'it leaves red'],
    ['in transit', {}, 'In transit', 'Ana picked up your order', 'on its way to you'],
    ['in transit', { attempts: [attempt], attemptsInAll: 1 }, 'Ana is trying again'],
    ['delivered', { status: 'delivered' }, 'Ana delivered your order', 'It has arrived.'],
    [
      'failed',
      { status: 'failed', attempts: [attempt], attemptsInAll: 1 },
      'Ana could not deliver your order',
      'Nobody was home. Next, Ana tries again or takes it back to red.',
    ],
    ['returning', { status: 'returning' }, 'Your order is going back to red', 'red can tell you'],
    ['returned', { status: 'returned' }, 'Your order is back at red'],
    [
      'cancelled',
      { status: 'cancelled', said: { ...usual.said, by: 'shop', reason: 'Sold out' } },
      ...['Your order was cancelled', 'red called it off. The reason: Sold out. red can tell you more.'],
    ],
    [
      'cancelled',
      { status: 'cancelled', said: { ...usual.said, by: 'dispatch' } },
      'The delivery was called off.',
    ],
  ])('%s', (word, more, ...words) => {
    const page = pageOf(more);
    expect(page).toContain(`<title>Order 1042: ${word}</title>`);
    for (const said of words) expect(read(page)).toMatch(said);
  });

  it('a driver without a name is yours', () => {
    const more = { driver: undefined, attempts: [attempt], attemptsInAll: 1, status: 'failed' } as const;
    expect(read(pageOf(more))).toMatch(/Your driver could not .* Next, your driver tries again/);
    expect(read(pageOf(more))).not.toContain('undefined');
  });

  it.each(outcomes)('how it was delivered: %s', (outcome) => {
    const said = { ...usual.said, outcome };
    const words = read(pageOf({ status: 'delivered', said }));
    expect(words).toMatch(/handed over|safe place|mailbox|arrived/);
    expect(read(pageOf({ status: 'delivered', said: { ...said, receivedBy: 'Mr Lee' } }))).toMatch(
      outcome === 'safe-place' || outcome === 'mailbox'
        ? /safe place|mailbox/
        : outcome === 'third-party'
          ? 'handed over to a neighbour, Mr Lee.'
          : 'handed over to Mr Lee.',
    );
  });

  it.each(failReasons)('why it failed, in words: %s', (reason) => {
    const words = read(pageOf({ status: 'failed', attempts: [{ ...attempt, reason }], attemptsInAll: 1 }));
    expect(words).toMatch(/could not deliver your order [A-Z][\w ]+\. /);
    expect(words).not.toMatch(/-home|-access|wrong-/);
    const isOver = reason === 'lost' || reason === 'damaged';
    expect(words).toMatch(isOver ? /red can tell you how it goes on/ : /Ana tries again/);
  });

  it('by when', () => {
    const at = '2026-11-20T18:30:00.000Z';
    const time = `<time datetime="${at}">20 Nov, 18:30 UTC</time>`;
    expect(pageOf({ due: { at, isLate: false } }, 40)).toContain(`Due by ${time}`);
    const opensAt = '2026-11-20T17:00:00.000Z';
    const opens = `<time datetime="${opensAt}">20 Nov, 17:00 UTC</time>`;
    expect(pageOf({ due: { at, isLate: false }, opensAt })).toContain(
      `It comes between ${opens} and ${time}.`,
    );
    expect(pageOf({ opensAt }, 40)).toContain(`It comes after ${opens}.`);
    const late = pageOf({ due: { at, isLate: true } });
    expect(late).toContain(`It was due by ${time}.`);
    expect(late).toContain('<title>Order 1042: in transit, late</title>');
    expect(read(late)).toContain('Late');
    expect(read(pageOf({}, 40))).toContain('Orders from red usually arrive within 40 min.');
    expect(read(pageOf({}, 150))).toContain('within 3 hours');
    expect(read(pageOf({}, 5_000))).toContain('within 4 days');
    expect(read(pageOf())).not.toContain('usually');
    for (const status of ['failed', 'returning', 'delivered', 'cancelled'] as const) {
      expect(read(pageOf({ status }, 40))).not.toContain('usually');
    }
  });

  it('each step with its time, and which one is now', () => {
    const page = pageOf();
    expect(read(page)).toContain(
      'Done: Ordered20 Nov, 18:00 UTC Done: Driver assigned20 Nov, 18:01 UTC Ana Now: Picked up20 Nov, 18:02 UTC To come: Delivered',
    );
    expect(page.match(/aria-current="step"/g)).toHaveLength(1);
  });
});

it('a page without an order names none, and has nothing to follow', () => {
  const page = filled(shell, unknownPage());
  expect(page).toContain('<title>No order here</title>');
  expect(page).toContain('There is no order behind this link.');
  expect(page).not.toMatch(/data-status|undefined|<!--/);
});

describe('in the language that the browser asks for', () => {
  const asked = (accepts: string, url = '/track/x') =>
    wordsFor(Object.assign(Object.create(null), { url, headers: { 'accept-language': accepts } })).language;

  it.each([
    ['de-AT,de;q=0.9,en;q=0.8', 'de'],
    ['fr-FR,ar;q=0.5,en;q=0.1', 'ar'],
    ['en;q=0.2, de;q=0.7', 'de'],
    ['fr', 'en'],
    ['', 'en'],
    ['*;q=0,;;q=x,-', 'en'],
  ])('%s: %s', (accepts, language) => expect(asked(accepts)).toBe(language));

  it('later states come in the language of the page', () => {
    expect(asked('en', '/track/x/live?language=ar')).toBe('ar');
    expect(asked('de', '/track/x/live?language=xx')).toBe('de');
  });

  const lateAt = '2026-11-20T18:30:00.000Z';
  const late = (language: 'de' | 'ar', locale: string) =>
    filled(
      `<html lang="en" dir="ltr">${shell}<!--try-now-->`,
      trackPageOf(
        { ...usual, due: { at: lateAt, isLate: true }, orderID: '<b>' },
        undefined,
        {},
        wordsOf(language, locale),
      ),
    );

  it('German', () => {
    const page = late('de', 'de');
    expect(page).toContain('<html lang="de" dir="ltr">');
    expect(page).toContain('<title>Bestellung &lt;b&gt;: Unterwegs, verspätet</title>');
    expect(read(page)).toContain(
      'Ana hat Ihre Bestellung abgeholt Sie sollte bis 20. Nov., 18:30 UTC ankommen.',
    );
    expect(page).toContain('Jetzt versuchen');
  });

  it('Arabic, from right to left and with the digits of where it is read', () => {
    const page = late('ar', 'ar-EG');
    expect(page).toContain('<html lang="ar" dir="rtl">');
    expect(page).toContain('<h1>استلم <bdi>Ana</bdi> طلبك</h1>');
    expect(page).toMatch(/٢٠ نوفمبر.*UTC/);
  });
});
