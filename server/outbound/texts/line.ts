/** Texts of other people, made fit to stand within ours: one line, of a bounded length, in their own direction. */

import { isolated } from '../../../web/words/formats.ts';
import type { Language } from '../../../web/words/language.ts';
import { directionOf } from '../../../web/words/language.ts';

const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });
const rightToLeft = /[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}]/u;

/**
 * A text without line breaks and control characters, of at most `max` UTF-16 units.
 * @returns undefined if nothing is left
 */
export function lineOf(text: string | undefined, max: number): string | undefined {
  // Much longer than what can be left of it: a text may have a megabyte.
  const one = (text ?? '')
    .slice(0, max * 4)
    .replace(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ')
    .replace(/[\u202a-\u202e\u2066-\u2069]/g, '')
    .trim();
  return one === '' ? undefined : cut(one, max, '…');
}

/** At most `max` UTF-16 units, the end mark among them. What people see as one character is never cut apart. */
export function cut(text: string, max: number, end: string): string {
  if (text.length <= max) return text;
  let kept = '';
  for (const { segment } of graphemes.segment(text)) {
    if (kept.length + segment.length + end.length > max) break;
    kept += segment;
  }
  return `${kept.trimEnd()}${end}`;
}

/** A name within a text of a language: isolated where it would turn what stands around it. */
export function placed(text: string, language: Language): string {
  return directionOf(language) === 'rtl' || rightToLeft.test(text) ? isolated(text) : text;
}

const addressMax = 500;

/** @returns the address of a page as it may be written into a mail; undefined if it is none */
export function webAddress(text: string | undefined): string | undefined {
  if (text === undefined || text.length > addressMax || !URL.canParse(text)) return undefined;
  const { protocol, href } = new URL(text);
  return /^https?:$/.test(protocol) ? href : undefined;
}
