/**
 * Asks the hub's REST side, from a browser or from Node: a route and what it takes go in, the answer comes out with
 * its type. Everything that may come back instead of an answer is told apart here, and nowhere else.
 */

import type { AnswerOf, BodyOf, QueryOf, RestRoute } from '../protocol/rest.ts';

/** What came back. */
export type Reply<T> =
  | { readonly kind: 'answer'; readonly answer: T }
  | Refusal
  /** Something else than a hub has answered, such as a proxy with a page of HTML, a 401 of its own among them. */
  | { readonly kind: 'foreign'; readonly status: number }
  /** No network, no hub, no answer in time, or one that broke off. */
  | { readonly kind: 'silence'; readonly cause: unknown };

/** The hub's own no, as its problem document says it. With a 401 (`unauthorized`) the key opens nothing. */
export interface Refusal {
  readonly kind: 'refusal';
  readonly status: number;
  /** An `ErrorCode`, or one that a newer hub has. Undefined in a problem document that is not a hub's. */
  readonly code: string | undefined;
  /** In a sentence for a person. */
  readonly message: string;
  readonly details: Readonly<Record<string, unknown>>;
  /** Wait so long before the next try; undefined where the hub does not say. */
  readonly retryAfterMs: number | undefined;
}

interface Sender {
  /** The hub's origin; left out in a page, which the hub has served. */
  readonly baseUrl?: string | undefined;
  /** Undefined where access is open: then `as` in the query says who asks. */
  readonly key?: string | undefined;
  /** Ends the wait. A timeout counts as silence; a request that is called off rejects. */
  readonly signal?: AbortSignal | undefined;
}

/** `a` and `b` of `GET /x/:a/:b`. */
type ParamIn<Path extends string> = Path extends `${string}:${infer Name}/${infer Rest}`
  ? Name | ParamIn<Rest>
  : Path extends `${string}:${infer Name}`
    ? Name
    : never;

/** What a route takes. */
type RouteInput<R extends RestRoute> = ([ParamIn<R>] extends [never]
  ? unknown
  : { readonly params: Readonly<Record<ParamIn<R>, string>> }) &
  (QueryOf<R> extends undefined ? unknown : { readonly query?: Readonly<QueryOf<R>> }) &
  (BodyOf<R> extends undefined ? unknown : { readonly body: BodyOf<R> });

export type Question<R extends RestRoute> = Sender & RouteInput<R>;

/** The same for any route. */
interface AnyQuestion extends Sender {
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string | undefined>>;
  readonly body?: unknown;
}

/**
 * Reads JSON. The answer is believed to have its route's shape: browsers do not load the schemas.
 * @throws AbortError when `signal` calls the request off, and nothing else
 */
export function ask<R extends RestRoute>(route: R, question: Question<R>): Promise<Reply<AnswerOf<R>>>;
export function ask(route: RestRoute, question: AnyQuestion): Promise<Reply<unknown>> {
  return exchange(route, question, { accept: 'application/json' }, async (response) => {
    if (response.status === 204) return answered(undefined);
    const said = await objectIn(response);
    return said ? answered(said) : foreign(response);
  });
}

/** Reads what is no JSON, such as a table or a drawing. @throws as `ask` */
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
  const { key, signal = null, body } = question;
  if (key !== undefined) headers['authorization'] = `Bearer ${key}`;
  if (body !== undefined) headers['content-type'] = 'application/json';
  const [method = ''] = route.split(' ');
  try {
    const sent = body === undefined ? null : JSON.stringify(body);
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
  const asked = search.toString();
  return baseUrl + path + (asked === '' ? '' : `?${asked}`);
}

function answered<T>(answer: T): Reply<T> {
  return { kind: 'answer', answer };
}

function foreign({ status }: Response): Reply<never> {
  return { kind: 'foreign', status };
}

/** A problem document (RFC 9457) says in words what is wrong; all the rest of it may be missing. */
async function refusalIn(response: Response): Promise<Reply<never>> {
  const problem: Partial<Record<string, unknown>> = { ...(await objectIn(response)) };
  const message = textIn(problem['detail']) ?? textIn(problem['title']);
  if (message === undefined) return foreign(response);
  const details = isRecord(problem['details']) ? problem['details'] : {};
  const { status, headers } = response;
  const retryAfterMs = retryAfterIn(headers, details);
  return { kind: 'refusal', status, code: textIn(problem['code']), message, details, retryAfterMs };
}

/** The document says it in milliseconds, the header in seconds. */
function retryAfterIn(headers: Headers, details: Refusal['details']): number | undefined {
  const ms = details['retryAfterMs'];
  if (typeof ms === 'number') return ms;
  const seconds = headers.get('retry-after') ?? '';
  return /^\d+$/.test(seconds) ? Number(seconds) * 1_000 : undefined;
}

/** Undefined where the body is no JSON object: then it is not the hub's. @throws where it breaks off */
async function objectIn(response: Response): Promise<Record<string, unknown> | undefined> {
  try {
    const said: unknown = await response.json();
    return isRecord(said) ? said : undefined;
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
