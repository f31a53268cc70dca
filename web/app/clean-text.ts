import { withoutFaults } from '../../protocol/characters.ts';

/**
 * What somebody typed or pasted, as it is sent. Signs that the hub takes in no text go without a word: programs put
 * them there, around a phone number for one, and nobody can mend what they do not see.
 */
export function cleanText(text: string): string {
  return withoutFaults(text, 'text').trim();
}
