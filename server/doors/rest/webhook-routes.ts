/** The routes of webhooks. */

import type { ErrorCode } from '../../../protocol/errors.ts';
import { delivery, webhook } from './examples.ts';
import { route } from './route.ts';

const tag = 'Webhooks' as const;
const refusals = { 404: 'There is no webhook of this id.' } as const;
const off = { 409: 'This hub sends nothing: `CAPS_OUTBOUND` is `off`.' } as const;
const errors: readonly ErrorCode[] = ['bad-message', 'not-allowed'];
const bodyErrors: readonly ErrorCode[] = ['not-json', 'too-large', ...errors];
const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwMfKQ9r8GKYo=';

export const webhookRoutes = {
  listWebhooks: route('GET /api/webhooks', {
    ...{ id: 'listWebhooks', tag },
    summary: 'List webhooks',
    description: 'A store lists its own, dispatch all.',
    answers: { 200: 'All of them, by id.' },
    example: { items: [webhook] },
    errors,
  }),
  addWebhook: route('POST /api/webhooks', {
    ...{ id: 'addWebhook', tag },
    summary: 'Have each record posted to an address',
    description:
      'A store’s webhook gets the store’s records, as its feed has them; one of dispatch gets all. It begins with the next record. Messages are those of Standard Webhooks: the body is `{ type, timestamp, data }`, `type` the event and `data` the record, signed with the secret that this answer alone tells. In order, one at a time; again for three days where it is not answered with 2xx.',
    body: {
      required: true,
      examples: {
        all: { summary: 'Every event', value: { url: webhook.url } },
        ends: {
          summary: 'How parcels end',
          value: { url: webhook.url, events: ['delivered', 'returned'], description: 'The shop’s books' },
        },
      },
    },
    refusals: off,
    answers: { 201: 'It is sent to from now on.' },
    example: { ...webhook, secret },
    errors: bodyErrors,
  }),
  readWebhook: route('GET /api/webhooks/:id', {
    ...{ id: 'readWebhook', tag },
    summary: 'How a webhook is doing',
    description: '`seq` says how far it is, `behind` what is still to be sent.',
    refusals,
    answers: { 200: 'As it is now.' },
    example: webhook,
    errors,
  }),
  changeWebhook: route('PATCH /api/webhooks/:id', {
    ...{ id: 'changeWebhook', tag },
    summary: 'Change a webhook',
    description: 'What is left out stays; `null` takes `events` or `description` away.',
    body: {
      required: true,
      examples: { moved: { summary: 'To another address', value: { url: webhook.url } } },
    },
    refusals: { ...refusals, ...off },
    answers: { 200: 'As it is now.' },
    example: webhook,
    errors: bodyErrors,
  }),
  removeWebhook: route('DELETE /api/webhooks/:id', {
    ...{ id: 'removeWebhook', tag },
    summary: 'End a webhook',
    description: 'With its list of tries.',
    refusals,
    answers: { 204: 'Nothing is sent there any more.' },
    errors,
  }),
  pauseWebhook: route('POST /api/webhooks/:id/pause', {
    ...{ id: 'pauseWebhook', tag },
    summary: 'Send nothing for now',
    description: 'It keeps its place.',
    refusals,
    answers: { 200: 'As it is now.' },
    example: { ...webhook, status: 'paused', reason: 'asked' },
    errors,
  }),
  resumeWebhook: route('POST /api/webhooks/:id/resume', {
    ...{ id: 'resumeWebhook', tag },
    summary: 'Send again, from where it stopped',
    description: 'Nothing that came meanwhile is left out. From now on it ends with the key that resumed it.',
    refusals,
    answers: { 200: 'As it is now.' },
    example: webhook,
    errors,
  }),
  replayWebhook: route('POST /api/webhooks/:id/replay', {
    ...{ id: 'replayWebhook', tag },
    summary: 'Send again from here',
    description:
      'The record of this seq and all after it, with the same `webhook-id` as before. A paused webhook begins there once it is resumed.',
    body: { required: true, examples: { from: { summary: 'From record 42 on', value: { from: 42 } } } },
    refusals,
    answers: { 200: 'As it is now.' },
    example: webhook,
    errors: bodyErrors,
  }),
  rotateWebhook: route('POST /api/webhooks/:id/rotate', {
    ...{ id: 'rotateWebhook', tag },
    summary: 'Make another secret',
    description: 'For a day, messages are signed with both, so that receivers can change in their own time.',
    refusals,
    answers: { 200: 'With the new secret, which no later answer tells.' },
    example: { ...webhook, secret },
    errors,
  }),
  testWebhook: route('POST /api/webhooks/:id/test', {
    ...{ id: 'testWebhook', tag },
    summary: 'Send a message of type `test`',
    description: 'At once, also while it is paused. It has no record and does not move the place.',
    refusals: { ...refusals, ...off },
    answers: { 200: 'What came of it.' },
    example: { ok: true, status: 204, ms: 87 },
    errors: [...errors, 'busy'],
  }),
  listDeliveries: route('GET /api/webhooks/:id/deliveries', {
    ...{ id: 'listDeliveries', tag },
    summary: 'What became of the last tries',
    description: 'The last hundred, newest first: times, statuses and faults, no contents.',
    refusals,
    answers: { 200: 'All that are remembered.' },
    example: { items: [delivery] },
    errors,
  }),
} as const;
