/**
 * Numbers that JavaScript would change, kept as the text that they came as. An order id may be longer than 2^53, and
 * the next one must not be the same. And what else JSON can say that we could not give back.
 */

import { escapeUnseen } from '../../protocol/characters.ts';
import { CapsError } from '../../protocol/errors.ts';
import { limits } from '../../protocol/limits.ts';

/** Numbers that are kept as text, each by the keys that lead to it. */
export type NumberPaths = readonly (readonly string[])[];

export interface Exact {
  readonly value: unknown;
  readonly numbers: NumberPaths;
}

/** JSON with such a number has so many digits in a row, an exponent, or a nought with a sign. Most has none of them. */
const mayHaveOne = /[[:,\s]-?(?:[\d.]{16}|\d[\d.]*[eE])|[[:,\s]-0(?:\.0*)?(?![\d.])/;

/** A message may be nested so deep, with what it comes in around it. */
const depthMax = limits.depth + 2;

/** Writes a number as this text. Node has it, our types have not heard of it. */
const { rawJSON, isRawJSON } = JSON as unknown as {
  /** @throws SyntaxError where the text is no JSON */
  rawJSON(text: string): object;
  isRawJSON(value: unknown): boolean;
};
/** Strings, and what structures JSON beside the colons. */
const tokens = /"[^"\\]*(?:\\.[^"\\]*)*"|[{}[\],]/g;
/** Of the way to a part, in characters. */
const fieldMax = 200;
/** More digits can no number be asked for. */
const digitsMax = 100;
const quote = 0x22;
/** As JSON writes it: nothing else may be written as it is. */
const numberForm = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

/** Of JSON that is nested too deep it is of no use: that is refused anyway, and reading it would end the stack. */
export function needsExactness(json: string): boolean {
  return mayHaveOne.test(json) && depthOf(json) <= depthMax;
}

/** How deep it is nested, read without recursion. */
function depthOf(json: string): number {
  let [depth, deepest] = [0, 0];
  // What stands in a string opens nothing.
  for (const [bracket] of json.replace(/"(?:[^"\\]|\\.)*"/gs, '').matchAll(/[[\]{}]/g)) {
    depth += bracket === '[' || bracket === '{' ? 1 : -1;
    deepest = Math.max(deepest, depth);
  }
  return deepest;
}

/** @throws SyntaxError; RangeError where it is nested thousands deep, see `needsExactness` */
export function parseExactly(json: string): Exact {
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
 * What of this JSON would not come back as it came, because a number is none of JavaScript's or an object has a key
 * twice. For those who are answered; what plain clients send is kept exactly instead.
 * @param json that can be read @param value what has been read of it
 */
export function lossesIn(json: string, value: unknown): readonly Loss[] {
  const { names, hasNumber } = countsIn(value);
  // In a text there may be what looks like a name; but one that stands twice is one the fewer in what was read of it.
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

/** The first of these, where there is one. @returns bad-message, which names the part */
export function lossIn(json: string, value: unknown): CapsError | undefined {
  const [first] = lossesIn(json, value);
  return first && lost(first.path, first.why);
}

export function lost(path: readonly string[], why: string): CapsError {
  const field = escapeUnseen(path.join('.').slice(0, fieldMax));
  return new CapsError('bad-message', `${field}: ${why}`, { details: { field } });
}

/** How often a quotation mark and a colon follow each other, which is behind every name and seldom elsewhere. */
function namesIn(json: string): number {
  let count = 0;
  for (let at = json.indexOf(':'); at >= 0; at = json.indexOf(':', at + 1)) {
    let before = at - 1;
    while (json.charCodeAt(before) <= 0x20) before -= 1;
    if (json.charCodeAt(before) === quote) count += 1;
  }
  return count;
}

/** How many names all its objects have together, and whether there is any number. Without recursion, however deep it is nested. */
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

/** The ways to the keys that their objects have already. Without recursion, however deep it is nested. */
function repeatedKeysIn(json: string): string[][] {
  const found: string[][] = [];
  /** What is open, the innermost last: an object by its keys, a list by how many of its parts have begun. */
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
 * A number under this key of an object, to be written again as it came. Without recursion, however deep the rest is.
 * @param json of the object @param value what has been read there
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
 * Whether the number says something else than its text: a whole one past 2^53, one past all numbers or next to none,
 * nought with a sign, which JSON is not written with, or one with more digits than are kept.
 */
function isChanged(value: unknown, text: string): boolean {
  if (typeof value !== 'number' || !Number.isFinite(value) || Object.is(value, -0)) return true;
  if (/^-?\d+$/.test(text)) return !Number.isSafeInteger(value);
  const said = digitsOf(text);
  if (said.length > digitsMax) return true;
  return digitsOf(said === '' ? String(value) : value.toPrecision(said.length)) !== said;
}

/** Without the noughts around them. */
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
 * The same, with these as the numbers that they came as wherever it is written as JSON. Paths that lead to no text of
 * a number are passed over.
 */
export function withNumbers(value: unknown, numbers: NumberPaths): unknown {
  const copy = structuredClone(value);
  for (const path of numbers) {
    let place: unknown = copy;
    for (const key of path.slice(0, -1)) place = isObject(place) ? place[key] : undefined;
    const last = path.at(-1);
    // A path may lead on from a number that another has put in.
    if (last === undefined || !isObject(place) || isRawJSON(place)) continue;
    const text = place[last];
    if (typeof text === 'string' && numberForm.test(text)) place[last] = rawJSON(text);
  }
  return copy;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
