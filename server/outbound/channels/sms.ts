/** Text messages by way of the operator's webhook, signed as Standard Webhooks has it. */

import type { Clock } from '../../clock.ts';
import { newsOf } from '../texts/news.ts';
import { smsOf } from '../texts/sms-text.ts';
import { attempt, attemptMaxMs, type Channel, receipt } from './channel.ts';
import { phoneNumber } from './phone.ts';
import { basicAuthorization, type Post, postServer, receiptOf } from './post.ts';
import { signatureHeaders } from './standard-webhooks.ts';

export interface SmsSettings {
  /** Takes a POST of `{ id, to, text }`. May contain a password. */
  readonly url: string;
  /** `whsec_` and base64; without one, nothing is signed. */
  readonly secret: string | undefined;
  readonly clock: Clock;
  readonly post: Post;
  readonly maxMs?: number;
}

export interface SmsAddressee {
  /** As the shop typed it. */
  readonly phone: string;
}

export function createSms({
  url,
  secret,
  clock,
  post,
  maxMs = attemptMaxMs,
}: SmsSettings): Channel<SmsAddressee> {
  const server = postServer(url);
  const authorization = basicAuthorization(server);
  return {
    name: 'sms',
    send: (message, { phone }, signal) =>
      attempt(
        signal,
        () => {
          const to = phoneNumber(phone);
          if (to === undefined) return receipt('refused', 'no-address');
          const { text } = smsOf(newsOf(message));
          const body = JSON.stringify({ id: message.id, to, text });
          const headers = {
            'Content-Type': 'application/json',
            ...(authorization === undefined ? {} : { Authorization: authorization }),
            ...(secret === undefined ? {} : signed(secret, message.id, clock.now(), body)),
          };
          return { headers, body };
        },
        async (request, ending) => receiptOf(await post({ url: server.url, ...request, signal: ending })),
        maxMs,
      ),
  };
}

/** @param now milliseconds since 1970 */
function signed(secret: string, id: string, now: number, body: string): Readonly<Record<string, string>> {
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
  // A header takes what an id of the hub is made of; whatever else is written as an address has it.
  return signatureHeaders([key], { id: encodeURIComponent(id), now, body });
}
