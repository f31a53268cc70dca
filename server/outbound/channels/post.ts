/** POST to another server, as channels need it: a status, and when to come back. */

import type { Clock } from '../../clock.ts';
import { type Receipt, type ReceiptReason, receipt } from './channel.ts';

export interface Call {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array<ArrayBuffer>;
  readonly signal: AbortSignal;
}

/** A status, or why there is none. */
export type Answer =
  | { readonly status: number; readonly retryAfterMs?: number | undefined }
  | { readonly fault: 'forbidden-address' | 'timeout' | 'unreachable' };

/** Follows no redirect, and reads no body. It may reject if there is no answer. */
export type Post = (call: Call) => Promise<Answer>;

/** For addresses that the operator has set. Those that others chose need a `Post` that stays out of private networks. */
export function fetchPost(clock: Clock): Post {
  return async ({ url, headers, body, signal }) => {
    const response = await fetch(url, { method: 'POST', headers, body, signal, redirect: 'manual' });
    // Nobody reads it, and it may be endless.
    await response.body?.cancel();
    const retryAfter = response.headers.get('retry-after') ?? undefined;
    return { status: response.status, retryAfterMs: retryAfterMs(retryAfter, clock.now()) };
  };
}

export interface PostServer {
  readonly url: string;
  /** The part of the address before `@`; empty if it has none. */
  readonly user: string;
  readonly password: string;
}

/** Takes a name and a password out of an address: `fetch` refuses it with them, in an error that quotes it. */
export function postServer(text: string): PostServer {
  const url = new URL(text);
  const [user, password] = [decodeURIComponent(url.username), decodeURIComponent(url.password)];
  url.username = '';
  url.password = '';
  return { url: url.href, user, password };
}

/** @returns undefined without a name */
export function basicAuthorization({ user, password }: PostServer): string | undefined {
  return user === '' ? undefined : `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
}

const dayMs = 86_400_000;

/** @param text seconds or a date, as HTTP has them @param now milliseconds since 1970 */
export function retryAfterMs(text: string | undefined, now: number): number | undefined {
  if (text === undefined || text.trim() === '') return undefined;
  const seconds = /^\d{1,9}$/.test(text.trim()) ? Number(text) : Number.NaN;
  const ms = Number.isNaN(seconds) ? Date.parse(text) - now : seconds * 1_000;
  return Number.isNaN(ms) ? undefined : Math.max(ms, 0);
}

/**
 * What an answer means where the operator has set the address: what they can mend, such as a wrong path or token, is
 * tried again.
 */
export function receiptOf(answer: Answer): Receipt {
  if ('fault' in answer) {
    return receipt(answer.fault === 'forbidden-address' ? 'refused' : 'later', answer.fault);
  }
  const { status } = answer;
  const later = (reason: ReceiptReason) => receipt('later', reason, boundedMs(answer.retryAfterMs));
  if (status >= 200 && status < 300) return receipt('sent', 'accepted');
  if (status === 429) return later('too-many');
  if (status === 401 || status === 403 || status === 407) return later('credentials');
  if (status === 413) return receipt('refused', 'too-large');
  // Redirects, wrong paths, and whatever a server does not do right now.
  const isPassing = status < 400 || status >= 500 || [404, 405, 408, 410, 421, 425].includes(status);
  return isPassing ? later('unavailable') : receipt('refused', 'rejected');
}

function boundedMs(ms: number | undefined): number | undefined {
  return ms === undefined ? undefined : Math.min(ms, dayMs);
}
