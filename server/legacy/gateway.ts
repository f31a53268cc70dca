/**
 * The vocabulary of the vehicle gateway: what its devices say, in text or as `{ "type": "message", "message", … }`, and
 * what the hub answers.
 */

import { escapeUnseen } from '../../protocol/characters.ts';
import { type DeviceReport, deviceIdPattern, deviceStatuses } from '../../protocol/devices.ts';
import { CapsError } from '../../protocol/errors.ts';

/** The hub's answers. A connection that has not said hello gets the door's own `BYE.`. */
export const gatewayAnswers = {
  hello: 'HI, NICE TO MEET YOU!',
  ping: 'PONG.',
  report: 'OK, THANKS!',
  farewell: 'SEE YA!',
} as const;

/** Types of a device's JSON messages: its answers to commands are replies. */
export const gatewayTypes: ReadonlySet<unknown> = new Set(['message', 'reply', 'updates']);

export type GatewayWord =
  /** @param device its id, in small letters */
  | { readonly kind: 'hello'; readonly device: string }
  | { readonly kind: 'ping' }
  | { readonly kind: 'farewell' }
  /** The answer to the hub's own farewell. */
  | { readonly kind: 'left' }
  | { readonly kind: 'report' | 'fine'; readonly report: DeviceReport }
  | { readonly kind: 'sure' | 'done' | 'sorry' };

const fixed: ReadonlyMap<string, GatewayWord> = new Map([
  ['PING.', { kind: 'ping' }],
  ['GOTTA GO.', { kind: 'farewell' }],
  ['SEE YA!', { kind: 'left' }],
  ['SURE, I WILL!', { kind: 'sure' }],
  ['DONE!', { kind: 'done' }],
  ["I CAN'T, SORRY.", { kind: 'sorry' }],
]);

const hello = /^HELLO, I'M (.{0,200})!$/s;
const report = /^(REPORT|FINE)\. I'M HERE (\S{1,40}) (\S{1,40}), (\S{1,40}) AND CHARGED AT (\S{1,40})%\.$/;
const decimal = /^[+-]?\d+(\.\d+)?(e[+-]?\d+)?$/i;

/** Texts that are complete without a newline behind them. */
export const gatewayWords = {
  has: (text: string): boolean => fixed.has(text) || hello.test(text) || report.test(text),
};

/** Whether the text is a device's word, or was meant as one. */
export function isGatewayText(text: string): boolean {
  return fixed.has(text) || text.startsWith("HELLO, I'M") || /^(REPORT|FINE)\./.test(text);
}

/** @returns undefined if this is not a device's word @throws CapsError bad-message if a part of it is wrong */
export function gatewayWordIn(text: string): GatewayWord | undefined {
  const known = fixed.get(text);
  if (known) return known;
  if (text.startsWith("HELLO, I'M")) return readHello(text);
  return /^(REPORT|FINE)\./.test(text) ? readReport(text) : undefined;
}

function readHello(text: string): GatewayWord {
  const [, said = ''] = hello.exec(text) ?? [];
  const device = said.toLowerCase();
  if (deviceIdPattern.test(device)) return { kind: 'hello', device };
  throw wrong(`A device says HELLO, I'M <uuid>! The UUID is missing or no UUID: ${quoted(said)}.`);
}

function readReport(text: string): GatewayWord {
  const [, word, latText = '', lonText = '', statusText = '', batteryText = ''] = report.exec(text) ?? [];
  if (word === undefined) {
    const form = `I'M HERE <lat> <lon>, <${deviceStatuses.join('|')}> AND CHARGED AT <n>%.`;
    throw wrong(`A report reads: ${text.startsWith('FINE') ? 'FINE' : 'REPORT'}. ${form}`);
  }
  const status = deviceStatuses.find((one) => one === statusText);
  if (!status) throw wrong(`A device is ${deviceStatuses.join(' or ')}, not ${quoted(statusText)}.`);
  return {
    kind: word === 'FINE' ? 'fine' : 'report',
    report: {
      position: {
        lat: numberIn('The latitude', latText, -90, 90),
        lon: numberIn('The longitude', lonText, -180, 180),
      },
      status,
      battery: numberIn('The charge', batteryText, 0, 100),
    },
  };
}

function numberIn(what: string, text: string, min: number, max: number): number {
  const value = decimal.test(text) ? Number(text) : Number.NaN;
  // Zero has one sign, as in JSON that JavaScript writes.
  if (value >= min && value <= max) return value + 0;
  throw wrong(`${what} is a number from ${min} to ${max}, not ${quoted(text)}.`);
}

function wrong(message: string): CapsError {
  return new CapsError('bad-message', message);
}

function quoted(text: string): string {
  return `"${escapeUnseen(text.slice(0, 40))}"`;
}
