/** Turns what comes back from the hub into the answer, or into words for a person. */

import type { Reply } from '../../client/read.ts';
import { unreachable } from '../../protocol/errors.ts';
import { shared } from '../words/shared.ts';

/** @throws Error in the page's language: why the hub refuses, or what little else is known */
export function answerIn<T>(reply: Reply<T>): T {
  switch (reply.kind) {
    case 'answer':
      return reply.answer;
    case 'refusal':
      throw new Error(errorText(reply));
    case 'foreign': {
      // A page where an answer should be is a network that wants a sign-in, say.
      const isPage = reply.status < 300;
      throw new Error(isPage ? shared().hub.noAnswer : shared().hub.status(reply.status));
    }
    case 'silence':
      throw new Error(shared().hub.noAnswer, { cause: reply.cause });
    default:
      return unreachable(reply);
  }
}

/** An error of the hub in the page's language. A message without a code stays as it is. */
export function errorText({ code, message }: { code?: string | undefined; message: string }): string {
  return code === undefined ? message : shared().error(code, message);
}
