/** ntfy: published as JSON, to a topic that the customer has subscribed to. */

import { cut } from '../texts/line.ts';
import type { MessageKind } from '../texts/message.ts';
import { newsOf } from '../texts/news.ts';
import { attempt, attemptMaxMs, type Channel, receipt } from './channel.ts';
import { basicAuthorization, type Post, type PostServer, postServer, receiptOf } from './post.ts';

export interface NtfySettings {
  /** The server; `https://tk_…@ntfy.example` with a token, `https://user:password@…` with a name. */
  readonly url: string;
  readonly post: Post;
  readonly maxMs?: number;
}

export interface NtfyAddressee {
  /** Whoever knows it reads along: it must not be guessable. */
  readonly topic: string;
}

const titleMax = 100;
const messageMax = 1_000;
/** Names of emoji, which ntfy draws before the title. */
const tags: Readonly<Record<MessageKind, string>> = {
  ...{ announced: 'package', collected: 'truck', next: 'round_pushpin' },
  ...{ late: 'hourglass_flowing_sand', failed: 'x', delivered: 'white_check_mark' },
};

export function createNtfy({ url, post, maxMs = attemptMaxMs }: NtfySettings): Channel<NtfyAddressee> {
  const server = postServer(url);
  const authorization = authorizationOf(server);
  const headers = {
    'Content-Type': 'application/json',
    ...(authorization === undefined ? {} : { Authorization: authorization }),
  };
  return {
    name: 'ntfy',
    send: (message, { topic }, signal) =>
      attempt(
        signal,
        () => {
          if (!/^[\w-]{1,64}$/.test(topic)) return receipt('refused', 'no-address');
          const { subject, withoutLink, link } = newsOf(message);
          return JSON.stringify({
            ...{ topic, title: cut(subject, titleMax, '…'), message: cut(withoutLink, messageMax, '…') },
            ...{ tags: [tags[message.kind]], priority: message.kind === 'next' ? 4 : 3 },
            ...(link === undefined ? {} : { click: link }),
          });
        },
        async (body, ending) => receiptOf(await post({ url: server.url, headers, body, signal: ending })),
        maxMs,
      ),
  };
}

function authorizationOf(server: PostServer): string | undefined {
  const token = [server.user, server.password].find((part) => part.startsWith('tk_'));
  return token === undefined ? basicAuthorization(server) : `Bearer ${token}`;
}
