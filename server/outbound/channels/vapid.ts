/** The hub's own keys for web push (RFC 8292). Its caller keeps them: browsers are subscribed to these and no others. */

import { createECDH } from 'node:crypto';
import webPush from 'web-push';
import { z } from 'zod';

export interface VapidKeys {
  /** Given to browsers: an uncompressed point of P-256, in base64url. */
  readonly publicKey: string;
  readonly privateKey: string;
}

export function generateVapidKeys(): VapidKeys {
  const { publicKey, privateKey } = webPush.generateVAPIDKeys();
  return { publicKey, privateKey };
}

const keysSchema = z.object({
  publicKey: z.string().regex(/^[\w-]{87}$/),
  privateKey: z.string().regex(/^[\w-]{43}$/),
});

export function serializeVapidKeys({ publicKey, privateKey }: VapidKeys): string {
  return JSON.stringify({ publicKey, privateKey });
}

/** @returns undefined if they are no keys, or no pair */
export function parseVapidKeys(text: string): VapidKeys | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // SyntaxError
    return undefined;
  }
  const { data } = keysSchema.safeParse(value);
  return data !== undefined && isPair(data) ? data : undefined;
}

function isPair({ publicKey, privateKey }: VapidKeys): boolean {
  const curve = createECDH('prime256v1');
  try {
    curve.setPrivateKey(Buffer.from(privateKey, 'base64url'));
  } catch {
    // Zero, or past the order of the curve.
    return false;
  }
  return curve.getPublicKey().toString('base64url') === publicKey;
}
