/** Phone numbers as people write them. */

const arabicDigits = /[\u0660-\u0669\u06f0-\u06f9]/g;
const typedMax = 40;

/**
 * E.164 where it is certain, as in `+49 30 1234567`, `0049…` or `+49 (0)30 …`; else as it was typed: the country of a
 * national number is nobody's to guess.
 * @returns undefined if it is no number
 */
export function phoneNumber(typed: string): string | undefined {
  const text = typed
    .replace(arabicDigits, (digit) => String((digit.codePointAt(0) ?? 0) & 0xf))
    .replace(/[\p{Cf}]/gu, '')
    .trim();
  if (text.length > typedMax || !/^\(?\+?\d/.test(text) || /\p{Cc}/u.test(text)) return undefined;
  if (text.replace(/\D/g, '').length < 3) return undefined;
  const isPlain = /^[+\d\s()./\-\u2010-\u2013]*$/.test(text);
  const trunk = /\(0\)/.test(text);
  const international = /^(?:\(?\+|00)/.test(text);
  const number = (trunk ? text.replace('(0)', '') : text).replace(/\D/g, '').replace(/^00/, '');
  // Italians keep the zero that others leave out behind their country's number.
  const isCertain =
    isPlain && international && /^[1-9]\d{7,14}$/.test(number) && !(trunk && number.startsWith('39'));
  return isCertain ? `+${number}` : text.replace(/\s+/g, ' ');
}
