import { expect, it } from 'vitest';
import { mailLink, phoneLink } from './contact-links.ts';

it('an address leads to a letter to it alone, and a number to a call', () => {
  expect(mailLink('zoe@flowers.example')).toBe('mailto:zoe@flowers.example');
  expect(mailLink('zoe+door@flowers.example')).toBe('mailto:zoe%2Bdoor@flowers.example');
  expect(mailLink('zoe?cc=all@evil.example&bcc=x@flowers.example')).toBe(
    'mailto:zoe%3Fcc%3Dall%40evil.example%26bcc%3Dx@flowers.example',
  );
  expect(phoneLink('+49 (30) 123-456')).toBe('tel:+4930123456');
});
