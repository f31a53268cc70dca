import { describe, expect, it } from 'vitest';
import { sampleMessage } from '../../../testkit/sample-message.ts';
import type { Message } from './message.ts';
import { newsOf } from './news.ts';
import { fillTemplate, parseTemplate, plainText, type Template } from './template.ts';

function templateOf(text: string, subject?: string): Template {
  const result = parseTemplate({ text, subject });
  if (!result.ok) throw new Error(result.problems.map(({ message }) => message).join(' '));
  return result.template;
}

const bare: Partial<Message> = {
  ...{ window: undefined, usualMinutes: undefined, link: undefined },
  shop: { name: 'Red Roses' },
};
/** What a customer reads of a shop's words. */
function read(text: string, more: Partial<Message> = {}): string {
  const { lines } = newsOf(sampleMessage('collected', 'en', { template: templateOf(text), ...more }));
  return lines.map(plainText).join('\n');
}

it('every placeholder is filled', () => {
  const text =
    'Hi {customer}, {order} of { Shop } comes {window}. {link}\nQuestions? {phone}\nBecause: {reason}.';
  const template = templateOf(text, '{shop}: {order}');
  const news = newsOf(sampleMessage('failed', 'en', { template }));
  expect(news.lines.map(plainText)).toEqual([
    'Hi Hulda Parker, 1042 of Red Roses comes Wed 2 Dec, 09:00–12:00. https://caps.example/track/trk_abc',
    'Questions? +49 30 123456',
    'Because: Nobody was home.',
  ]);
  expect(news.subject).toBe('Red Roses: 1042');
});

describe('what is missing takes its sentence along, and no more:', () => {
  it.each([
    ['It comes {window}. Thank you, {customer}!', 'Thank you, Hulda Parker!'],
    ['Order {order}. {link}', 'Order 1042.'],
    ['Order {order} ({window})', 'Order 1042'],
    ['Order {order} [see {link}], thank you.', 'Order 1042, thank you.'],
    ['Order {order} (paid) is on its way.', 'Order 1042 (paid) is on its way.'],
    ['Hello {customer}.\nCall us, Tel. {phone}\nBye.', 'Hello Hulda Parker.\nBye.'],
    ['First.\n\n{window}\n\nLast.', 'First.\n\nLast.'],
    ['It comes at ca. noon. Follow it: {link}.', 'It comes at ca. noon.'],
    ['(Window: {window}) Bye', 'Bye'],
  ])('%s', (text, expected) => expect(read(text, bare)).toBe(expected));

  it('and without any sentence left, the hub says its own', () => {
    expect(read('It comes {window}: {link}', bare)).toBe('A driver has collected it from us.');
    const template = templateOf('Hello', 'Comes {window}');
    const { subject } = newsOf(sampleMessage('collected', 'en', { ...bare, template }));
    expect(subject).toBe('Your order 1042 from Red Roses is on its way');
  });
});

it('values are no templates, and no HTML', () => {
  expect(read('Hi {customer}', { customer: '{phone} <b>\n\r$&' })).toBe('Hi {phone} <b> $&');
});

describe('a mistake is told to the shop:', () => {
  it.each([
    ['', '', ['The text is empty.']],
    [
      'Hi {custmer}, {PIN} {}',
      '',
      [
        'The text has {custmer}, {pin}, {}. Known are {customer}, {shop}, {order}, {window}, {link}, {reason}, {phone}.',
      ],
    ],
    ['Hi {customer', '', ['The text has a "{" that belongs to no placeholder.']],
    ['Hi {{customer}}', '', ['The text has a "{" that belongs to no placeholder.']],
    ['Hi', '{name}', [expect.stringContaining('The subject has {name}.')]],
    ['a'.repeat(501), '', ['The text has 501 characters; 500 are the limit.']],
    ['Hi', 'a'.repeat(101), ['The subject has 101 characters; 100 are the limit.']],
    ['Hi', 'a\nBcc: b', [expect.stringMatching(/^The subject has U\+000A, a line break/)]],
    ['Hi \u202e', '', [expect.stringMatching(/^The text has/)]],
  ])('%j %j', (text, subject, messages) => {
    const result = parseTemplate({ text, subject });
    expect(result.ok ? [] : result.problems.map(({ message }) => message)).toEqual(messages);
  });

  it('with the names that nobody knows', () => {
    const result = parseTemplate({ text: '{a} {shop} {B} {a}' });
    expect(result).toMatchObject({ problems: [{ code: 'unknown-placeholder', names: ['a', 'b'] }] });
  });
});

it('a template of 500 characters is filled at once, whatever it is made of', () => {
  const all = { customer: 'a', shop: 'a', order: 'a', window: undefined, link: '', reason: '', phone: '' };
  for (const part of ['(', '[', '. ', '{shop}', '({window}', '.) ', 'tel. ']) {
    const template = templateOf(part.repeat(500).slice(0, 500 - (500 % part.length)));
    const before = process.cpuUsage().user;
    fillTemplate(template, all);
    expect(process.cpuUsage().user - before).toBeLessThan(200_000);
  }
});
