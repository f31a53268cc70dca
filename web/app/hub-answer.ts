/** What the hub's REST side says, in words for a person where it is not what was asked for. */

import type { Reply } from '../../client/read.ts';
import { unreachable } from '../../protocol/errors.ts';
import { shared } from '../words/shared.ts';

/** @throws Error in the page's language: why the hub refuses, or what little else is known */
export function answerIn<T>(reply: Reply<T>): T {
  switch (reply.kind) {
    case 'answer':
      return reply.answer;
    case 'refusal': {
      const { code, message } = reply;
      throw new Error(code === undefined ? message : shared().error(code, message));
    }
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
