/** How messages look on the TCP door. */

import type { CapsError } from '../../protocol/errors.ts';
import { limits } from '../../protocol/limits.ts';
import type { ServerToClient } from '../../protocol/messages.ts';
import type { Scanned } from '../json-scanner.ts';
import { plainRecord, recordsIn } from '../plain-clients.ts';

/** Signs of life, and the end of it. */
export const ping = 'PING.';
export const farewell = 'GOTTA GO.';
/** What the door itself answers; everything else is a command. */
const own: ReadonlySet<string> = new Set(['hello', 'duty']);

export interface Message {
  readonly event: string;
  readonly payload: unknown;
  readonly id: string | undefined;
  readonly details: unknown;
  /** As it came. */
  readonly whole: object;
  /** Why it is not even looked at. */
  readonly tooFast?: CapsError | undefined;
}

/** Undefined where it has no event or no payload. */
export function asMessage(whole: object): Message | undefined {
  if (!('event' in whole) || typeof whole.event !== 'string' || !('payload' in whole)) return undefined;
  const id = 'id' in whole && typeof whole.id === 'string' ? whole.id.slice(0, limits.idLength) : undefined;
  const details = 'details' in whole ? whole.details : undefined;
  return { event: whole.event, payload: whole.payload, id, details, whole };
}

export function errorLine(error: CapsError): string {
  const { code, message, retryable } = error.toWire();
  return JSON.stringify({ event: 'error', payload: { code, message, retryable } });
}

export function answerLine(id: string | undefined, answer: object): string {
  return JSON.stringify({ event: 'answer', ...(id === undefined ? {} : { id }), payload: answer });
}

/** @param json the message as it is on Socket.IO */
export function lineOf(message: keyof ServerToClient, json: string): string {
  return `{"event":"${message}","payload":${json}}`;
}

/** A record as plain clients are told it. */
export interface PlainLine {
  readonly seq: number;
  readonly line: string;
}

/** A frame of a feed, a line for each record. */
export function plainLines(eventsJson: string): PlainLine[] {
  return recordsIn(eventsJson).map((record) => ({
    seq: record.seq,
    line: JSON.stringify(plainRecord(record)),
  }));
}

export function isOwn({ event }: Message): boolean {
  return own.has(event);
}

/** A hello comes once, and signs of life cost nothing. */
export function isFree(one: Scanned, message: Message | undefined): boolean {
  return message?.event === 'hello' || (one.kind === 'text' && (one.text === ping || one.text === farewell));
}
