/**
 * Texts with line breaks of any kind. Invisible characters and those that reverse the direction, which older logs may
 * contain, are written out.
 */

import { escapeUnseen } from '../../protocol/characters.ts';

const breaks = /\r\n|[\n\v\f\r\u0085\u2028\u2029]/g;

/** Replaces line breaks by spaces. */
export function oneLine(text: string): string {
  return escapeUnseen(text.replace(breaks, ' '));
}

/** Replaces line breaks by `\n`, the only one that `white-space: pre-line` keeps. */
export function lines(text: string): string {
  return text.split(breaks).map(escapeUnseen).join('\n');
}
