/** The skeleton of a text, as in Unicode Technical Standard 39: what it looks like to a reader. */

import { readFileSync } from 'node:fs';
import { inkless } from '../../protocol/characters.ts';

const unseen = new RegExp(`[\\p{Default_Ignorable_Code_Point}${inkless}]`, 'gu');
/** Runs of any white space: they differ by a hair, or a page draws them alike. */
const spaces = /\s+/g;

/** Maps each confusable code point to its prototype. */
let lookOf: ReadonlyMap<string, string> | undefined;

function readTable(): ReadonlyMap<string, string> {
  const text = readFileSync(new URL('confusables.txt', import.meta.url), 'utf8');
  const looks = new Map<string, string>();
  for (const line of text.split('\n')) {
    if (line === '' || line.startsWith('#')) continue;
    const [look = '', ...signs] = line.split(' ');
    const shown = look.split('.').map(signOf).join('');
    for (const sign of signs) looks.set(signOf(sign), shown);
  }
  return looks;
}

function signOf(hex: string): string {
  return String.fromCodePoint(Number.parseInt(hex, 16));
}

/** Texts with the same skeleton look the same. A skeleton is not for display. */
export function skeletonOf(text: string): string {
  lookOf ??= readTable();
  let look = '';
  for (const sign of text.normalize('NFD').replace(unseen, '')) look += lookOf.get(sign) ?? sign;
  return look.normalize('NFD').replace(spaces, ' ').trim();
}
