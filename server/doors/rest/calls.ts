/** A routed request: its caller, its query and its parameters. */

import type { Request, Response } from 'express';
import type { z } from 'zod';
import { CapsError } from '../../../protocol/errors.ts';
import { type Actor, authorOf } from '../../../protocol/parcel.ts';
import {
  areOfParcels,
  parseSearch,
  type RecordFilter,
  type SearchField,
  type Term,
  termValue,
} from '../../../protocol/search.ts';
import type { Caller } from '../../access/access.ts';
import type { streamQuery } from './api.ts';

export interface Call<Q> {
  readonly request: Request;
  readonly response: Response;
  readonly query: Q;
  readonly caller: Caller;
}

interface ActorQuery {
  readonly as?: string | undefined;
  readonly name?: string | undefined;
}

/** The reading actor; an admin by default if access is open. @throws CapsError bad-message, unauthorized, too-fast */
export function readerOf({ response, query, caller }: Call<ActorQuery>): Actor {
  return known(response, caller.actor(query, 'admin'));
}

/**
 * The writing actor; the parcel's store by default if access is open. @throws CapsError bad-message, unauthorized,
 * too-fast
 */
export function writerOf({ response, query, caller }: Call<ActorQuery>, store: string): Actor {
  return known(response, caller.actor(query, `store:${store}`));
}

/**
 * Registers the rate limit, which runs once the actor is known. @param admit throws if there are too many requests
 */
export function admitAs(response: Response, admit: (who: string) => void): void {
  response.locals['admit'] = admit;
}

/**
 * Remembers the request's actor, for notices and as a sign of life, and counts the request once. @throws CapsError
 * too-fast
 */
function known(response: Response, actor: Actor): Actor {
  const { role, id } = authorOf(actor);
  const { admit } = response.locals as { admit?: (who: string) => void };
  Object.assign(response.locals, { who: id, admit: undefined });
  if (actor.role === 'driver') response.locals['driver'] = actor.driver;
  admit?.(`${role}:${id}`);
  return actor;
}

/** Aborts when the client is gone. */
export function goneFrom(response: Response): AbortSignal {
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  return gone.signal;
}

export function wantsStream(request: Request): boolean {
  return request.accepts(['application/json', 'text/event-stream']) === 'text/event-stream';
}

/** The requested format: the address takes precedence over the header. */
export function formatIn({ query, request }: Call<{ format?: FormatName | 'json' | undefined }>): EventsForm {
  const types = { json: 'application/json', stream: 'text/event-stream', ...typesOfFiles } as const;
  if (query.format !== undefined) return query.format;
  const best = request.accepts(Object.values(types));
  const found = Object.entries(types).find(([, type]) => type === best);
  return (found?.[0] ?? 'json') as EventsForm;
}

const typesOfFiles = { ndjson: 'application/x-ndjson', csv: 'text/csv' } as const;
export type FormatName = keyof typeof typesOfFiles;
type EventsForm = 'json' | 'stream' | FormatName;

/** @throws CapsError bad-message for `is:` */
export function filterIn(query: z.output<typeof streamQuery>): RecordFilter {
  const { event, store, driver, via, q } = query;
  const fields: readonly [SearchField, string | undefined][] = [
    ['store', store],
    ['driver', driver],
    ['via', via],
  ];
  const terms = fields.flatMap(([field, value]): Term[] =>
    value === undefined ? [] : [{ field, value: termValue(field, value), exclude: false }],
  );
  const said = parseSearch(q);
  if (areOfParcels(said)) {
    const message = 'q: "is:" says how a parcel is now, and no event does: ask GET /api/orders.';
    throw new CapsError('bad-message', message, { details: { field: 'q' } });
  }
  return { event, terms: [...terms, ...said] };
}
