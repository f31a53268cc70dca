/** Characters that nobody sees, and those that make a text read as another. Without the schemas, for browsers. */

import { limits } from './limits.ts';

/**
 * How strictly a text is read. An `id` tells one store, driver or order from another: what looks the same is the same.
 * A `name` is one line, in whatever way its language is written. A `text` may have lines, and whatever harms nobody.
 */
export type TextKind = 'id' | 'name' | 'text';

/**
 * Without ink, though Unicode calls them letters, signs or marks: the blanks of Braille, of music and of hieroglyphs,
 * a place for a picture, and what joins, fills or turns letters of one script and says nothing behind those of others.
 */
export const inkless =
  '\\u2800\\ufffc\\u2d7f\\u{1107f}\\u{13430}-\\u{13442}\\u{16fe4}\\u{1bc9d}\\u{1d159}\\u{1da9b}-\\u{1daaf}';
// Nothing of this has to be looked for in a text without any of these: most texts.
const plain = /^[ -~]*$/;
const remarkable =
  /[\p{C}\p{M}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800\ufffc\u{13441}\u{13442}\u{1d159}]/u;
/** Nor in a text of lines without one of these. */
const harmful =
  /[\p{Cc}\p{Cs}\u202a-\u202e\u2066-\u206f\ufff0-\uffff\u{1d173}-\u{1d17a}\u{e0000}-\u{e00ff}\u{e01f0}-\u{e0fff}]|\p{Noncharacter_Code_Point}|\p{M}{11}/u;
const seen = new RegExp(`[^\\s\\p{Cc}\\p{Cf}\\p{Default_Ignorable_Code_Point}${inkless}]`, 'u');

const lineBreak = /[\t-\r\u0085\u2028\u2029]/;
const control = /[\p{Cc}\p{Zl}\p{Zp}]/u;
/** They turn the direction of what follows, and say so to nobody. */
const turning = /[\u202a-\u202e]/;
const [apart, apartEnd] = [/[\u2066-\u2068]/, '\u2069'];
/** Which way what stands beside them runs. */
const directionMark = /[\u061c\u200e\u200f]/;
const rightToLeft =
  /(?=\p{L})[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}\p{Script=Adlam}]/u;
const unseen = new RegExp(`[\\p{Default_Ignorable_Code_Point}\\ufff9-\\ufffb${inkless}]`, 'u');
/** Unseen, and no language is written with them: tags, old switches of shapes, notes between lines, notes of music. */
const neverWritten = /[\u206a-\u206f\ufff0-\ufffb\u{1d173}-\u{1d17a}\u{e0000}-\u{e00ff}\u{e01f0}-\u{e0fff}]/u;
/** Flags, the only words that are written in tags: of England, Scotland and Wales. */
const taggedFlags =
  /\u{1f3f4}\u{e0067}\u{e0062}(?:\u{e0065}\u{e006e}\u{e0067}|\u{e0073}\u{e0063}\u{e0074}|\u{e0077}\u{e006c}\u{e0073})\u{e007f}/gu;
/** Which say nothing to anybody without the right font: for one's own use, and not given out yet. */
const unassigned = /[\p{Co}\p{Cn}]/u;
const noncharacter = /\p{Noncharacter_Code_Point}/u;
const halved = /\p{Cs}/u;
const mark = /\p{M}/u;
/** So many marks on one letter, and no script has a word with more. */
const marksMax = 10;

const picture = /[\p{Extended_Pictographic}\p{Emoji_Modifier}]/u;
/** Letters of these are never bound together or kept apart by a sign that is not seen. */
const unbound =
  /[\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}\p{Script=Armenian}\p{Script=Georgian}\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Cherokee}]/u;
const letter = /\p{L}/u;
/** They are written without spaces: where a line may break is said by a sign without width. */
const spaceless =
  /[\p{Script=Thai}\p{Script=Khmer}\p{Script=Lao}\p{Script=Myanmar}\p{Script=Tibetan}\p{Script=Javanese}\p{Script=Balinese}]/u;
