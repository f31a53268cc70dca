/**
 * A typed client of the hub's REST routes, for browsers and Node. This is the only place that tells apart what may come
 * back instead of an answer.
 */

import type { AnswerOf, BodyOf, QueryOf, RestRoute } from '../protocol/rest.ts';

export type Reply<T> =
  | { readonly kind: 'answer'; readonly answer: T }
  | Refusal
  /** Not a hub's answer: a proxy's HTML page, for example, or its own 401. */
  | { readonly kind: 'foreign'; readonly status: number }
  /** No network, no hub, no answer in time, or a broken one. */
  | { readonly kind: 'silence'; readonly cause: unknown };

/** A refusal by the hub, from its problem document. 401 (`unauthorized`): the key is not valid. */
export interface Refusal {
  readonly kind: 'refusal';
  readonly status: number;
  /** An `ErrorCode`, or a newer hub's code. Undefined if the problem document is not a hub's. */
  readonly code: string | undefined;
  /** A sentence for people. */
  readonly message: string;
  readonly details: Readonly<Record<string, unknown>>;
  /** Time to wait before a retry; undefined if the hub does not say. */
  readonly retryAfterMs: number | undefined;
}

interface RequestOptions {
  /** The hub's origin. Pages omit it, because the hub serves them. */
  readonly baseUrl?: string | undefined;
  /** Undefined if access is open: then `as` in the query names the actor. */
  readonly key?: string | undefined;
  /** What a route takes that reads no JSON: an image. */
  readonly bytes?: Blob | undefined;
  /** Ends the request. A timeout gives `silence`; an abort rejects. */
  readonly signal?: AbortSignal | undefined;
}

/** `a` and `b` of `GET /x/:a/:b`. */
type ParamIn<Path extends string> = Path extends `${string}:${infer Name}/${infer Rest}`
  ? Name | ParamIn<Rest>
  : Path extends `${string}:${infer Name}`
    ? Name
    : never;

type RouteInput<R extends RestRoute> = ([ParamIn<R>] extends [never]
  ? unknown
  : { readonly params: Readonly<Record<ParamIn<R>, string>> }) &
  (QueryOf<R> extends undefined ? unknown : { readonly query?: Readonly<QueryOf<R>> }) &
  (BodyOf<R> extends undefined ? unknown : { readonly body: BodyOf<R> });

export type Question<R extends RestRoute> = RequestOptions & RouteInput<R>;

/** The same for any route. */
interface AnyQuestion extends RequestOptions {
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string | undefined>>;
  readonly body?: unknown;
}

/**
 * Reads JSON. Does not check the answer's shape, because browsers do not load the schemas.
 *
 * @throws AbortError if `signal` aborts, and nothing else
 */
export function ask<R extends RestRoute>(route: R, question: Question<R>): Promise<Reply<AnswerOf<R>>>;
export function ask(route: RestRoute, question: AnyQuestion): Promise<Reply<unknown>> {
  return exchange(route, question, { accept: 'application/json' }, async (response) => {
    if (response.status === 204) return answered(undefined);
    const body = await objectIn(response);
    return body ? answered(body) : foreign(response);
  });
}

/** Reads an answer that is not JSON, such as CSV or SVG. @throws as `ask` */
export function askFile<R extends RestRoute>(route: R, question: Question<R>): Promise<Reply<Blob>>;
export function askFile(route: RestRoute, question: AnyQuestion): Promise<Reply<Blob>> {
  return exchange(route, question, {}, async (response) => answered(await response.blob()));
}

async function exchange<T>(
  route: RestRoute,
  question: AnyQuestion,
  headers: Record<string, string>,
  read: (response: Response) => Promise<Reply<T>>,
): Promise<Reply<T>> {
  const { key, signal = null, body, bytes = null } = question;
  if (key !== undefined) headers['authorization'] = `Bearer ${key}`;
  if (body !== undefined) headers['content-type'] = 'application/json';
  const [method = ''] = route.split(' ');
  try {
    const sent = body === undefined ? bytes : JSON.stringify(body);
    const response = await fetch(addressOf(route, question), { method, headers, signal, body: sent });
    return response.ok ? await read(response) : await refusalIn(response);
  } catch (cause) {
    if (cause instanceof DOMException && cause.name === 'AbortError') throw cause;
    return { kind: 'silence', cause };
  }
}

function addressOf(route: RestRoute, { baseUrl = '', params = {}, query = {} }: AnyQuestion): string {
  const path = route
    .replace(/^\S+ /, '')
    .replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(params[name] ?? ''));
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) if (value !== undefined) search.set(name, value);
  const text = search.toString();
  return baseUrl + path + (text === '' ? '' : `?${text}`);
}

function answered<T>(answer: T): Reply<T> {
  return { kind: 'answer', answer };
}

function foreign({ status }: Response): Reply<never> {
  return { kind: 'foreign', status };
}

/** A problem document (RFC 9457) needs a sentence that says what is wrong; all else may be missing. */
async function refusalIn(response: Response): Promise<Reply<never>> {
  const problem: Partial<Record<string, unknown>> = { ...(await objectIn(response)) };
  const message = textIn(problem['detail']) ?? textIn(problem['title']);
  if (message === undefined) return foreign(response);
  const details = isRecord(problem['details']) ? problem['details'] : {};
  const { status, headers } = response;
  const retryAfterMs = retryAfterIn(headers, details);
  return { kind: 'refusal', status, code: textIn(problem['code']), message, details, retryAfterMs };
}

/** The document has milliseconds, the header seconds. */
function retryAfterIn(headers: Headers, details: Refusal['details']): number | undefined {
  const ms = details['retryAfterMs'];
  if (typeof ms === 'number') return ms;
  const seconds = headers.get('retry-after') ?? '';
  return /^\d+$/.test(seconds) ? Number(seconds) * 1_000 : undefined;
}

/** @returns undefined if the body is not a JSON object, so not from a hub. @throws if the connection breaks */
async function objectIn(response: Response): Promise<Record<string, unknown> | undefined> {
  try {
    const body: unknown = await response.json();
    return isRecord(body) ? body : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function textIn(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
