/** Searches the documentation. A passage matches if it contains all words of the question; the best come first. */

import type { Passage } from '../../../protocol/docs-index.ts';

const hitsMax = 12;
/** Length of the excerpt around the first match. */
const snippetLength = 120;

/** A piece of a text, and whether it matches. */
export interface TextPiece {
  readonly text: string;
  readonly isMatch: boolean;
}

export interface Hit {
  readonly passage: Passage;
  readonly title: readonly TextPiece[];
  readonly snippet: readonly TextPiece[];
}

/** A text and the same text folded for search. Both have the same length, so an index into one fits the other. */
interface FoldedText {
  readonly text: string;
  readonly folded: string;
}

export interface FoldedPassage {
  readonly passage: Passage;
  readonly title: FoldedText;
  readonly page: FoldedText;
  readonly body: FoldedText;
}

/** Prepares passages for `findPassages`. Folding costs more than a search: do it once, when they are loaded. */
export function foldPassages(passages: readonly Passage[]): FoldedPassage[] {
  return passages.map((passage) => ({
    passage,
    title: foldText(passage.title),
    page: foldText(passage.page),
    body: foldText(passage.text),
  }));
}

function foldText(text: string): FoldedText {
  return { text, folded: fold(text) };
}

/** Removes case and accents, which a reader may not be able to type. */
function fold(text: string): string {
  return Array.from(text, (sign) => {
    const bare = sign.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
    return bare.length === sign.length ? bare : sign;
  }).join('');
}

export function wordsOf(question: string): string[] {
  return fold(question).split(/\s+/).filter(Boolean);
}

/** @returns the best hits first; equally good ones keep their order */
export function findPassages(passages: readonly FoldedPassage[], question: string): Hit[] {
  const words = wordsOf(question);
  if (words.length === 0) return [];
  return passages
    .map((folded) => ({ folded, score: scoreOf(folded, words) }))
    .filter(({ score }) => score > 0)
    .sort((one, other) => other.score - one.score)
    .slice(0, hitsMax)
    .map(({ folded: { passage, title, body } }) => ({
      passage,
      title: markMatches(title, words),
      snippet: markMatches(snippetOf(body, words), words),
    }));
}

/** 0 if a word is missing. */
function scoreOf({ passage, title, page, body }: FoldedPassage, words: readonly string[]): number {
  let score = 0;
  for (const word of words) {
    const found =
      8 * closeness(title.folded, word) + 2 * closeness(page.folded, word) + closeness(body.folded, word);
    if (found === 0) return 0;
    score += found;
  }
  // Decision notes come after all chapters.
  return passage.isNote ? score / 1_000 : score;
}

/** 3: the word itself, 2: the beginning of a word, 1: within a word. */
function closeness(text: string, word: string): number {
  let best = 0;
  for (let at = text.indexOf(word); at !== -1 && best < 3; at = text.indexOf(word, at + 1)) {
    const isBegin = !isLetter(text[at - 1]);
    const isEnd = !isLetter(text[at + word.length]);
    best = Math.max(best, isBegin ? (isEnd ? 3 : 2) : 1);
  }
  return best;
}

function isLetter(sign: string | undefined): boolean {
  return sign !== undefined && /[\p{L}\p{N}]/u.test(sign);
}

function snippetOf({ text, folded }: FoldedText, words: readonly string[]): FoldedText {
  const first = Math.min(...words.map((word) => folded.indexOf(word)).filter((at) => at !== -1), text.length);
  const wanted = first === text.length ? 0 : Math.max(0, first - 30);
  const begin = wanted === 0 ? 0 : text.indexOf(' ', wanted) + 1;
  const cut = (whole: string) =>
    `${begin > 0 ? '… ' : ''}${whole.slice(begin, begin + snippetLength)}${begin + snippetLength < whole.length ? ' …' : ''}`;
  return { text: cut(text), folded: cut(folded) };
}

function markMatches({ text, folded }: FoldedText, words: readonly string[]): TextPiece[] {
  const pieces: TextPiece[] = [];
  for (let at = 0; at < text.length; ) {
    const next = words
      .map((word) => ({ from: folded.indexOf(word, at), length: word.length }))
      .filter(({ from }) => from !== -1)
      .sort((one, other) => one.from - other.from || other.length - one.length)[0];
    const from = next?.from ?? text.length;
    if (from > at) pieces.push({ text: text.slice(at, from), isMatch: false });
    if (next) pieces.push({ text: text.slice(from, from + next.length), isMatch: true });
    at = next ? from + next.length : text.length;
  }
  return pieces;
}