const shaped = /[\p{Extended_Pictographic}\p{So}\p{Sm}\p{Script=Han}\p{Script=Myanmar}\p{Script=Phags_Pa}]/u;
const han = /\p{Script=Han}/u;
const mongolian = /\p{Script=Mongolian}/u;
/** Scripts with joiners, fillers and turns of their own. Khitan by number: older browsers do not know its name. */
const scripts = [
  /\p{Script=Tifinagh}/u,
  /\p{Script=Brahmi}/u,
  /[\p{Script=Egyptian_Hieroglyphs}\u{13430}-\u{13455}]/u,
  /[\u{16fe4}\u{18b00}-\u{18cff}]/u,
  /\p{Script=Duployan}/u,
  /\p{Script=SignWriting}/u,
];

/** Whether there is anything to see in a text. */
export function isVisible(text: string): boolean {
  return seen.test(text);
}

/**
 * What keeps something new from being called by this id, as words that go on after its name; undefined: nothing.
 * Two ids that look the same are the same, and every one can stand in an address: there `.` and `..` mean others.
 */
export function idProblem(id: string): string | undefined {
  if (id === '') return 'is empty';
  if (id.length > limits.idLength) return `is longer than ${limits.idLength} characters`;
  if (id === '.' || id === '..') return 'is a place in an address, and no name';
  return edgeProblem(id) ?? problemIn(id, 'id');
}

/** The same of what people are called by, and of every text of one line: a profile's, say. Nothing is no problem. */
export function lineProblem(text: string): string | undefined {
  return text === '' ? undefined : problemIn(text, 'name');
}

/** The same of a text that may have lines. */
export function textProblem(text: string): string | undefined {
  return text === '' ? undefined : problemIn(text, 'text');
}

function edgeProblem(id: string): string | undefined {
  return id.trim() === id ? undefined : 'begins or ends with a space';
}

function problemIn(text: string, kind: TextKind): string | undefined {
  const [first] = faultsIn(text, kind);
  if (first) return `has ${codePointOf(first.sign)}, ${first.why}`;
  return isVisible(text) ? undefined : 'has nothing in it that can be seen';
}

function codePointOf(sign: string): string {
  return `U+${(sign.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
}

/** Without what such a text may not have; what is left may be nothing. */
export function withoutFaults(text: string, kind: TextKind): string {
  return replaced(text, kind, () => '');
}

/** In one line, with all that is not seen, or makes something else be seen, written out: `\n`, `\u202e`. */
export function escapeUnseen(text: string): string {
  return replaced(text, 'name', (sign) => {
    const word = words[sign];
    if (word !== undefined) return word;
    const code = (sign.codePointAt(0) ?? 0).toString(16);
    return code.length > 4 ? `\\u{${code}}` : `\\u${code.padStart(4, '0')}`;
  });
}

const words: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

// biome-ignore lint/suspicious/noControlCharactersInRegex: colours begin with one
const layout = /(\u001b\[[\d;]*m|\n)/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: colours begin with one
const laidOutPlain = /^[\n\u001b -~]*$/;

/** The same of what `inspect` has laid out and painted: what was in it of that kind, it has written out already. */
export function escapeUnseenInLayout(text: string): string {
  if (laidOutPlain.test(text)) return text;
  return text
    .split(layout)
    .map((part, i) => (i % 2 === 0 ? escapeUnseen(part) : part))
    .join('');
}

/** JSON that says the same, with such characters escaped. Line breaks stand outside its strings alone, and stay. */
export function escapeUnseenInJson(json: string): string {
  return replaced(json, 'name', (sign) => (sign === '\n' ? sign : escaped(sign)));
}

/** As JSON does, each half of a character by itself. */
function escaped(sign: string): string {
  const units = Array.from({ length: sign.length }, (_, at) => sign.charCodeAt(at));
  return units.map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`).join('');
}

function replaced(text: string, kind: TextKind, by: (sign: string) => string): string {
  const faults = faultsIn(text, kind);
  if (faults.length === 0) return text;
  let [whole, end] = ['', 0];
  for (const { at, sign } of faults) {
    whole += text.slice(end, at) + by(sign);
    end = at + sign.length;
  }
  return whole + text.slice(end);
}

/** A character that such a text may not have, and why, in words that go on after its name. */
interface Fault {
  readonly at: number;
  readonly sign: string;
  readonly why: string;
}

/** What stands around a character. */
interface SignContext {
  readonly kind: TextKind;
  /** The last character that is no mark and no sign between two. */
  readonly base: string;
  readonly next: string;
  /** Marks on it so far. */
  readonly marks: number;
  readonly isRightToLeft: boolean;
}

