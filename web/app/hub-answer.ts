/** Unwraps the hub's replies. */

import type { Reply } from '../../client/read.ts';
import { unreachable } from '../../protocol/errors.ts';
import { shared } from '../words/shared.ts';

/** @throws Error in the page's language, if the reply is no answer */
export function answerIn<T>(reply: Reply<T>): T {
  switch (reply.kind) {
    case 'answer':
      return reply.answer;
    case 'refusal':
      throw new Error(errorText(reply));
    case 'foreign': {
      // A web page in place of an answer comes from a captive portal, for example.
      const isPage = reply.status < 300;
      throw new Error(isPage ? shared().hub.noAnswer : shared().hub.status(reply.status));
    }
    case 'silence':
      throw new Error(shared().hub.noAnswer, { cause: reply.cause });
    default:
      return unreachable(reply);
  }
}

/** Translates an error of the hub. A message without a code stays as it is. */
export function errorText({ code, message }: { code?: string | undefined; message: string }): string {
  return code === undefined ? message : shared().error(code, message);
}
