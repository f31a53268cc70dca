import { CapsError } from './errors.ts';
import { limits } from './limits.ts';

const encoder = new TextEncoder();

/**
 * Refuses a JSON value that is too deep, too wide or too long, before anything walks it by recursion: 10 kB of
 * JSON nested 5,000 deep must not end the process. Also refuses `__proto__` as a key and half of a surrogate
 * pair in a string, because neither would come back out of the log as it went in.
 *
 * @param bytesMax of the value's JSON text in UTF-8
 * @throws CapsError too-large, bad-message
 */
export function fitsLimits(value: unknown, bytesMax: number): void {
  // An upper bound of the text's size: a code unit takes at most six bytes (\u0000). Only a value near the
  // limit pays for an exact measure.
  let bytesAtMost = 0;
  const stack: { value: unknown; depth: number }[] = [{ value, depth: 0 }];
  for (let next = stack.pop(); next; next = stack.pop()) {
    const { value, depth } = next;
    if (typeof value === 'string') {
      bytesAtMost += 2 + 6 * checkString(value);
    } else if (typeof value !== 'object' || value === null) {
      bytesAtMost += 24;
    } else {
      if (depth >= limits.depth) {
        throw new CapsError('too-large', `This message is nested deeper than ${limits.depth} levels.`);
      }
      if (value instanceof ArrayBuffer || ArrayBuffer.isView(value)) {
        throw new CapsError('bad-message', 'This message has a binary part.');
      }
      const entries = Object.entries(value);
      if (!Array.isArray(value) && entries.length > limits.keys) {
        throw new CapsError('too-large', `An object here has more than ${limits.keys} keys.`);
      }
      // Each entry takes two bytes at least: a long list need not be walked.
      if (2 * entries.length > bytesMax) throw tooManyBytes(2 * entries.length, bytesMax);
      bytesAtMost += 2;
      for (const [key, inner] of entries) {
        if (key === '__proto__') throw new CapsError('bad-message', 'A key may not be called "__proto__".');
        bytesAtMost += 4 + 6 * checkString(key);
        stack.push({ value: inner, depth: depth + 1 });
      }
    }
  }
  if (bytesAtMost <= bytesMax) return;
  const bytes = encoder.encode(JSON.stringify(value)).length;
  if (bytes > bytesMax) throw tooManyBytes(bytes, bytesMax);
}

function tooManyBytes(bytesAtLeast: number, bytesMax: number): CapsError {
  return new CapsError(
    'too-large',
    `This message has ${bytesAtLeast} bytes or more; the limit is ${bytesMax}.`,
  );
}

function checkString(text: string): number {
  if (text.length > limits.stringLength) {
    throw new CapsError('too-large', `A text here is longer than ${limits.stringLength} characters.`);
  }
  if (!text.isWellFormed()) throw new CapsError('bad-message', 'A text here holds half of a character.');
  return text.length;
}

/** Whether two JSON values say the same; the order of keys does not count, and an absent key is as undefined. */
export function sameJson(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const keys = new Set([...Object.keys(a), ...Object.keys(b)]);
  for (const key of keys) {
    if (!sameJson((a as Record<string, unknown>)[key], (b as Record<string, unknown>)[key])) return false;
  }
  return true;
}
