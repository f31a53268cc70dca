/**
 * Brings texts that people take for the same to one spelling, so that a search finds either by the other: capitals,
 * accents, composed or not, `ß` and `ss`, kinds of blanks, dashes and apostrophes, and signs that nobody sees.
 *
 * Of a text and a part of it, the folded text has the folded part: a search may ask for any part of a word.
 */

/** Beyond ASCII's printable characters and one blank at a time; U+0000 stands between texts. */
const special = /[^\0 -~]| {2}/;

// Of Latin, Greek, Cyrillic, Hebrew and Arabic. Of other scripts, a mark is a letter: か is not が.
const marks =
  /[\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u064b-\u065f\u0670]|[\u1ab0-\u1aff]|[\u1dc0-\u1dff]|[\u20d0-\u20ff]|[\ufe20-\ufe2f]/g;
const unseen = /[\p{Default_Ignorable_Code_Point}\p{Cf}]/gu;
const apostrophes = /[\u02b9\u02bb\u02bc\u02c8\u2018-\u201b\u2032\u2035]/g;
const dashes = /[\u2010-\u2015\u2043\u2212]/g;
/** What has no accent to take off, and still is typed without. */
const letters: ReadonlyMap<string, string> = new Map([
  ['æ', 'ae'],
  ['œ', 'oe'],
  ['þ', 'th'],
  ['ø', 'o'],
  ['đ', 'd'],
  ['ð', 'd'],
  ['ħ', 'h'],
  ['ł', 'l'],
  ['ŧ', 't'],
  ['ς', 'σ'],
]);
const withLetters = new RegExp(`[${[...letters.keys()].join('')}]`, 'g');

/** A folded text folds to itself. */
export function fold(text: string): string {
  if (!special.test(text)) return text.toLowerCase();
  return (
    text
      // Alone, it is an apostrophe to whoever types it, and a blank with an accent to Unicode.
      .replace(/[\u00b4\u1ffd]/g, "'")
      .normalize('NFKD')
      .replace(unseen, '')
      .replace(marks, '')
      // By way of capitals, which bring together more than small letters do: ß and SS, ſ and S, ı and I.
      .toLowerCase()
      .toUpperCase()
      .toLowerCase()
      // Some come apart only now.
      .normalize('NFKD')
      .replace(marks, '')
      .replace(withLetters, (letter) => letters.get(letter) ?? letter)
      .replace(apostrophes, "'")
      .replace(dashes, '-')
      .replace(/\s+/g, ' ')
  );
}

/** Numbers as they are written to be read: `+49 170/12 34-56`. */
const spaced = /\+?\d[\d ()./-]*\d/g;
const onlySpaced = /^[ ()./-]*\+?\d[\d ()./-]*$/;
const between = /[ ()./-]+/g;
/** Shorter ones are house numbers and the like. */
const digitsMin = 6;

/**
 * The long numbers of a folded text that have anything between their digits, without it, each behind a U+0000: a
 * telephone number is found however it is written.
 */
export function joinedNumbers(text: string): string {
  let joined = '';
  for (const [number] of text.matchAll(spaced)) {
    const digits = number.replace(between, '');
    if (digits !== number && isLong(digits)) joined += `\0${digits}`;
  }
  return joined;
}

/** A folded word or phrase, as it is found in a text with its `joinedNumbers`. */
export function joinedNumber(word: string): string {
  if (!onlySpaced.test(word)) return word;
  const digits = word.replace(between, '');
  return isLong(digits) ? digits : word;
}

function isLong(digits: string): boolean {
  return digits.length - (digits.startsWith('+') ? 1 : 0) >= digitsMin;
}
