/** Finds invisible characters and those that disguise a text. Browsers load it, so it imports no schemas. */

import { limits } from './limits.ts';

/**
 * How strict the rules are. An `id` identifies a store, driver or order, so two ids that look alike must be equal.
 * A `name` is one line in any script. A `text` may have several lines and any harmless character.
 */
export type TextKind = 'id' | 'name' | 'text';

/**
 * Characters that draw nothing although Unicode calls them letters, symbols or marks: the blanks of Braille, music and
 * hieroglyphs, the object placeholder, and script-specific joiners, fillers and rotations.
 */
export const inkless =
  '\\u2800\\ufffc\\u2d7f\\u{1107f}\\u{13430}-\\u{13442}\\u{16fe4}\\u{1bc9d}\\u{1d159}\\u{1da9b}-\\u{1daaf}';
// Fast path: most texts match `plain` or lack every `remarkable` character, and need no further check.
const plain = /^[ -~]*$/;
const remarkable =
  /[\p{C}\p{M}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800\ufffc\u{13441}\u{13442}\u{1d159}]/u;
/** The same fast path for the kind `text`. */
const harmful =
  /[\p{Cc}\p{Cs}\u202a-\u202e\u2066-\u206f\ufff0-\uffff\u{1d173}-\u{1d17a}\u{e0000}-\u{e00ff}\u{e01f0}-\u{e0fff}]|\p{Noncharacter_Code_Point}|\p{M}{11}/u;
const seen = new RegExp(`[^\\s\\p{Cc}\\p{Cf}\\p{Default_Ignorable_Code_Point}${inkless}]`, 'u');

const lineBreak = /[\t-\r\u0085\u2028\u2029]/;
const control = /[\p{Cc}\p{Zl}\p{Zp}]/u;
/** Bidirectional overrides: they change the direction of the text after them. */
const turning = /[\u202a-\u202e]/;
const [isolate, isolateEnd] = [/[\u2066-\u2068]/, '\u2069'];
const directionMark = /[\u061c\u200e\u200f]/;
const rightToLeft =
  /(?=\p{L})[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}\p{Script=Adlam}]/u;
const unseen = new RegExp(`[\\p{Default_Ignorable_Code_Point}\\ufff9-\\ufffb${inkless}]`, 'u');
/** Invisible and used by no language: tags, deprecated shape switches, interlinear annotations, musical controls. */
const neverWritten = /[\u206a-\u206f\ufff0-\ufffb\u{1d173}-\u{1d17a}\u{e0000}-\u{e00ff}\u{e01f0}-\u{e0fff}]/u;
/** The flags of England, Scotland and Wales: the only valid sequences of tag characters. */
const taggedFlags =
  /\u{1f3f4}\u{e0067}\u{e0062}(?:\u{e0065}\u{e006e}\u{e0067}|\u{e0073}\u{e0063}\u{e0074}|\u{e0077}\u{e006c}\u{e0073})\u{e007f}/gu;
/** Private use and unassigned code points: unreadable without a special font. */
const unassigned = /[\p{Co}\p{Cn}]/u;
const noncharacter = /\p{Noncharacter_Code_Point}/u;
const halved = /\p{Cs}/u;
const mark = /\p{M}/u;
/** No word in any script has more marks on one letter. */
const marksMax = 10;

const picture = /[\p{Extended_Pictographic}\p{Emoji_Modifier}]/u;
/** Scripts without joiners and non-joiners. */
const unbound =
  /[\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}\p{Script=Armenian}\p{Script=Georgian}\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Cherokee}]/u;
const letter = /\p{L}/u;
/** Scripts without spaces, where a zero-width space marks a possible line break. */
const spaceless =
  /[\p{Script=Thai}\p{Script=Khmer}\p{Script=Lao}\p{Script=Myanmar}\p{Script=Tibetan}\p{Script=Javanese}\p{Script=Balinese}]/u;
