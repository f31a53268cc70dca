/** How messages look on the TCP door. */

import type { CapsError } from '../../../protocol/errors.ts';
import { PROTOCOL_VERSION } from '../../../protocol/limits.ts';
import { lossIn, numberAsWritten } from '../../edge/exact-json.ts';
import type { Message as HubMessage } from '../../hub/message.ts';
import type { Scanned } from './json-scanner.ts';
import { type PlainObject, plainObjectIn } from './taste.ts';

/** Signs of life, and the end of it. */
export const ping = 'PING.';
export const farewell = 'GOTTA GO.';
/** What the door itself answers; everything else is a command. */
const own: ReadonlySet<string> = new Set(['hello', 'duty']);

/**
 * As a client gave it, to know the answer by; only a text is a command's own. An object is a number that JavaScript
 * would make another: as JSON it is what came.
 */
export type MessageId = string | number | object;

export interface Message extends PlainObject {
  readonly id: MessageId | undefined;
  readonly details: unknown;
  /** As it came. */
  readonly whole: object;
  readonly json: string;
  /** Why it is not even looked at. */
  readonly tooFast?: CapsError | undefined;
  /** What of it could not be kept as it came. */
  readonly loss?: CapsError | undefined;
}

/**
 * Undefined where it has no event, or says nothing about it.
 * @param isBound by somebody who is, and is taken at their word; anybody else puts it in one of several ways
 */
export function asMessage(whole: object, json: string, isBound: boolean): Message | undefined {
  const said = isBound ? boundObjectIn(whole) : plainObjectIn(whole, json);
  if (!said) return undefined;
  // Beside the event, an id is the order's.
  const more = said.carrier === 'payload' ? whole : {};
  const loss = isBound ? lossIn(json, whole) : undefined;
  const details = 'details' in more ? more.details : undefined;
  return { ...said, id: idIn(more, json), details, whole, json, loss };
}

function boundObjectIn(whole: object): PlainObject | undefined {
  if (!('event' in whole) || typeof whole.event !== 'string' || !('payload' in whole)) return undefined;
  return { event: whole.event, payload: whole.payload, numbers: [], carrier: 'payload' };
}

/** A hello's handshake, which need not say which protocol it speaks. */
export function handshakeIn(payload: unknown): unknown {
  const isObject = typeof payload === 'object' && payload !== null;
  return isObject ? { protocol: PROTOCOL_VERSION, ...payload } : payload;
}

/** Also of what is no message. */
export function idIn(whole: object, json: string): MessageId | undefined {
  const id = 'id' in whole ? whole.id : undefined;
  if (typeof id === 'number') return numberAsWritten(json, 'id', id);
  return typeof id === 'string' ? id : undefined;
}

/** @param id of the message that is refused, where it has one */
export function errorLine(error: CapsError, id?: MessageId): string {
  return JSON.stringify({ event: 'error', ...(id === undefined ? {} : { id }), payload: error.toWire() });
}

export function answerLine(id: MessageId | undefined, answer: object): string {
  return JSON.stringify({ event: 'answer', ...(id === undefined ? {} : { id }), payload: answer });
}

export function lineOf({ name, json }: HubMessage): string {
  return `{"event":"${name}","payload":${json}}`;
}

/** @param isBound a plain client that says "offers" chats */
export function isOwn({ event }: Message, isBound: boolean): boolean {
  return own.has(event) || (isBound && event === 'offers');
}

/** A hello comes once, and signs of life cost nothing. */
export function isFree(one: Scanned, message: Message | undefined): boolean {
  return message?.event === 'hello' || (one.kind === 'text' && (one.text === ping || one.text === farewell));
}
