/**
 * Texts that people pasted with breaks in them, of whichever kind. What an older log has in them that nobody sees, or
 * that turns what follows around, is written out.
 */

import { escapeUnseen } from '../../protocol/characters.ts';

const breaks = /\r\n|[\n\v\f\r\u0085\u2028\u2029]/g;

/** For a row, which has one line: a space where there was a break. */
export function oneLine(text: string): string {
  return escapeUnseen(text.replace(breaks, ' '));
}

/** With breaks that a style sheet can keep (`pre-line`): browsers know no other than this one. */
export function lines(text: string): string {
  return text.split(breaks).map(escapeUnseen).join('\n');
}
