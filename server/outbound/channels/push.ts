/** Web push (RFC 8030): encrypted for one browser, handed to the push service that it chose. */

import { createHash } from 'node:crypto';
import webPush from 'web-push';
import { cut } from '../texts/line.ts';
import type { MessageKind } from '../texts/message.ts';
import { type News, newsOf } from '../texts/news.ts';
import { attempt, attemptMaxMs, type Channel, type Receipt, receipt } from './channel.ts';
import { type Answer, type Post, receiptOf } from './post.ts';
import type { VapidKeys } from './vapid.ts';

export interface PushSettings {
  readonly keys: VapidKeys;
  /** Whom a push service may ask: `mailto:…` or `https://…`. */
  readonly contact: string;
  /** Whether an address may be called, as it is written: browsers choose them. */
  readonly mayCall: (url: URL) => boolean;
  /** Checks what the names of addresses stand for, at the moment in which it connects. */
  readonly post: Post;
  readonly maxMs?: number;
}

/** A subscription, as `PushSubscription.toJSON()` of a browser has it. */
export interface PushAddressee {
  readonly endpoint: string;
  readonly keys: { readonly p256dh: string; readonly auth: string };
}

/** What the service worker of the customer's page shows. */
export interface PushPayload {
  readonly title: string;
  readonly body: string;
  readonly url: string | undefined;
  /** A later message of the same parcel replaces the one that is shown. */
  readonly tag: string;
  readonly lang: string;
  readonly dir: 'ltr' | 'rtl';
}

const endpointMax = 2_000;
const titleMax = 100;
const bodyMax = 300;
const hour = 3_600;
/** Seconds for which a push service keeps what a device that is off does not take. */
const ttl: Readonly<Record<MessageKind, number>> = {
  ...{ announced: 24 * hour, collected: 12 * hour, next: hour },
  ...{ late: 6 * hour, failed: 24 * hour, delivered: 72 * hour },
};

export function createPush(settings: PushSettings): Channel<PushAddressee> {
  const { keys, contact, mayCall, post, maxMs = attemptMaxMs } = settings;
  return {
    name: 'push',
    send: (message, to, signal) =>
      attempt(
        signal,
        () => {
          const endpoint = endpointIn(to);
          if (endpoint === undefined) return receipt('refused', 'no-address');
          if (!mayCall(endpoint)) return receipt('refused', 'forbidden-address');
          const payload = JSON.stringify(pushPayload(newsOf(message), message.parcel));
          const { headers, body } = webPush.generateRequestDetails(to, payload, {
            vapidDetails: { subject: contact, ...keys },
            TTL: ttl[message.kind],
            urgency: message.kind === 'announced' ? 'normal' : 'high',
            topic: topicOf(message.parcel),
          });
          return { endpoint, headers: textsOf(headers), body: new Uint8Array(body) };
        },
        async ({ endpoint, headers, body }, ending) =>
          pushReceipt(await post({ url: endpoint.href, headers, body, signal: ending })),
        maxMs,
      ),
  };
}

export function pushPayload(news: News, parcel: string): PushPayload {
  const { subject, withoutLink, link, language, direction } = news;
  return {
    ...{ title: cut(subject, titleMax, '…'), body: cut(withoutLink, bodyMax, '…'), url: link },
    ...{ tag: topicOf(parcel), lang: language, dir: direction },
  };
}

/** A push service keeps only the latest message of a topic. 32 characters of base64url are the most it takes. */
export function topicOf(parcel: string): string {
  return createHash('sha256').update(parcel).digest('base64url').slice(0, 32);
}

function endpointIn({ endpoint, keys }: PushAddressee): URL | undefined {
  const isSound =
    endpoint.length <= endpointMax &&
    URL.canParse(endpoint) &&
    Buffer.from(keys.p256dh, 'base64url').length === 65 &&
    Buffer.from(keys.auth, 'base64url').length === 16;
  const url = isSound ? new URL(endpoint) : undefined;
  return url?.protocol === 'https:' && url.username === '' && url.password === '' ? url : undefined;
}

/** `Content-Length` is the caller's to count. */
function textsOf(headers: Readonly<Record<string, unknown>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers)
      .filter(([name]) => name.toLowerCase() !== 'content-length')
      .map(([name, value]) => [name, String(value)]),
  );
}

function pushReceipt(answer: Answer): Receipt {
  if ('fault' in answer) return receiptOf(answer);
  const { status } = answer;
  if (status === 404 || status === 410) return receipt('gone', 'expired');
  // Made for other keys than ours, for good.
  if (status === 401 || status === 403) return receipt('refused', 'credentials');
  // Nobody may send the hub elsewhere.
  if (status >= 300 && status < 400) return receipt('refused', 'forbidden-address');
  return receiptOf(answer);
}
