/** Webhooks as they are kept, and the messages that they are sent. */

import { hkdfSync } from 'node:crypto';
import type { CapsRecord } from '../../protocol/messages.ts';
import type { Actor } from '../../protocol/parcel.ts';
import {
  type Delivery,
  type NewWebhook,
  type SendFault,
  type WebhookReason,
  type WebhookStatus,
  webhookLimits,
} from '../../protocol/webhooks.ts';
import type { OutboundChange, OutboundText, StoredOutbound } from '../store/outbound.ts';
import { signatureHeaders } from './channels/standard-webhooks.ts';
import type { Memory } from './follower.ts';
import type { FailureRun } from './retry-times.ts';

/** Times in milliseconds since 1970. */
export interface KeptWebhook extends NewWebhook {
  readonly store?: string | undefined;
  readonly createdAt: number;
  /** How often its secret was made. */
  readonly secrets: number;
  readonly rotatedAt?: number | undefined;
  /** What whoever made or resumed it has shown, see `Access.credentialOf`. */
  readonly credential: string;
}

/** Beside its place. */
export interface WebhookMemory extends Memory {
  readonly status: WebhookStatus;
  readonly reason?: WebhookReason | undefined;
  readonly failing?: (FailureRun & Outcome) | undefined;
  /** All so far. */
  readonly tries: number;
}

export interface Outcome {
  readonly status?: number | undefined;
  readonly fault?: SendFault | undefined;
}

export const webhookTopic = 'webhook';
const tryTopic = 'try';

export function webhookPlace(id: string): string {
  return `webhook:${id}`;
}

export function ownerOf({ store }: Pick<KeptWebhook, 'store'>): Actor {
  return store === undefined ? { role: 'admin' } : { role: 'vendor', store };
}

export function keptIn(text: string): KeptWebhook {
  return JSON.parse(text) as KeptWebhook;
}

export function webhookRow(id: string, kept: KeptWebhook | undefined): OutboundChange {
  return { topic: webhookTopic, id, text: kept && JSON.stringify(kept) };
}

/** All of them, in pages. */
export async function* webhookPages(outbound: StoredOutbound): AsyncGenerator<readonly OutboundText[]> {
  const limit = 50;
  for (let after: string | undefined, isMore = true; isMore; ) {
    const rows: readonly OutboundText[] = await outbound.list(webhookTopic, { after, limit });
    yield rows;
    after = rows.at(-1)?.id;
    isMore = rows.length === limit;
  }
}

// ---- tries ----

/** One of a ring: the newest replace the oldest. */
export function tryRow(id: string, number: number, delivery: Delivery): OutboundChange {
  return { topic: tryTopic, id: slotOf(id, number), text: JSON.stringify({ number, ...delivery }) };
}

function slotOf(id: string, number: number): string {
  return `${id}/${String(number % webhookLimits.tries).padStart(2, '0')}`;
}

/** The newest first. */
export async function deliveriesOf(outbound: StoredOutbound, id: string): Promise<Delivery[]> {
  const rows = await outbound.list(tryTopic, { after: `${id}/`, limit: webhookLimits.tries });
  const tries = rows
    .filter((row) => row.id.startsWith(`${id}/`))
    .map(({ text }) => JSON.parse(text) as Delivery & { readonly number: number });
  return tries.sort((a, b) => b.number - a.number).map(({ number: _, ...delivery }) => delivery);
}

export function noTries(id: string): OutboundChange[] {
  return Array.from({ length: webhookLimits.tries }, (_, number) => ({
    ...{ topic: tryTopic, id: slotOf(id, number) },
    text: undefined,
  }));
}

// ---- messages ----

export interface SignedMessage {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** The same for each try of a record, and another for each webhook. Contains no dot: the signature's parts are joined by dots. */
export function messageIdOf(id: string, epoch: string, seq: number): string {
  return `${id}-${epoch}-${seq}`;
}

export function bodyOf(record: CapsRecord): string {
  return JSON.stringify({ type: record.event, timestamp: record.time, data: record });
}

const oldSecretMs = webhookLimits.oldSecretHours * 3_600_000;

/** Until when the secret before the present one is valid; undefined if it is not. */
export function oldSecretUntil({ rotatedAt }: KeptWebhook, now: number): number | undefined {
  return rotatedAt !== undefined && now < rotatedAt + oldSecretMs ? rotatedAt + oldSecretMs : undefined;
}

/** As Standard Webhooks has it. */
export function signed(
  { id, kept, secret }: { readonly id: string; readonly kept: KeptWebhook; readonly secret: Uint8Array },
  { messageId, body, now }: { readonly messageId: string; readonly body: string; readonly now: number },
): SignedMessage {
  const numbers = [kept.secrets, ...(oldSecretUntil(kept, now) === undefined ? [] : [kept.secrets - 1])];
  const keys = numbers.map((number) => secretBytes(secret, id, number));
  return {
    headers: {
      'content-type': 'application/json',
      'user-agent': 'CAPS',
      ...signatureHeaders(keys, { id: messageId, now, body }),
    },
    body,
  };
}

/** @param secret the log's @param number counts the webhook's own */
function secretBytes(secret: Uint8Array, id: string, number: number): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, '', `caps webhook ${id} ${number}`, 32));
}

/** As people copy it. */
export function secretText(secret: Uint8Array, id: string, number: number): string {
  return `whsec_${secretBytes(secret, id, number).toString('base64')}`;
}
