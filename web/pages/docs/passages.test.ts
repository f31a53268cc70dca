import { describe, expect, it, vi } from 'vitest';
import type { Passage } from '../../../protocol/docs-index.ts';
import { findPassages, foldPassages } from './passages.ts';

const passage = (title: string, text: string, more: Partial<Passage> = {}): Passage => ({
  at: `/docs/a#${title}`,
  page: 'A page',
  title,
  text,
  ...more,
});
const passages = foldPassages([
  passage('Why', 'Each cursor is its reader’s own.', { isNote: true }),
  passage('Streams', 'The next precursors of a stream'),
  passage('Reading', 'Begin at a cursor and go on.'),
  passage('Cursors', 'Where a reader is.'),
  passage('Straße', 'Ein Café in Zürich'),
]);
const titles = (question: string) => findPassages(passages, question).map(({ passage: { title } }) => title);

describe('a search', () => {
  it('finds passages with all words: headings before texts, whole words before parts, notes last', () => {
    expect(titles('cursor')).toEqual(['Cursors', 'Reading', 'Streams', 'Why']);
    expect(titles('cursor begin')).toEqual(['Reading']);
    expect(titles('cursor nowhere')).toEqual([]);
    expect(titles('  ')).toEqual([]);
  });

  it('ignores case and accents', () => {
    expect(titles('ZURICH cafe')).toEqual(['Straße']);
  });

  it('shows a match as it is written', () => {
    const [hit] = findPassages(passages, 'zurich');
    expect(hit?.snippet).toEqual([
      { text: 'Ein Café in ', isMatch: false },
      { text: 'Zürich', isMatch: true },
    ]);
  });

  it('shows the part of a long text around the first match', () => {
    const text = `${'word '.repeat(100)}needle ${'more '.repeat(100)}`;
    const [hit] = findPassages(foldPassages([passage('Long', text)]), 'needle');
    const snippet = hit?.snippet.map((piece) => piece.text).join('') ?? '';
    expect(snippet).toMatch(/^… .*needle.* …$/);
    expect(snippet.length).toBeLessThan(130);
  });

  it('folds only the question with each key: the passages were folded when they were loaded', () => {
    const normalize = vi.spyOn(String.prototype, 'normalize');
    expect(titles('zurich')).toEqual(['Straße']);
    expect(normalize).toHaveBeenCalledTimes('zurich'.length);
    normalize.mockRestore();
  });
});
