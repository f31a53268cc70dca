/** Finds passages of the documentation: all words of the question somewhere in them, the best first. */

import type { Passage } from '../../../protocol/docs-index.ts';

const hitsMax = 12;
/** Of the text around the first word that is found in it. */
const snippetLength = 120;

/** A piece of a text, and whether it is what was asked for. */
export interface TextPiece {
  readonly text: string;
  readonly isMatch: boolean;
}

export interface Hit {
  readonly passage: Passage;
  readonly title: readonly TextPiece[];
  readonly snippet: readonly TextPiece[];
}

/** Without what a keyboard may not have: case and accents. The text keeps its length, so that places in it stay right. */
function plain(text: string): string {
  return Array.from(text, (sign) => {
    const bare = sign.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
    return bare.length === sign.length ? bare : sign;
  }).join('');
}

export function wordsOf(question: string): string[] {
  return plain(question).split(/\s+/).filter(Boolean);
}

/** In the order of how well they fit; those that fit equally well stay as they are. */
export function findPassages(passages: readonly Passage[], question: string): Hit[] {
  const words = wordsOf(question);
  if (words.length === 0) return [];
  return passages
    .map((passage) => ({ passage, score: scoreOf(passage, words) }))
    .filter(({ score }) => score > 0)
    .sort((one, other) => other.score - one.score)
    .slice(0, hitsMax)
    .map(({ passage }) => ({
      passage,
      title: markMatches(passage.title, words),
      snippet: markMatches(snippetOf(passage.text, words), words),
    }));
}

/** 0 where a word is missing. */
function scoreOf({ title, page, text, isNote }: Passage, words: readonly string[]): number {
  const [heading, around, body] = [plain(title), plain(page), plain(text)];
  let score = 0;
  for (const word of words) {
    const found = 8 * closeness(heading, word) + 2 * closeness(around, word) + closeness(body, word);
    if (found === 0) return 0;
    score += found;
  }
  // Behind all chapters.
  return isNote ? score / 1_000 : score;
}

/** 3: a word of the text, 2: the beginning of one, 1: within one. */
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

function snippetOf(text: string, words: readonly string[]): string {
  const body = plain(text);
  const places = words.map((word) => body.indexOf(word)).filter((at) => at !== -1);
  const at = Math.min(...places, text.length);
  const wanted = at === text.length ? 0 : Math.max(0, at - 30);
  const begin = wanted === 0 ? 0 : text.indexOf(' ', wanted) + 1;
  const piece = text.slice(begin, begin + snippetLength);
  return `${begin > 0 ? '… ' : ''}${piece}${begin + snippetLength < text.length ? ' …' : ''}`;
}

function markMatches(text: string, words: readonly string[]): TextPiece[] {
  const body = plain(text);
  const pieces: TextPiece[] = [];
  for (let at = 0; at < text.length; ) {
    const next = words
      .map((word) => ({ from: body.indexOf(word, at), length: word.length }))
      .filter(({ from }) => from !== -1)
      .sort((one, other) => one.from - other.from || other.length - one.length)[0];
    const from = next?.from ?? text.length;
    if (from > at) pieces.push({ text: text.slice(at, from), isMatch: false });
    if (next) pieces.push({ text: text.slice(from, from + next.length), isMatch: true });
    at = next ? from + next.length : text.length;
  }
  return pieces;
}
