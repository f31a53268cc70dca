import { expect, it } from 'vitest';
import { SkippingParser } from './skipping-parser.ts';

/** Messages of a length and so many bytes; a reader looks at the first two of them. */
const messages = ['ab', 'c', '', 'defgh', 'ij'.repeat(100)];
const bytes = Buffer.concat(messages.map((text) => Buffer.from([text.length, ...Buffer.from(text)])));

function read(chunks: readonly Buffer[]): string[] {
  const heads: string[] = [];
  const parser = new SkippingParser((data) => {
    const length = data[0] ?? 0;
    const head = Math.min(length, 2);
    if (data.length < 1 + head) return undefined;
    heads.push(data.toString('latin1', 1, 1 + head));
    return { used: 1, skip: length };
  });
  for (const chunk of chunks) parser.push(chunk);
  return heads;
}

it('A reader that skips finds the same messages wherever the network cuts them', () => {
  const heads = ['ab', 'c', '', 'de', 'ij'];
  expect(read([bytes])).toEqual(heads);
  for (let size = 1; size < bytes.length; size += 1) {
    const count = Math.ceil(bytes.length / size);
    const chunks = Array.from({ length: count }, (_, i) => bytes.subarray(i * size, (i + 1) * size));
    expect(read(chunks)).toEqual(heads);
  }
});
