/** A request that a route has been found for: who makes it, and what it is about. */

import type { Request, Response } from 'express';
import type { z } from 'zod';
import type { Command } from '../../protocol/messages.ts';
import { type Actor, byOf } from '../../protocol/parcel.ts';
import { parseSearch, type SearchField, type Term } from '../../protocol/search.ts';
import { identifyAs } from '../access.ts';
import type { streamQuery } from '../api.ts';
import type { RecordFilter } from '../reads.ts';

export interface Call<Q> {
  readonly request: Request;
  readonly response: Response;
  readonly query: Q;
}

interface Named {
  readonly as?: string | undefined;
  readonly name?: string | undefined;
}

/** Who reads: an admin, if nobody is named. @throws CapsError bad-message, too-fast */
export function readerOf({ response, query }: Call<Named>): Actor {
  return known(response, identifyAs(query.as ?? 'admin', query.name));
}

/** Who writes: the parcel's store, if nobody is named. @throws CapsError bad-message, too-fast */
export function writerOf({ response, query }: Call<Named>, command: Command): Actor {
  return known(response, identifyAs(query.as ?? `store:${command.payload.store}`, query.name));
}

/** Has whoever makes this request counted, as soon as that is known. @param admit throws where it is one too many */
export function admitAs(response: Response, admit: (who: string) => void): void {
  response.locals['admit'] = admit;
}

/** Remembers whose request this is, for notices, and counts it once. @throws CapsError too-fast */
function known(response: Response, actor: Actor): Actor {
  const { role, id } = byOf(actor);
  const { admit } = response.locals as { admit?: (who: string) => void };
  Object.assign(response.locals, { who: id, admit: undefined });
  admit?.(`${role}:${id}`);
  return actor;
}

export function wantsStream(request: Request): boolean {
  return request.accepts(['application/json', 'text/event-stream']) === 'text/event-stream';
}

/** Which records are asked for. */
export function filterIn(query: z.output<typeof streamQuery>): RecordFilter {
  const { event, store, driver, via, q } = query;
  const fields: readonly [SearchField, string | undefined][] = [
    ['store', store],
    ['driver', driver],
    ['via', via],
  ];
  const terms = fields.flatMap(([field, value]): Term[] =>
    value === undefined ? [] : [{ field, value: value.toLowerCase(), exclude: false }],
  );
  return { event, terms: [...terms, ...parseSearch(q)] };
}
