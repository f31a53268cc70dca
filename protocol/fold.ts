/**
 * Normalizes spelling for search: case, accents, composition, `ß` and `ss`, kinds of spaces, dashes and apostrophes, and
 * invisible characters.
 *
 * The folded text contains the folded form of each of its parts, so a search may ask for any part of a word.
 */

/** Most texts have none of these and only need lower case. U+0000 separates texts. */
const special = /[^\0 -~]| {2}/;

// Marks of Latin, Greek, Cyrillic, Hebrew and Arabic. In other scripts a mark makes another letter: か is not が.
const marks =
  /[\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u064b-\u065f\u0670]|[\u1ab0-\u1aff]|[\u1dc0-\u1dff]|[\u20d0-\u20ff]|[\ufe20-\ufe2f]/g;
const unseen = /[\p{Default_Ignorable_Code_Point}\p{Cf}]/gu;
const apostrophes = /[\u02b9\u02bb\u02bc\u02c8\u2018-\u201b\u2032\u2035]/g;
const dashes = /[\u2010-\u2015\u2043\u2212]/g;
/** Letters that do not decompose, though people type them without their accent. */
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

/** Idempotent. */
export function fold(text: string): string {
  if (!special.test(text)) return text.toLowerCase();
  return (
    text
      // People type a lone acute accent as an apostrophe; NFKD would make it a space with an accent.
      .replace(/[\u00b4\u1ffd]/g, "'")
      .normalize('NFKD')
      .replace(unseen, '')
      .replace(marks, '')
      // Upper case unifies more than lower case does: ß and SS, ſ and S, ı and I.
      .toLowerCase()
      .toUpperCase()
      .toLowerCase()
      // Some letters only decompose after the change of case.
      .normalize('NFKD')
      .replace(marks, '')
      .replace(withLetters, (letter) => letters.get(letter) ?? letter)
      .replace(apostrophes, "'")
      .replace(dashes, '-')
      .replace(/\s+/g, ' ')
  );
}

/** Numbers with separators: `+49 170/12 34-56`. */
const spaced = /\+?\d[\d ()./-]*\d/g;
const onlySpaced = /^[ ()./-]*\+?\d[\d ()./-]*$/;
const between = /[ ()./-]+/g;
/** Shorter numbers are house numbers and the like. */
const digitsMin = 6;

/**
 * Removes the separators from the long numbers of a folded text, so that a search finds a phone number in any spelling.
 *
 * @returns only the numbers that had separators, each behind a U+0000
 */
export function joinedNumbers(text: string): string {
  let joined = '';
  for (const [number] of text.matchAll(spaced)) {
    const digits = number.replace(between, '');
    if (digits !== number && isLong(digits)) joined += `\0${digits}`;
  }
  return joined;
}

/** Spells a folded search word as it appears in a text that ends with its `joinedNumbers`. */
export function joinedNumber(word: string): string {
  if (!onlySpaced.test(word)) return word;
  const digits = word.replace(between, '');
  return isLong(digits) ? digits : word;
}

function isLong(digits: string): boolean {
  return digits.length - (digits.startsWith('+') ? 1 : 0) >= digitsMin;
}
