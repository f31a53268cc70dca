import { describe, expect, it } from 'vitest';
import type { Passage } from '../../../protocol/docs-index.ts';
import { findPassages } from './passages.ts';

const passage = (title: string, text: string, more: Partial<Passage> = {}): Passage => ({
  ...{ at: `/docs/a#${title}`, page: 'A page', title, text },
  ...more,
});
const passages = [
  passage('Why', 'Each cursor is its reader’s own.', { isNote: true }),
  passage('Streams', 'The next precursors of a stream'),
  passage('Reading', 'Begin at a cursor and go on.'),
  passage('Cursors', 'Where a reader is.'),
  passage('Straße', 'Ein Café in Zürich'),
];
const titles = (question: string) => findPassages(passages, question).map(({ passage: { title } }) => title);

describe('a search', () => {
  it('finds what has all words, headings before texts, whole words before parts, notes last', () => {
    expect(titles('cursor')).toEqual(['Cursors', 'Reading', 'Streams', 'Why']);
    expect(titles('cursor begin')).toEqual(['Reading']);
    expect(titles('cursor nowhere')).toEqual([]);
    expect(titles('  ')).toEqual([]);
  });

  it('asks for neither case nor accents', () => {
    expect(titles('ZURICH cafe')).toEqual(['Straße']);
  });

  it('shows what was found, as it is written', () => {
    const [hit] = findPassages(passages, 'zurich');
    expect(hit?.snippet).toEqual([
      { text: 'Ein Café in ', isMatch: false },
      { text: 'Zürich', isMatch: true },
    ]);
  });

  it('shows of a long text what stands around the first word that was found', () => {
    const text = `${'word '.repeat(100)}needle ${'more '.repeat(100)}`;
    const [hit] = findPassages([passage('Long', text)], 'needle');
    const snippet = hit?.snippet.map((piece) => piece.text).join('') ?? '';
    expect(snippet).toMatch(/^… .*needle.* …$/);
    expect(snippet.length).toBeLessThan(130);
  });
});
