/** What a text looks like to a reader: the skeleton of Unicode Technical Standard 39. */

import { readFileSync } from 'node:fs';
import { inkless } from '../../protocol/characters.ts';

const unseen = new RegExp(`[\\p{Default_Ignorable_Code_Point}${inkless}]`, 'gu');
/** Every kind of them, however many: they differ by a hair, or a page draws them as one. */
const spaces = /\s+/g;

/** Every code point that is taken for others, with these. */
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

/** Texts with the same skeleton look the same. Nothing else is meant by it: it is not to be shown. */
export function skeletonOf(text: string): string {
  lookOf ??= readTable();
  let look = '';
  for (const sign of text.normalize('NFD').replace(unseen, '')) look += lookOf.get(sign) ?? sign;
  return look.normalize('NFD').replace(spaces, ' ').trim();
}
