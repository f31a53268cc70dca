/** Webhooks: addresses to which the hub posts each record of a store, or of the whole log. */

import { z } from 'zod';
import { eventNames } from './events.ts';
import { limits } from './limits.ts';
import { idSchema, newTextSchema } from './texts.ts';

export const webhookLimits = {
  perStore: 10,
  ofDispatch: 100,
  /** At one hub. */
  all: 1_000,
  /** Tries that are remembered of each. */
  tries: 100,
  /** How long the secret before the present one stays valid, in hours. */
  oldSecretHours: 24,
} as const;

/** Why there was no answer. */
export const sendFaults = [
  ...(['timeout', 'no-name', 'no-connection', 'reset', 'tls', 'bad-answer'] as const),
  ...(['refused-address', 'own-hub', 'stopped'] as const),
] as const;
export type SendFault = (typeof sendFaults)[number];

/** `disabled`: its receiver said that it is gone. */
export const webhookStatuses = ['active', 'paused', 'disabled'] as const;
export type WebhookStatus = (typeof webhookStatuses)[number];
/** Why it is not active: somebody asked, nobody took it for three days, the receiver is gone, its key was revoked. */
export const webhookReasons = ['asked', 'failing', 'gone', 'key'] as const;
export type WebhookReason = (typeof webhookReasons)[number];

const urlSchema = z
  .string()
  .max(limits.stringLength)
  .refine((text) => urlFault(text) === undefined, {
    error: ({ input }) => urlFault(String(input)) ?? 'Is no address',
  });

function urlFault(text: string): string | undefined {
  if (!/^https?:\/\//i.test(text) || !URL.canParse(text)) return 'Must begin with https:// or http://';
  const { username, password, hash } = new URL(text);
  if (username !== '' || password !== '') return 'Has a user or a password: put a secret into the path';
  return hash === '' ? undefined : 'Has a part behind #, which is never sent';
}

const eventsSchema = z
  .array(z.enum(eventNames))
  .min(1)
  .max(eventNames.length)
  .refine((names) => new Set(names).size === names.length, 'Names an event twice');

const described = {
  url: 'Where to post: `https://…` or `http://…`, at a public address.',
  events: 'Only these events; all by default.',
  description: 'For people.',
} as const;

export const newWebhookSchema = z.strictObject({
  url: urlSchema.meta({ description: described.url, type: 'string', format: 'uri' }),
  events: eventsSchema.optional().meta({ description: described.events }),
  description: newTextSchema.optional().meta({ description: described.description }),
});
export type NewWebhook = z.output<typeof newWebhookSchema>;

/** What is left out stays; null is as if it had never been said. */
export const webhookChangeSchema = z.strictObject({
  url: newWebhookSchema.shape.url.optional(),
  events: eventsSchema.nullable().optional().meta({ description: described.events }),
  description: newTextSchema.nullable().optional().meta({ description: described.description }),
});
export type WebhookChange = z.output<typeof webhookChangeSchema>;

const time = z.string();
const seq = z.int().min(0);
const answered = {
  status: z.int().optional().meta({ description: 'The status of the answer.' }),
  fault: z.enum(sendFaults).optional().meta({ description: 'Why there was none.' }),
};

export const webhookSchema = z.object({
  id: z.string(),
  store: idSchema
    .optional()
    .meta({ description: 'Whose records it gets; absent for dispatch’s, which gets all.' }),
  ...{ url: z.string(), events: eventsSchema.optional(), description: z.string().optional() },
  createdAt: time,
  status: z.enum(webhookStatuses),
  reason: z.enum(webhookReasons).optional().meta({ description: 'Why it is not `active`.' }),
  seq: seq.meta({ description: 'Everything up to this seq is sent, in the owner’s own counting.' }),
  behind: seq.meta({ description: 'Records after it.' }),
  failing: z
    .object({ since: time, tries: z.int(), next: time, ...answered })
    .optional()
    .meta({ description: 'The record after `seq` was not taken, and will be sent again.' }),
  oldSecretUntil: time
    .optional()
    .meta({ description: 'Until then, messages are signed with the old secret, too.' }),
});
export type Webhook = z.output<typeof webhookSchema>;

export const issuedWebhookSchema = webhookSchema.extend({
  secret: z.string().meta({ description: 'What signs the messages. No later answer repeats it.' }),
});
export type IssuedWebhook = z.output<typeof issuedWebhookSchema>;

export const deliverySchema = z.object({
  ...{ time, seq, event: z.enum(eventNames), ...answered },
  ms: z.int().meta({ description: 'How long it took.' }),
});
export type Delivery = z.output<typeof deliverySchema>;

export const replaySchema = z.strictObject({
  from: z
    .int()
    .min(1)
    .meta({ description: 'The seq of the first record to send again, in the owner’s own counting.' }),
});

export const webhookTestSchema = z.object({
  ok: z.boolean().meta({ description: 'Whether it was answered with a status from 200 to 299.' }),
  ...answered,
  ms: z.int(),
});
export type WebhookTest = z.output<typeof webhookTestSchema>;

// ---- the routes ----

/** Their shapes, for `rest.ts`. @param query of each */
export function webhookRoutesOf<Q extends z.ZodObject>(query: Q) {
  const params = z.strictObject({ id: z.string().max(64) });
  const ofOne = { params, query, answer: webhookSchema } as const;
  return {
    'GET /api/webhooks': { query, answer: z.object({ items: z.array(webhookSchema) }) },
    'POST /api/webhooks': { query, body: newWebhookSchema, answer: issuedWebhookSchema },
    'GET /api/webhooks/:id': ofOne,
    'PATCH /api/webhooks/:id': { ...ofOne, body: webhookChangeSchema },
    'DELETE /api/webhooks/:id': { params, query },
    'POST /api/webhooks/:id/pause': ofOne,
    'POST /api/webhooks/:id/resume': ofOne,
    'POST /api/webhooks/:id/replay': { ...ofOne, body: replaySchema },
    'POST /api/webhooks/:id/rotate': { ...ofOne, answer: issuedWebhookSchema },
    'POST /api/webhooks/:id/test': { ...ofOne, answer: webhookTestSchema },
    'GET /api/webhooks/:id/deliveries': { ...ofOne, answer: z.object({ items: z.array(deliverySchema) }) },
  } as const;
}
