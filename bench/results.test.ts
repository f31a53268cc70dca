import { describe, expect, it } from 'vitest';
import { lastLife, readResults, rowsOf } from './results.ts';

const table = (rows: readonly string[]) => `# Results

Words.

| date | commit | machine | load before | stores | lab | CAPS | events/s | CPU per event |
| --- | --- | --- | --- | --- | --- | --- | --- | --- |
${rows.join('\n')}

# Another

| date | commit | machine | load before | stores | lab | CAPS | events/s | CPU per event |
| --- | --- | --- | --- | --- | --- | --- | --- | --- |
| 2026-12-09 | z | slow | 0.1 | 20 / 20 / 3, window 50 | 1 | 2 | 3 × | 1/9.99 |
`;
const row = (date: string, machine: string, load: string, ratio: string) =>
  `| ${date} | c${date} | ${machine} | 0.1 | ${load}, window 50 | 1 | 2 | 3 × | ${ratio} |`;

describe('the row of results.md that a quick bench compares with', () => {
  const text = table([
    row('1', 'slow', '20 / 20 / 3', '1/1.10'),
    row('2', 'slow', '20 / 20 / 3', '1/1.25'),
    row('3', 'fast', '20 / 20 / 3', '1/2.00'),
    row('4', 'slow', '20 / 100 / 3', '1/3.00'),
  ]);

  it('is the last of the same machine and load, in its own table', () => {
    expect(lastLife(text, 'slow', '20 / 20 / 3,')).toEqual({ date: '2', commit: 'c2', ratio: 1.25 });
    expect(lastLife(text, 'slow', '20 / 100 / 3,')?.ratio).toBe(3);
    expect(lastLife(text, 'fast', '20 / 20 / 3,')?.ratio).toBe(2);
  });

  it('is none for a machine without one, or where the ratio cannot be read', () => {
    expect(lastLife(text, 'another', '20 / 20 / 3,')).toBeUndefined();
    expect(lastLife(table([row('1', 'slow', '20 / 20 / 3', '?')]), 'slow', '20')).toBeUndefined();
  });

  it('is there in results.md', () => {
    const [, , machine = ''] = rowsOf(readResults(), 'Results').at(-1) ?? [];
    expect(lastLife(readResults(), machine, '20 / 20 / 3,')?.ratio).toBeGreaterThan(1);
  });
});
