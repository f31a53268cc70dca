/** Messages as the TCP door reads and writes them. */

import type { CapsError } from '../../../protocol/errors.ts';
import { PROTOCOL_VERSION } from '../../../protocol/limits.ts';
import { lossIn, numberAsWritten } from '../../edge/exact-json.ts';
import type { Message as HubMessage } from '../../hub/message.ts';
import type { ScannedPart } from './json-scanner.ts';
import { type PlainObject, plainObjectIn } from './taste.ts';

/** A heartbeat, and the end of the connection. */
export const ping = 'PING.';
export const farewell = 'GOTTA GO.';
/** Their answers, for all but devices of the gateway. */
export const pong = 'PONG.';
export const goodbye = 'BYE.';
/** Messages that the door answers itself; all others are commands. */
const own: ReadonlySet<string> = new Set(['hello', 'duty']);

/**
 * The client's id of a message, echoed in the answer. Commands need a string. An object is a number that JavaScript
 * cannot hold: it becomes the JSON that came.
 */
export type MessageId = string | number | object;

export interface Message extends PlainObject {
  readonly id: MessageId | undefined;
  readonly details: unknown;
  /** The object as it came. */
  readonly whole: object;
  readonly json: string;
  /** Set if the rate limit refuses it. */
  readonly tooFast?: CapsError | undefined;
  /** Set if JavaScript cannot hold it as it came. */
  readonly loss?: CapsError | undefined;
}

/**
 * Undefined without an event or without anything about it.
 * @param isBound whether the client has said hello, and so must use our form; a plain client may use several
 */
export function asMessage(whole: object, json: string, isBound: boolean): Message | undefined {
  const said = isBound ? boundObjectIn(whole) : plainObjectIn(whole, json);
  if (!said) return undefined;
  // An id beside the event belongs to the order unless there is a payload.
  const more = said.carrier === 'payload' ? whole : {};
  const loss = isBound ? lossIn(json, whole) : undefined;
  const details = 'details' in more ? more.details : undefined;
  return { ...said, id: idIn(more, json), details, whole, json, loss };
}

function boundObjectIn(whole: object): PlainObject | undefined {
  if (!('event' in whole) || typeof whole.event !== 'string' || !('payload' in whole)) return undefined;
  return { event: whole.event, payload: whole.payload, numbers: [], carrier: 'payload' };
}

/** A hello's handshake; it may omit the protocol. */
export function handshakeIn(payload: unknown): unknown {
  const isObject = typeof payload === 'object' && payload !== null;
  return isObject ? { protocol: PROTOCOL_VERSION, ...payload } : payload;
}

/** The id, even of an object that is no message. */
export function idIn(whole: object, json: string): MessageId | undefined {
  const id = 'id' in whole ? whole.id : undefined;
  if (typeof id === 'number') return numberAsWritten(json, 'id', id);
  return typeof id === 'string' ? id : undefined;
}

/** @param id of the refused message */
export function errorLine(error: CapsError, id?: MessageId): string {
  return JSON.stringify({ event: 'error', ...(id === undefined ? {} : { id }), payload: error.toWire() });
}

export function answerLine(id: MessageId | undefined, answer: object): string {
  return JSON.stringify({ event: 'answer', ...(id === undefined ? {} : { id }), payload: answer });
}

export function lineOf({ name, json }: HubMessage): string {
  return `{"event":"${name}","payload":${json}}`;
}

/** @param isBound false for a plain client, whose "offers" is chat */
export function isOwn({ event }: Message, isBound: boolean): boolean {
  return own.has(event) || (isBound && event === 'offers');
}

/** Exempt from the rate limit: a hello comes once, and heartbeats cost nothing. */
export function isFree(one: ScannedPart, message: Message | undefined): boolean {
  return message?.event === 'hello' || (one.kind === 'text' && (one.text === ping || one.text === farewell));
}