const shaped = /[\p{Extended_Pictographic}\p{So}\p{Sm}\p{Script=Han}\p{Script=Myanmar}\p{Script=Phags_Pa}]/u;
const han = /\p{Script=Han}/u;
const mongolian = /\p{Script=Mongolian}/u;
/** Scripts with their own joiners, fillers and rotations. Khitan goes by code point: older browsers lack its name. */
const scripts = [
  /\p{Script=Tifinagh}/u,
  /\p{Script=Brahmi}/u,
  /[\p{Script=Egyptian_Hieroglyphs}\u{13430}-\u{13455}]/u,
  /[\u{16fe4}\u{18b00}-\u{18cff}]/u,
  /\p{Script=Duployan}/u,
  /\p{Script=SignWriting}/u,
];

/** @returns whether a text has at least one visible character */
export function isVisible(text: string): boolean {
  return seen.test(text);
}

/**
 * Says why a new store, order or driver may not have this id. Ids that look alike must be equal, and each must fit
 * into a URL, where `.` and `..` have another meaning.
 *
 * @returns the end of a sentence that begins with the field's name; undefined if the id is fine
 */
export function idProblem(id: string): string | undefined {
  if (id === '') return 'is empty';
  if (id.length > limits.idLength) return `is longer than ${limits.idLength} characters`;
  if (id === '.' || id === '..') return 'is a place in an address, and no name';
  return edgeProblem(id) ?? problemIn(id, 'id');
}

/** Like `idProblem`, for names and other texts of one line. An empty text is fine. */
export function lineProblem(text: string): string | undefined {
  return text === '' ? undefined : problemIn(text, 'name');
}

/** Like `idProblem`, for texts of several lines. An empty text is fine. */
export function textProblem(text: string): string | undefined {
  return text === '' ? undefined : problemIn(text, 'text');
}

function edgeProblem(id: string): string | undefined {
  return id.trim() === id ? undefined : 'begins or ends with a space';
}

function problemIn(text: string, kind: TextKind): string | undefined {
  const [first] = faultsIn(text, kind);
  if (first) return `has ${codePointOf(first.char)}, ${first.why}`;
  return isVisible(text) ? undefined : 'has nothing in it that can be seen';
}

function codePointOf(char: string): string {
  return `U+${(char.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
}

/** Removes the characters that this kind of text may not have. The result may be empty. */
export function withoutFaults(text: string, kind: TextKind): string {
  return replaced(text, kind, () => '');
}

/** Makes one printable line: writes invisible and disguising characters as escapes, such as `\n` or `\u202e`. */
export function escapeUnseen(text: string): string {
  return replaced(text, 'name', (char) => {
    const known = escapes[char];
    if (known !== undefined) return known;
    const code = (char.codePointAt(0) ?? 0).toString(16);
    return code.length > 4 ? `\\u{${code}}` : `\\u${code.padStart(4, '0')}`;
  });
}

const escapes: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

// biome-ignore lint/suspicious/noControlCharactersInRegex: colours begin with one
const layout = /(\u001b\[[\d;]*m|\n)/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: colours begin with one
const laidOutPlain = /^[\n\u001b -~]*$/;

/** Like `escapeUnseen`, for output of `inspect`: keeps its line breaks and colours. */
export function escapeUnseenInLayout(text: string): string {
  if (laidOutPlain.test(text)) return text;
  return text
    .split(layout)
    .map((part, i) => (i % 2 === 0 ? escapeUnseen(part) : part))
    .join('');
}

/** Escapes such characters in JSON without changing its value. Line breaks can only be layout there, so they stay. */
export function escapeUnseenInJson(json: string): string {
  return replaced(json, 'name', (char) => (char === '\n' ? char : escaped(char)));
}

/** JSON escapes each UTF-16 code unit by itself. */
function escaped(char: string): string {
  const units = Array.from({ length: char.length }, (_, at) => char.charCodeAt(at));
  return units.map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`).join('');
}

function replaced(text: string, kind: TextKind, by: (char: string) => string): string {
  const faults = faultsIn(text, kind);
  if (faults.length === 0) return text;
  let [whole, end] = ['', 0];
  for (const { at, char } of faults) {
    whole += text.slice(end, at) + by(char);
    end = at + char.length;
  }
  return whole + text.slice(end);
}

