/** HTTP errors as RFC 9457 problem documents with our `code`. */

import type { ErrorRequestHandler, RequestHandler } from 'express';
import { CapsError, errorKinds, errorPage } from '../../protocol/errors.ts';
import type { Problem } from '../../protocol/rest.ts';

/** Default delay before a retry. */
const retryAfterMs = 1_000;
/** Characters quoted of an unknown path. */
const pathSaidMax = 100;

/** Turns a handler's error into a problem document; bugs appear as `internal`. */
export function problems(onFault: (error: unknown, what: string) => void): ErrorRequestHandler {
  return (error: unknown, _request, response, next) => {
    const known = toCapsError(error);
    if (!known) onFault(error, 'a request could not be handled');
    if (response.headersSent) {
      next(error);
      return;
    }
    const problem = problemOf(known ?? new CapsError('internal'));
    if (problem.status === 429 || problem.status === 503) response.set('retry-after', retryAfter(problem));
    if (problem.status === 401) response.set('www-authenticate', 'Bearer');
    response.status(problem.status).type('application/problem+json').send(JSON.stringify(problem));
  };
}

/** In whole seconds. */
function retryAfter({ details }: Problem): string {
  const ms = details?.['retryAfterMs'];
  return `${Math.ceil((typeof ms === 'number' ? ms : retryAfterMs) / 1_000)}`;
}

export function problemOf(error: CapsError): Problem {
  const { code, message: detail, retryable, details } = error.toWire();
  const { http: usual, message: title } = errorKinds[code];
  // HTTP has more statuses than we have codes.
  const { status: given, ...rest } = details ?? {};
  const status = typeof given === 'number' ? given : usual;
  const said = typeof given === 'number' ? rest : (details ?? {});
  return {
    type: errorPage(code),
    title,
    status,
    detail,
    code,
    retryable,
    ...(Object.keys(said).length > 0 ? { details: said } : {}),
  };
}

/** An error with a status of HTTP's own. @param field the faulty part of the request */
export function badRequest(status: number, field: string, message: string, cause?: unknown): CapsError {
  const code = status === 413 ? 'too-large' : 'bad-message';
  return new CapsError(code, message, { details: { status, field }, cause });
}

/** Answers other methods of a path; register it after the path's handlers. */
export function noOtherMethod(...methods: string[]): RequestHandler {
  const known = methods.flatMap((method) => (method === 'GET' ? ['GET', 'HEAD'] : [method]));
  const allow = [...known, 'OPTIONS'].sort().join(', ');
  return (request, response) => {
    response.set('allow', allow);
    if (request.method === 'OPTIONS') {
      response.status(204).end();
      return;
    }
    throw badRequest(405, 'method', `This address knows ${allow}, not ${request.method}.`);
  };
}

/** Answers everything that nothing else has. */
export const nothingHere: RequestHandler = (request) => {
  const path = request.originalUrl.replace(/\?.*/s, '').slice(0, pathSaidMax);
  const [, start = ''] = /^((?:\/[^/]+){1,2})/.exec(path) ?? [];
  const small = start.toLowerCase();
  const hint = small === start ? '' : ` The hub’s own words in addresses are in small letters: ${small}.`;
  throw badRequest(404, 'path', `There is nothing at ${request.method} ${path}.${hint}`);
};

/** Express's errors carry the status; the text is ours. Undefined for a bug. */
export function toCapsError(error: unknown): CapsError | undefined {
  if (error instanceof CapsError) return error;
  if (!(error instanceof Error) || !('status' in error) || typeof error.status !== 'number') return undefined;
  if (error.status >= 500) return undefined;
  const isPath = error instanceof URIError;
  const message = isPath ? 'path: This is no valid percent-encoding.' : 'This request cannot be read.';
  return badRequest(error.status, isPath ? 'path' : 'request', message, error);
}
