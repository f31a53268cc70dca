/** Malformed input: good messages with a fault, and data that is no message. */

import { eventNames } from '../protocol/events.ts';
import { limits } from '../protocol/limits.ts';
import type { Chance } from '../testkit/chance.ts';

/** One input, as bytes, because much of it is not text. */
export interface FuzzInput {
  readonly bytes: Buffer;
  /** It may end the connection, so the hub may not read what follows. */
  readonly mayEnd: boolean;
}

const aroundOf = (limit: number): number[] => [limit - 1, limit, limit + 1];
/** A string that becomes raw JSON which `JSON.stringify` never writes. */
const raw = (json: string): string => `\u0000raw${json}\u0000`;
const unraw = (json: string): string =>
  json.replaceAll(/"\\u0000raw(.*?)\\u0000"/gs, (_, inner: string) => JSON.parse(`"${inner}"`) as string);

function nested(levels: number, open = '{"a":', close = '}'): string {
  return raw(`${open.repeat(levels)}1${close.repeat(levels)}`);
}

/** Wrong values. */
function fuzzValue(chance: Chance): unknown {
  const { int, pick } = chance;
  return pick<() => unknown>([
    () => null,
    () => undefined,
    () => pick([true, 0, -1, 1e308, -0, 2 ** 53, 0.1]),
    () => pick(['', ' ', '\n', '\u0000', '\u202e', 'a\u0000b', '💥', '__proto__', 'constructor', 'toString']),
    () =>
      pick([
        '[object Object]',
        '<script>alert(1)</script>',
        "'; DROP TABLE log; --",
        '../../etc/passwd',
        '%00',
      ]),
    () =>
      raw(
        pick(['"\\ud83d"', '"\\udc00x"', '1e999', '-0', '01', 'NaN', 'undefined', '"\\x"', "'a'", '"a\nb"']),
      ),
    () =>
      raw(pick(['{"__proto__":{"role":"admin"}}', '{"constructor":{"prototype":{"a":1}}}', '{"a":1,"a":2}'])),
    () => 'x'.repeat(pick(aroundOf(pick([limits.idLength, limits.nameLength, limits.stringLength])))),
    () => Array.from({ length: pick([0, 1, 300]) }, () => null),
    () => Object.fromEntries(Array.from({ length: pick(aroundOf(limits.keys)) }, (_, i) => [`k${i}`, i])),
    () => nested(pick(aroundOf(limits.depth))),
    () => nested(pick([100, 1_000, 2_000]), ...pick([['{"a":', '}'] as const, ['[', ']'] as const])),
    () => raw(`{"toString":null,"valueOf":1,"then":"x","toJSON":"x","length":${int(0, 9)}}`),
  ])();
}

/** A command with one or two faults. */
function fuzzCommand(chance: Chance): unknown {
  const { int, pick } = chance;
  const payload = { store: 'red', orderID: String(int(1, 50)), customer: 'Hulda', address: '835 Meluk Pass' };
  const details = pick([{}, { reason: 'not-home' }, { text: 'x' }, { rev: 1 }, { driver: 'ben' }]);
  const command: Record<string, unknown> = {
    event: pick(eventNames),
    payload,
    details,
    id: `c${int(1, 1_000)}`,
    occurredAt: '2026-11-20T18:02:59.001Z',
  };
  for (let count = int(0, 2); count >= 0; count -= 1) {
    const inside: Record<string, unknown> = pick([command, command, payload, details]);
    const name = pick([...Object.keys(inside), 'more', '__proto_', 'prototype', 'hasOwnProperty']);
    inside[name] = fuzzValue(chance);
  }
  return pick([() => command, () => command, () => command, () => [command], () => fuzzValue(chance)])();
}

/** JSON, or almost. */
export function fuzzJson(chance: Chance): string {
  const text = unraw(JSON.stringify(fuzzCommand(chance)) ?? 'undefined');
  // Object literals cannot have this key.
  return chance.int(0, 9) === 0 ? text.replace('"payload"', '"__proto__"') : text;
}

/** JSON as bytes, whole or damaged. */
export function fuzzLine(chance: Chance): FuzzInput {
  const { int, pick } = chance;
  const bytes = Buffer.from(fuzzJson(chance));
  const cut = bytes.subarray(0, int(0, bytes.length));
  const made = pick<() => Buffer>([
    () => bytes,
    () => bytes,
    () => bytes,
    // Cuts the end, perhaps in the middle of a character.
    () => cut,
    () => Buffer.concat([cut, Buffer.from([0xf0, 0x9f, 0x92])]),
    () => Buffer.concat([cut, Buffer.from([0xff, 0xfe, 0x00, 0xc0, 0x80])]),
    () =>
      Buffer.from(
        pick(['ERROR', 'PING', 'PONG.', '}', ']', '{}', '{{{{', '"', '\r', '\t', '{"event":', 'null']),
      ),
    () => Buffer.from(Array.from({ length: int(1, 60) }, () => int(0, 255)).filter((byte) => byte !== 10)),
  ])();
  const length = int(0, 1_500) === 0 ? pick(aroundOf(limits.commandBytes)) : 0;
  const padded = length > 0 ? padTo(length) : made;
  return { bytes: padded, mayEnd: padded.length > limits.commandBytes - 64 };
}

/** An order of this size. */
function padTo(length: number): Buffer {
  const texts = Array.from({ length: 20 }, (_, i) => [`k${i}`, 'x'.repeat(780)]);
  const order = {
    store: 'red',
    orderID: 'big',
    customer: 'Hulda',
    address: 'Pass',
    ...Object.fromEntries(texts),
  };
  const text = JSON.stringify({ event: 'pickup', payload: order });
  const rest = Math.max(0, length - Buffer.byteLength(text));
  return Buffer.from(text.replace('"customer":"', `"customer":"${'y'.repeat(rest)}`));
}