/** A forbidden character. `why` follows the character's name in a sentence. */
interface Fault {
  readonly at: number;
  readonly char: string;
  readonly why: string;
}

interface SignContext {
  readonly kind: TextKind;
  /** The last visible character before it that is not a mark. */
  readonly base: string;
  readonly next: string;
  /** Number of marks on `base` so far. */
  readonly marks: number;
  readonly isRightToLeft: boolean;
}

function faultsIn(text: string, kind: TextKind): readonly Fault[] {
  if (plain.test(text) || !(kind === 'text' ? harmful : remarkable).test(text)) return [];
  const chars = [...text];
  const faults: Fault[] = [];
  const flags = kind === 'id' ? new Set<number>() : flagTags(text);
  const isRightToLeft = rightToLeft.test(text);
  const openings = kind === 'text' ? pairsIn(chars) : new Set<number>();
  let [at, base, marks] = [0, '', 0];
  for (const [index, char] of chars.entries()) {
    const around = { kind, base, next: chars[index + 1] ?? '', marks, isRightToLeft };
    const isFree = !remarkable.test(char) || flags.has(at) || openings.has(index);
    const why = isFree ? undefined : faultOf(char, around);
    if (why !== undefined) faults.push({ at, char, why });
    marks = mark.test(char) ? marks + 1 : 0;
    if (!mark.test(char) && !unseen.test(char)) base = char;
    at += char.length;
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

/** Positions of bidirectional isolates that are closed again, and of their ends. */
function pairsIn(chars: readonly string[]): Set<number> {
  const pairs = new Set<number>();
  const open: number[] = [];
  for (const [index, char] of chars.entries()) {
    if (isolate.test(char)) open.push(index);
    const opening = char === isolateEnd ? open.pop() : undefined;
    if (opening !== undefined) pairs.add(opening).add(index);
  }
  return pairs;
}

function faultOf(char: string, { kind, ...around }: SignContext): string | undefined {
  if (lineBreak.test(char)) return kind === 'text' ? undefined : 'a line break or a tab';
  if (control.test(char)) return 'a control character';
  if (halved.test(char)) return 'half of a character';
  if (turning.test(char) || isolate.test(char) || char === isolateEnd) {
    return 'which turns the direction of what follows';
  }
  if (noncharacter.test(char)) return 'which is no character';
  if (neverWritten.test(char)) return 'which cannot be seen';
  if (mark.test(char) && around.marks >= marksMax) return 'one mark too many on one letter';
  if (kind === 'text') return undefined;
  if (unseen.test(char)) return isWritten(char, { kind, ...around }) ? undefined : 'which cannot be seen';
  if (unassigned.test(char)) return 'which stands for no letter or sign';
  if (mark.test(char) && around.base.trim() === '') return 'a mark without its letter';
  // Format characters before numbers, as in Arabic.
  return kind === 'id' && /\p{Cf}/u.test(char) ? 'which is no letter, number or sign' : undefined;
}

/** @returns whether a language or an emoji needs this invisible character here in a name */
function isWritten(char: string, { kind, base, marks, next, isRightToLeft }: SignContext): boolean {
  if (kind === 'id') return false;
  if (directionMark.test(char)) return isRightToLeft;
  switch (char) {
    case '\u200d':
      if (picture.test(base)) return picture.test(next);
      return isBound(base) && (marks > 0 || next.trim() !== '');
    case '\u200c':
      return isBound(base) && (marks > 0 || next.trim() !== '');
    case '\u200b':
      return spaceless.test(base) && next.trim() !== '';
    default:
      return isShape(char, base, next);
  }
}

function isBound(base: string): boolean {
  return letter.test(base) && !unbound.test(base);
}

/** @returns whether it is a variation selector or script control that applies to the character before it */
function isShape(char: string, base: string, next: string): boolean {
  if (/[\ufe00-\ufe0f]/.test(char)) return shaped.test(base) || (/[\d#*]/.test(base) && next === '\u20e3');
  if (/[\u{e0100}-\u{e01ef}]/u.test(char)) return han.test(base);
  if (/[\u180b-\u180f]/.test(char)) return mongolian.test(base);
  return scripts.some((script) => script.test(char) && script.test(base));
}
