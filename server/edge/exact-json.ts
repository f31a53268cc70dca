/**
 * Keeps numbers as text that JavaScript would change: an order id may exceed 2^53, and its neighbour must not become
 * the same id. Also finds everything else in JSON that could not be returned as it came.
 */

import { escapeUnseen } from '../../protocol/characters.ts';
import { CapsError } from '../../protocol/errors.ts';
import { limits } from '../../protocol/limits.ts';

/** Paths of keys to numbers kept as text. */
export type NumberPaths = readonly (readonly string[])[];

export interface ExactJson {
  readonly value: unknown;
  readonly numbers: NumberPaths;
}

/** Matches many digits in a row, an exponent, or a signed zero: most JSON has none of them. */
const mayHaveOne = /[[:,\s]-?(?:[\d.]{16}|\d[\d.]*[eE])|[[:,\s]-0(?:\.0*)?(?![\d.])/;

/** A message's own depth limit, plus its envelope. */
const depthMax = limits.depth + 2;

/** Writes a number as this text. Our types lack it. */
const { rawJSON, isRawJSON } = JSON as unknown as {
  /** @throws SyntaxError if the text is no JSON */
  rawJSON(text: string): object;
  isRawJSON(value: unknown): boolean;
};
/** Strings, and JSON's structure without colons. */
const tokens = /"[^"\\]*(?:\\.[^"\\]*)*"|[{}[\],]/g;
/** Characters of a path in an error. */
const fieldMax = 200;
/** Longer numbers are refused. */
const digitsMax = 100;
const quote = 0x22;
/** JSON's own form of a number; raw text must match it. */
const numberForm = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

/** False for JSON that is nested too deep: it is refused anyway, and parsing it would overflow the stack. */
export function needsExactness(json: string): boolean {
  return mayHaveOne.test(json) && depthOf(json) <= depthMax;
}

/** Nesting depth, without recursion. */
function depthOf(json: string): number {
  let [depth, deepest] = [0, 0];
  // Brackets in strings do not count.
  for (const [bracket] of json.replace(/"(?:[^"\\]|\\.)*"/gs, '').matchAll(/[[\]{}]/g)) {
    depth += bracket === '[' || bracket === '{' ? 1 : -1;
    deepest = Math.max(deepest, depth);
  }
  return deepest;
}

/** @throws SyntaxError; RangeError if nested thousands deep, see `needsExactness` */
export function parseExactly(json: string): ExactJson {
  const kept = new WeakMap<object, string[]>();
  const reviver = function (this: object, key: string, value: unknown, ...more: readonly unknown[]): unknown {
    const text = typeof value === 'number' ? sourceIn(more[0]) : undefined;
    if (text === undefined || String(value) === text || !isChanged(value, text)) return value;
    const keys = kept.get(this);
    if (keys) keys.push(key);
    else kept.set(this, [key]);
    return text;
  };
  const value: unknown = JSON.parse(json, reviver);
  return { value, numbers: pathsIn(value, kept) };
}

/** A part of a JSON text that would not come back as it came. */
export interface Loss {
  readonly path: readonly string[];
  readonly why: string;
}

/**
 * Parts that would not come back as they came: numbers that JavaScript cannot hold, and duplicate keys. For clients
 * that get an answer; plain clients' JSON is kept exactly instead.
 * @param json valid JSON @param value its parsed form
 */
export function lossesIn(json: string, value: unknown): readonly Loss[] {
  const { names, hasNumber } = countsIn(value);
  // A string may contain what looks like a name, but a duplicate key always leaves fewer names in the value.
  const twice = namesIn(json) === names ? [] : repeatedKeysIn(json);
  const numbers = (hasNumber || twice.length > 0) && needsExactness(json) ? parseExactly(json).numbers : [];
  return [
    ...numbers.map((path) => ({
      path,
      why: 'This number cannot be kept as it was written; send it as a text.',
    })),
    ...twice.map((path) => ({ path, why: 'This key stands twice in one object; only one can be kept.' })),
  ];
}

/** @returns bad-message that names the first such part, if there is one */
export function lossIn(json: string, value: unknown): CapsError | undefined {
  const [first] = lossesIn(json, value);
  return first && lost(first.path, first.why);
}

export function lost(path: readonly string[], why: string): CapsError {
  const field = escapeUnseen(path.join('.').slice(0, fieldMax));
  return new CapsError('bad-message', `${field}: ${why}`, { details: { field } });
}

/** Counts `":`, which follows every name and is rare elsewhere. */
function namesIn(json: string): number {
  let count = 0;
  for (let at = json.indexOf(':'); at >= 0; at = json.indexOf(':', at + 1)) {
    let before = at - 1;
    while (json.charCodeAt(before) <= 0x20) before -= 1;
    if (json.charCodeAt(before) === quote) count += 1;
  }
  return count;
}

/**
 * Counts the names in all objects, and whether there is any number. Without recursion, because the depth is
 * unlimited.
 */
function countsIn(value: unknown): { names: number; hasNumber: boolean } {
  const counts = { names: 0, hasNumber: typeof value === 'number' };
  const open: object[] = [];
  const look = (inner: unknown) => {
    if (typeof inner === 'number') counts.hasNumber = true;
    else if (typeof inner === 'object' && inner !== null) open.push(inner);
  };
  look(value);
  for (let next = open.pop(); next; next = open.pop()) {
    if (Array.isArray(next)) {
      for (const inner of next) look(inner);
    } else {
      const inside = Object.values(next);
      counts.names += inside.length;
      for (const inner of inside) look(inner);
    }
  }
  return counts;
}

/** Paths of duplicate keys. Without recursion, because the depth is unlimited. */
function repeatedKeysIn(json: string): string[][] {
  const found: string[][] = [];
  /** Stack of open values: an object with its keys, a list with the number of its parts. */
  const open: ({ keys: Set<string>; key: string } | { keys: undefined; key: number })[] = [];
  let isKeyNext = false;
  for (const [token] of json.matchAll(tokens)) {
    const inner = open.at(-1);
    if (token === '{') open.push({ keys: new Set(), key: '' });
    else if (token === '[') open.push({ keys: undefined, key: 0 });
    else if (token === '}' || token === ']') open.pop();
    else if (token === ',' && inner && !inner.keys) inner.key += 1;
    else if (token.startsWith('"') && isKeyNext && inner?.keys) {
      const key = textOf(token);
      inner.key = key;
      if (inner.keys.has(key)) found.push(open.map(({ key }) => String(key)));
      inner.keys.add(key);
    }
    isKeyNext = token === '{' || (token === ',' && inner?.keys !== undefined);
  }
  return found;
}

function textOf(token: string): string {
  return token.includes('\\') ? String(JSON.parse(token)) : token.slice(1, -1);
}

/**
 * A number under this key, to be written again as it came. Without recursion, because the depth is unlimited.
 * @param json of the object @param value the parsed number
 */
export function numberAsWritten(json: string, key: string, value: number): number | object {
  if (!mayHaveOne.test(json)) return value;
  let [depth, from, source] = [0, -1, ''];
  let isKeyNext = false;
  for (const { 0: token, index } of json.matchAll(tokens)) {
    if (from >= 0) source = json.slice(from, index).replace(':', '').trim();
    from =
      depth === 1 && isKeyNext && token.startsWith('"') && textOf(token) === key ? index + token.length : -1;
    if (token === '{' || token === '[') depth += 1;
    else if (token === '}' || token === ']') depth -= 1;
    isKeyNext = token === '{' || token === ',';
  }
  return numberForm.test(source) && isChanged(value, source) ? rawJSON(source) : value;
}

function sourceIn(context: unknown): string | undefined {
  if (typeof context !== 'object' || context === null || !('source' in context)) return undefined;
  return typeof context.source === 'string' ? context.source : undefined;
}

/**
 * Whether the parsed number differs from its text: an integer past 2^53, an overflow or underflow, a signed zero, or
 * too many digits.
 */
function isChanged(value: unknown, text: string): boolean {
  if (typeof value !== 'number' || !Number.isFinite(value) || Object.is(value, -0)) return true;
  if (/^-?\d+$/.test(text)) return !Number.isSafeInteger(value);
  const said = digitsOf(text);
  if (said.length > digitsMax) return true;
  return digitsOf(said === '' ? String(value) : value.toPrecision(said.length)) !== said;
}

/** Without leading and trailing zeros. */
function digitsOf(number: string): string {
  return number
    .replace(/e.*/i, '')
    .replace(/\D/g, '')
    .replace(/^0+|0+$/g, '');
}

function pathsIn(value: unknown, kept: WeakMap<object, string[]>): NumberPaths {
  if (typeof value !== 'object' || value === null) return [];
  return [
    ...(kept.get(value) ?? []).map((key) => [key]),
    ...Object.entries(value).flatMap(([key, inner]) => pathsIn(inner, kept).map((path) => [key, ...path])),
  ];
}

/**
 * A copy in which these paths are numbers again wherever it is written as JSON. Paths to anything else are ignored.
 */
export function withNumbers(value: unknown, numbers: NumberPaths): unknown {
  const copy = structuredClone(value);
  for (const path of numbers) {
    let place: unknown = copy;
    for (const key of path.slice(0, -1)) place = isObject(place) ? place[key] : undefined;
    const last = path.at(-1);
    // A path may lead through a number that was just put in.
    if (last === undefined || !isObject(place) || isRawJSON(place)) continue;
    const text = place[last];
    if (typeof text === 'string' && numberForm.test(text)) place[last] = rawJSON(text);
  }
  return copy;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
