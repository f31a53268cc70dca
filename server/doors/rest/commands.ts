/** Turns a POST into a command, and the hub's errors into the request's terms. */

import { createHash, randomBytes } from 'node:crypto';
import type { Request } from 'express';
import { CapsError } from '../../../protocol/errors.ts';
import { life } from '../../../protocol/events.ts';
import { type Command, parseCommand } from '../../../protocol/messages.ts';

interface Post {
  readonly request: Request;
  readonly query: { readonly as?: string | undefined; readonly occurredAt?: string | undefined };
}

/** @throws CapsError too-large, bad-message, unknown-event */
export function readCommand({ request, query }: Post, said: object): Command {
  const id = textIn(request.get('idempotency-key'));
  const { occurredAt } = query;
  try {
    return parseCommand({
      ...said,
      ...(id === undefined ? {} : { id }),
      ...(occurredAt === undefined ? {} : { occurredAt }),
    });
  } catch (error) {
    throw error instanceof CapsError ? asRequested(error) : error;
  }
}

/** Headers come as Latin-1; most programs mean UTF-8. */
function textIn(header: string | undefined): string | undefined {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: what ASCII leaves out is what is looked for
  if (header === undefined || /^[\u0000-\u007f]*$/.test(header)) return header;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(header, 'latin1'));
  } catch {
    // A TypeError means that it is Latin-1.
    return header;
  }
}

/** Alphabet of generated ids, without letters that look or sound alike. */
const letters = 'abcdefghjkmnpqrstuvwxyz23456789';
const idLength = 8;

/**
 * An id for an order without one, short enough to be read out over the phone. It is random, unless the request has an
 * idempotency key: a retry must give the same id, or it would be another order.
 * @param trial from 1; asks for another id because the one before was taken
 */
export function makeOrderId({ request, query }: Post, order: object, trial: number): string {
  const key = request.get('idempotency-key');
  const store = 'store' in order ? order.store : undefined;
  const origin = JSON.stringify([query.as ?? `store:${store}`, store, key, trial]);
  const bytes = key === undefined ? randomBytes(idLength) : createHash('sha256').update(origin).digest();
  return Array.from(bytes.subarray(0, idLength), (byte) => letters[byte % letters.length]).join('');
}

/** The error with field names as in the request. */
export function asRequested(error: CapsError): CapsError {
  const { code, message, details, cause } = error;
  const field = details?.['field'];
  if (typeof field !== 'string') return error;
  const named = field === 'id' ? 'Idempotency-Key' : field.replace(/^(payload|details)\./, '');
  const said = named === 'payload' || named === 'details' ? 'body' : named;
  const words = message.startsWith(`${field}: `) ? said + message.slice(field.length) : message;
  return new CapsError(code, words, { details: { ...details, field: said }, cause });
}

/** Names the missing actor: the default one, the parcel's store, may not do this. */
export function needsSomebody({ event }: Command): CapsError {
  const able = life.filter((step) => step.event === event).flatMap(({ who }) => who);
  const isDrivers = able.includes('driver') || able.includes('holder') || able.includes('author');
  const as = isDrivers ? 'driver:<driver>' : 'admin';
  return new CapsError('not-allowed', `as: A store may not send "${event}"; say who does, ?as=${as}.`, {
    details: { field: 'as' },
  });
}
