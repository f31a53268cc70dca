import { withoutFaults } from '../../protocol/characters.ts';

/**
 * Removes characters that the hub refuses from typed or pasted text. Programs put such invisible characters around phone
 * numbers, for example, and nobody could remove them by hand.
 */
export function cleanText(text: string): string {
  return withoutFaults(text, 'text').trim();
}