function faultsIn(text: string, kind: TextKind): readonly Fault[] {
  if (plain.test(text) || !(kind === 'text' ? harmful : remarkable).test(text)) return [];
  const signs = [...text];
  const faults: Fault[] = [];
  const flags = kind === 'id' ? new Set<number>() : flagTags(text);
  const isRightToLeft = rightToLeft.test(text);
  const openings = kind === 'text' ? pairsIn(signs) : new Set<number>();
  let [at, base, marks] = [0, '', 0];
  for (const [index, sign] of signs.entries()) {
    const around = { kind, base, next: signs[index + 1] ?? '', marks, isRightToLeft };
    const isFree = !remarkable.test(sign) || flags.has(at) || openings.has(index);
    const why = isFree ? undefined : faultOf(sign, around);
    if (why !== undefined) faults.push({ at, sign, why });
    marks = mark.test(sign) ? marks + 1 : 0;
    if (!mark.test(sign) && !unseen.test(sign)) base = sign;
    at += sign.length;
  }
  return faults;
}

function flagTags(text: string): Set<number> {
  const places = new Set<number>();
  for (const { 0: flag, index } of text.matchAll(taggedFlags)) {
    for (let at = index + 2; at < index + flag.length; at += 2) places.add(at);
  }
  return places;
}

/** The signs that set a part of a text apart and are closed again, and those that close it. */
function pairsIn(signs: readonly string[]): Set<number> {
  const pairs = new Set<number>();
  const open: number[] = [];
  for (const [index, sign] of signs.entries()) {
    if (apart.test(sign)) open.push(index);
    const opening = sign === apartEnd ? open.pop() : undefined;
    if (opening !== undefined) pairs.add(opening).add(index);
  }
  return pairs;
}

function faultOf(sign: string, { kind, ...around }: SignContext): string | undefined {
  if (lineBreak.test(sign)) return kind === 'text' ? undefined : 'a line break or a tab';
  if (control.test(sign)) return 'a control character';
  if (halved.test(sign)) return 'half of a character';
  if (turning.test(sign) || apart.test(sign) || sign === apartEnd) {
    return 'which turns the direction of what follows';
  }
  if (noncharacter.test(sign)) return 'which is no character';
  if (neverWritten.test(sign)) return 'which cannot be seen';
  if (mark.test(sign) && around.marks >= marksMax) return 'one mark too many on one letter';
  if (kind === 'text') return undefined;
  if (unseen.test(sign)) return isWritten(sign, { kind, ...around }) ? undefined : 'which cannot be seen';
  if (unassigned.test(sign)) return 'which stands for no letter or sign';
  if (mark.test(sign) && around.base.trim() === '') return 'a mark without its letter';
  // Signs that stand before a number, in Arabic say.
  return kind === 'id' && /\p{Cf}/u.test(sign) ? 'which is no letter, number or sign' : undefined;
}

/** Whether a language, or a picture, is written with this sign in this place of a name. */
function isWritten(sign: string, { kind, base, marks, next, isRightToLeft }: SignContext): boolean {
  if (kind === 'id') return false;
  if (directionMark.test(sign)) return isRightToLeft;
  switch (sign) {
    case '\u200d':
      if (picture.test(base)) return picture.test(next);
      return isBound(base) && (marks > 0 || next.trim() !== '');
    case '\u200c':
      return isBound(base) && (marks > 0 || next.trim() !== '');
    case '\u200b':
      return spaceless.test(base) && next.trim() !== '';
    default:
      return isShape(sign, base, next);
  }
}

function isBound(base: string): boolean {
  return letter.test(base) && !unbound.test(base);
}

/** A sign that chooses between the shapes of the one before it, or does something to it in its script. */
function isShape(sign: string, base: string, next: string): boolean {
  if (/[\ufe00-\ufe0f]/.test(sign)) return shaped.test(base) || (/[\d#*]/.test(base) && next === '\u20e3');
  if (/[\u{e0100}-\u{e01ef}]/u.test(sign)) return han.test(base);
  if (/[\u180b-\u180f]/.test(sign)) return mongolian.test(base);
  return scripts.some((script) => script.test(sign) && script.test(base));
}
