/** Characters that nobody sees, and those that make a text read as another. Without the schemas, for browsers. */

import { limits } from './limits.ts';

/** Not blanks: those are seen by what stands around them. */
const hidden = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u;
const seen = /[^\s\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}\u2800]/u;
/** Which turn the direction of what follows, and say so to nobody. */
const turning = /[\u202a-\u202e]/g;

/** Whether there is anything to see in a text. */
export function isSeen(text: string): boolean {
  return seen.test(text);
}

/**
 * What keeps something new from being called by this id, as words that go on after its name; undefined: nothing.
 * Two ids that look the same are the same, and every one can stand in an address: there `.` and `..` mean others.
 */
export function idProblem(id: string): string | undefined {
  if (id === '') return 'is empty';
  if (id.length > limits.idLength) return `is longer than ${limits.idLength} characters`;
  if (id.trim() !== id) return 'begins or ends with a space';
  if (hidden.test(id)) return 'has a character that cannot be seen, or a line break';
  if (!isSeen(id)) return 'has nothing in it that can be seen';
  if (id === '.' || id === '..') return 'is a place in an address, and no name';
  return undefined;
}

/** Breaks of lines, control characters, halves of characters. Marks that only say how what is beside them runs may stand. */
const breaking = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]/u;
const turningOrApart = /[\u202a-\u202e\u2066-\u2069]/;

/**
 * What keeps a text from being shown as one line among others, as words that go on after its name; undefined: nothing.
 */
export function lineProblem(text: string): string | undefined {
  if (breaking.test(text)) return 'has a line break or another control character';
  if (turningOrApart.test(text)) return 'has a character that turns the direction of what follows';
  return text === '' || isSeen(text) ? undefined : 'has nothing in it that can be seen';
}

/** The text with what would turn its direction written out, for where nothing keeps that from what stands beside it. */
export function withTurnsShown(text: string): string {
  return text.replace(turning, (sign) => `\\u${(sign.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`);
}
