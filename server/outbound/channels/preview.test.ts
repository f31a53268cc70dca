/** What customers read on every way, of the same message. */

import { describe, expect, it } from 'vitest';
import { sampleMessage } from '../../../testkit/sample-message.ts';
import { languages } from '../../../web/words/language.ts';
import { type Message, messageKinds } from '../texts/message.ts';
import { parseTemplate } from '../texts/template.ts';
import { previewOf } from './preview.ts';

describe.each([...languages])('in every way in %s,', (language) => {
  it.each([...messageKinds])('%s has no gaps, whatever is missing', (kind) => {
    const { id, parcel, order, customer } = sampleMessage(kind);
    const message: Message = { ...{ id, parcel, kind, language, order, customer }, shop: { name: 'Red' } };
    for (const one of [message, { ...message, customer: ' ' }, sampleMessage(kind, language)]) {
      const { mail, sms, push } = previewOf(one);
      const texts = [mail.subject, mail.text, mail.html, sms.text, push.title, push.body];
      for (const text of texts) {
        expect(text).not.toMatch(/undefined|null|NaN|Invalid|\(\s*\)|\[\s*\]|\{\w*\}(?!\s*<)|\[object/);
        expect(text.trim()).not.toBe('');
      }
      expect(mail.text).not.toMatch(/ {2}|: *\n\n|\s[.,]/);
    }
  });
});

describe('a shop’s own words', () => {
  const source = {
    subject: '{shop}: {order}',
    text: '<b>Hi</b> {customer} & Co.\n\nIt comes {window}. Follow it: {link}\n<script>alert(1)</script>',
  };
  const result = parseTemplate(source);
  const template = result.ok ? result.template : undefined;
  const customer = '<i>Hulda</i>';
  const { mail, sms, push } = previewOf(sampleMessage('collected', 'en', { template, customer }));

  it('are on every way, and not the hub’s', () => {
    expect(mail.subject).toBe('Red Roses: 1042');
    expect(mail.text).toMatch(
      /^<b>Hi<\/b> <i>Hulda<\/i> & Co\.\n\nIt comes Tue 1 Dec, 14:00–16:00\. Follow it: https:/,
    );
    expect(sms.text).toContain(
      'It comes Tue 1 Dec, 14:00-16:00. Follow it: https://caps.example/track/trk_abc',
    );
    expect(push.title).toBe('Red Roses: 1042');
    // Which is opened by a tap.
    expect(push.body).toBe(
      '<b>Hi</b> <i>Hulda</i> & Co. It comes Tue 1 Dec, 14:00–16:00. <script>alert(1)</script>',
    );
    for (const text of [mail.text, sms.text, push.body]) expect(text).not.toContain('A driver has');
    expect(mail.html).not.toMatch(/Hello|A driver has/);
  });

  it('are no HTML, and have their link where they want it', () => {
    expect(mail.html).toContain('&lt;b&gt;Hi&lt;/b&gt; &lt;i&gt;Hulda&lt;/i&gt; &amp; Co.');
    expect(mail.html).not.toMatch(/<(b|i|script)>/);
    expect(mail.html.match(/href="https:\/\/caps\.example\/track\/trk_abc"/g)).toHaveLength(1);
    expect(mail.html).not.toContain('class="button"');
  });
});

it('a preview is what is sent: the page has what its links need', () => {
  const { mail } = previewOf(sampleMessage('delivered', 'ar'), 'https://caps.example/stop/abc');
  expect(mail.html).toContain('<html lang="ar" dir="rtl">');
  expect(mail.html).toContain('<a class="button" href="https://caps.example/track/trk_abc#proof">');
  expect(mail.html).toContain('<a class="phone" dir="ltr" href="tel:+4930123456">+49 30 123456</a>');
  expect(mail.html).toContain('<a href="https://caps.example/stop/abc">');
  const without = previewOf(sampleMessage('delivered', 'en', { proof: undefined, link: 'javascript:1' }));
  expect(without.mail.html).not.toContain('class="button"');
});
