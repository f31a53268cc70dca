import { PassThrough } from 'node:stream';
import { expect, it } from 'vitest';
import { readLines } from './tcp-lines.ts';

it('a line ends at a line feed and nowhere else, however it is cut on its way', () => {
  const text = '{"said":"a\u2028b\u2029c\rd 👩🏽‍🚀"}\n\nPONG.\r\nhalf a li';
  for (let size = 1; size <= 7; size += 1) {
    const source = new PassThrough();
    const lines: string[] = [];
    readLines(source, (line) => lines.push(line));
    const bytes = Buffer.from(text);
    for (let at = 0; at < bytes.length; at += size) source.emit('data', bytes.subarray(at, at + size));
    expect(lines).toEqual(['{"said":"a\u2028b\u2029c\rd 👩🏽‍🚀"}', '', 'PONG.\r']);
    source.emit('data', Buffer.from('ne\n'));
    expect(lines.at(-1)).toBe('half a line');
  }
});

it('while its source is paused, no line comes', async () => {
  const source = new PassThrough();
  const lines: string[] = [];
  readLines(source, (line) => lines.push(line));
  source.pause();
  source.write('one\n');
  await new Promise((resolve) => setImmediate(resolve));
  expect(lines).toEqual([]);
  source.resume();
  await new Promise((resolve) => setImmediate(resolve));
  expect(lines).toEqual(['one']);
});
