/** A route of REST: its shape from `protocol/rest.ts` with its documentation. */

import type { z } from 'zod';
import { assert, type ErrorCode } from '../../../protocol/errors.ts';
import { type RestShape, rest } from '../../../protocol/rest.ts';

/** A route's documentation. */
interface Words {
  /** The operationId. */
  readonly id: string;
  readonly tag: 'Orders' | 'Events' | 'Stores' | 'Devices' | 'Hub' | 'Keys' | 'Webhooks';
  readonly summary: string;
  readonly description: string;
  readonly body?: Omit<Body, 'schema'>;
  /** The meaning of each status. */
  readonly answers: Readonly<Record<number, string>>;
  /** Absent if the answer has no body. */
  readonly example?: unknown;
  /** Example with `Accept: text/event-stream`, if supported. */
  readonly stream?: string;
  /** Where an image is sent or answered, in place of JSON. */
  readonly image?: 'body' | 'answer';
  /** Examples as a file, by media type. */
  readonly files?: Readonly<Record<string, string>>;
  readonly errors: readonly ErrorCode[];
  /** Further statuses. */
  readonly refusals?: Readonly<Record<number, string>>;
}

export interface Route<Q extends z.ZodType = z.ZodType>
  extends Omit<Words, 'body'>,
    Pick<RestShape, 'params' | 'answer'> {
  readonly method: 'get' | 'post' | 'put' | 'patch' | 'delete';
  /** In Express's syntax. */
  readonly path: string;
  readonly query: Q;
  readonly body?: Body;
}

export interface Body {
  readonly schema: z.ZodType;
  readonly required: boolean;
  readonly examples: Readonly<Record<string, { readonly summary: string; readonly value: unknown }>>;
}

type Rest = typeof rest;
type RouteWithQuery = {
  [R in keyof Rest]: Rest[R] extends { readonly query: z.ZodObject } ? R : never;
}[keyof Rest];

/** HTTP methods and Express's names for them. */
const methods = { GET: 'get', POST: 'post', PUT: 'put', PATCH: 'patch', DELETE: 'delete' } as const;

export function route<R extends RouteWithQuery>(name: R, { body, ...words }: Words): Route<Rest[R]['query']> {
  const { params, body: schema, answer }: RestShape = rest[name];
  const [method = '', path = ''] = name.split(' ');
  assert(isMethod(method), `${name} begins with a method`);
  return {
    ...words,
    method: methods[method],
    path,
    query: rest[name].query,
    ...(params ? { params } : {}),
    ...(body && schema ? { body: { ...body, schema } } : {}),
    ...(answer ? { answer } : {}),
  };
}

function isMethod(word: string): word is keyof typeof methods {
  return word in methods;
}
