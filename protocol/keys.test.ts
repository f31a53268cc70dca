import { describe, expect, it } from 'vitest';
import { keyIn } from './keys.ts';

const key = 'ven_Ab0_-6789012345678901234567890_-';
const admin = 'correct-horse--battery...staple';

describe('a key that was issued is found', () => {
  it.each([
    ['as it is', key],
    ['between blanks and line breaks', `\r\n  ${key}\t\n`],
    ['broken over two lines', `${key.slice(0, 20)}\n  ${key.slice(20)}`],
    ['with signs that nobody sees', `\u200b\ufeff${key.slice(0, 9)}\u200b\u00ad${key.slice(9)}\u2060`],
    ['in quotes of print', `“${key}”`],
    ['in plain quotes', `"${key}".`],
    ['in brackets', `<${key}>)`],
    ['with a sentence around it', `Your key: ${key}, keep it.`],
    ['with hyphens of print', key.replaceAll('-', '\u2011')],
    ['with a dash for a hyphen', key.replaceAll('-', '\u2013')],
    ['in a whole link', `http://192.168.1.5:3000/vendor#key=${key}`],
    ['in a link with what a mail put behind it', `<https://hub.example.com/vendor#key=${key}>.`],
    ['in the end of a link', `#key=${key}`],
    ['in a link, as an address line shows it', `#key=%E2%80%9C${key}%E2%80%9D%E2%80%8B`],
    ['as an assignment', `CAPS_KEY='${key}'`],
  ])('%s', (_, text) => expect(keyIn(text)).toBe(key));

  it('a tracking token as well', () => {
    const token = key.replace('ven', 'trk');
    expect(keyIn(`https://hub.example.com/track/${token}).`)).toBe(token);
  });
});

describe('a key of the settings', () => {
  it.each([
    ['keeps its own signs', admin, admin],
    ['keeps even quotes', `"${admin}"`, `"${admin}"`],
    ['gets back what an editor has made prettier', '“correct-horse—battery…staple”', admin],
    ['comes out of a link', `https://hub.example.com/log#key=${admin}`, admin],
    ['comes out of a link decoded', '/log?q=1#a=b&key=a%23b%26%2B+', 'a#b&++'],
    ['that looks like a link is none', 'not/a#link', 'not/a#link'],
    ['may have a percent sign', '#key=100%', '100%'],
  ])('%s', (_, text, expected) => expect(keyIn(text)).toBe(expected));
});

it.each(['', ' \n', '\u200b', '“”'])('finds no key in %j', (text) => expect(keyIn(text)).toBeUndefined());

it('does not repair a key that is too long or too short', () => {
  expect(keyIn(`${key}x`)).toBe(`${key}x`);
  expect(keyIn(key.slice(0, -1))).toBe(key.slice(0, -1));
});

it('is quick for any input', () => {
  // CPU time of this process, which a busy machine does not change.
  const start = process.cpuUsage();
  for (const text of ['#key'.repeat(100_000), 'ven_'.repeat(100_000), `#${'&'.repeat(100_000)}`]) keyIn(text);
  expect(process.cpuUsage(start).user / 1_000).toBeLessThan(200);
});
