/** How HTTP says what went wrong: RFC 9457 problem documents with our `code`. */

import type { ErrorRequestHandler } from 'express';
import { CapsError, errorKinds } from '../protocol/errors.ts';

/** Turns what a handler threw into a problem document; a bug shows itself only as `internal`. */
export function problems(onFault: (error: unknown, what: string) => void): ErrorRequestHandler {
  return (error: unknown, _request, response, next) => {
    if (response.headersSent) {
      next(error);
      return;
    }
    const known = toCapsError(error);
    if (!known) onFault(error, 'a request could not be handled');
    const { code, message, retryable, details } = (known ?? new CapsError('internal')).toWire();
    const given = details?.['status'];
    const status = typeof given === 'number' ? given : errorKinds[code].http;
    response
      .status(status)
      .type('application/problem+json')
      .send(
        JSON.stringify({
          type: 'about:blank',
          title: message,
          status,
          code,
          retryable,
          ...(details ? { details } : {}),
        }),
      );
  };
}

/** What Express and its parsers throw about a request carries the status; the words are ours. */
function toCapsError(error: unknown): CapsError | undefined {
  if (error instanceof CapsError) return error;
  if (!(error instanceof Error) || !('status' in error) || typeof error.status !== 'number') return undefined;
  if (error.status >= 500) return undefined;
  const code = error.status === 413 ? 'too-large' : 'bad-message';
  return new CapsError(code, 'This request cannot be read.', {
    details: { status: error.status },
    cause: error,
  });
}
