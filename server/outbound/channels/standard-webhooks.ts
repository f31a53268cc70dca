/** Signs a body as Standard Webhooks has it: https://www.standardwebhooks.com. */

import { createHmac } from 'node:crypto';

export interface SignedText {
  /** Contains no dot: dots join the parts that are signed. */
  readonly id: string;
  /** Milliseconds since 1970. */
  readonly now: number;
  readonly body: string;
}

/** @param keys one signature for each: while a secret is replaced, the old one is still valid */
export function signatureHeaders(
  keys: readonly Uint8Array[],
  { id, now, body }: SignedText,
): Readonly<Record<string, string>> {
  const timestamp = String(Math.floor(now / 1_000));
  const signatures = keys.map(
    (key) => `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')}`,
  );
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signatures.join(' ') };
}
