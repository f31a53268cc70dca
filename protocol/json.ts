import { CapsError } from './errors.ts';
import { limits } from './limits.ts';

const encoder = new TextEncoder();

/**
 * Refuses a JSON value that is too deep, too wide or too long, before any recursive code sees it: 10 kB of JSON nested
 * 5,000 deep must not end the process. Also refuses `__proto__` as a key and half of a surrogate pair in a string,
 * because the log would return neither unchanged.
 *
 * @param bytesMax limit of the value's JSON text in UTF-8
 * @throws CapsError too-large, bad-message
 */
export function fitsLimits(value: unknown, bytesMax: number): void {
  // Upper bound: a code unit takes at most six bytes (\u0000). Only a value near the limit pays for an exact count.
  let bytesAtMost = 0;
  const stack: Part[] = [{ value, depth: 0, key: '', parent: undefined }];
  for (let next = stack.pop(); next; next = stack.pop()) {
    const { value, depth } = next;
    if (typeof value === 'string') {
      bytesAtMost += 2 + 6 * checkString(value, next);
    } else if (typeof value !== 'object' || value === null) {
      bytesAtMost += 24;
    } else {
      if (depth >= limits.depth) {
        throw refused('too-large', `This message is nested deeper than ${limits.depth} levels.`, next);
      }
      if (value instanceof ArrayBuffer || ArrayBuffer.isView(value)) {
        throw refused('bad-message', 'This message has a binary part.', next);
      }
      const entries = Object.entries(value);
      if (!Array.isArray(value) && entries.length > limits.keys) {
        throw refused('too-large', `An object here has more than ${limits.keys} keys.`, next);
      }
      // Each entry takes at least two bytes, so a long list fails before the walk.
      if (2 * entries.length > bytesMax) throw tooManyBytes(2 * entries.length, bytesMax);
      bytesAtMost += 2;
      for (const [key, inner] of entries) {
        if (key === '__proto__') {
          throw refused('bad-message', 'A key may not be called "__proto__".', next);
        }
        bytesAtMost += 4 + 6 * checkString(key, next);
        stack.push({ value: inner, depth: depth + 1, key, parent: next });
      }
    }
  }
  if (bytesAtMost <= bytesMax) return;
  const bytes = encoder.encode(JSON.stringify(value)).length;
  if (bytes > bytesMax) throw tooManyBytes(bytes, bytesMax);
}

/** A nested value and the path to it. */
interface Part {
  readonly value: unknown;
  readonly depth: number;
  readonly key: string;
  readonly parent: Part | undefined;
}

/** Names the field as `parse` does: `payload.customer`. */
function refused(code: 'too-large' | 'bad-message', message: string, part: Part): CapsError {
  const way: string[] = [];
  for (let at: Part | undefined = part; at?.parent; at = at.parent) way.unshift(at.key);
  return new CapsError(code, message, way.length > 0 ? { details: { field: way.join('.') } } : {});
}

function tooManyBytes(bytesAtLeast: number, bytesMax: number): CapsError {
  return new CapsError(
    'too-large',
    `This message has ${bytesAtLeast} bytes or more; the limit is ${bytesMax}.`,
  );
}

function checkString(text: string, part: Part): number {
  if (text.length > limits.stringLength) {
    throw refused('too-large', `A text here is longer than ${limits.stringLength} characters.`, part);
  }
  if (!text.isWellFormed()) throw refused('bad-message', 'A text here holds half of a character.', part);
  return text.length;
}

/** Deep equality of JSON values: ignores the order of keys, and treats an absent key like undefined. */
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
