/**
 * REST's routes: one table for the router and the OpenAPI document. `protocol/rest.ts` has their shapes; here is
 * their documentation.
 */

import { recordSchema } from '../../../protocol/messages.ts';
import { csvHeader, csvOf } from './csv.ts';
import {
  blob,
  connection,
  device,
  fine,
  key,
  link,
  order,
  parcel,
  profile,
  proofs,
  record,
  streamed,
  time,
  written,
} from './examples.ts';
import { repeatRoutes } from './repeat-routes.ts';
import { route } from './route.ts';
import { webhookRoutes } from './webhook-routes.ts';

// ---- the routes ----

const placing = {
  body: {
    required: true,
    examples: {
      order: { summary: 'With an order id of the shop’s own', value: order },
      made: {
        summary: 'Without one: the hub makes one up',
        value: { store: 'red', customer: 'Hulda Parker', address: '835 Meluk Pass' },
      },
    },
  },
  answers: { 201: 'It is recorded.', 200: 'The same order was there already (`duplicate`).' },
  example: { ...written, tracking: link },
  errors: ['not-json', 'bad-message', 'too-large', 'not-allowed', 'conflict', 'id-reused'],
} as const;
const openHub = { refusals: { 409: 'This hub is open to everyone, and has no keys.' } } as const;
const reading = { errors: ['bad-message', 'bad-cursor', 'busy'] } as const;

export const routes = {
  placeOrder: route('POST /api/orders', {
    ...placing,
    id: 'placeOrder',
    tag: 'Orders',
    summary: 'Place an order',
    description:
      'A shop’s `pickup`. Keys beyond the known ones are kept, but for one that is nearly spelled as a known one, which is refused by name. An empty text or `null` says nothing, and a whole number is taken as its text. The same order with the same data is the same record; with other data it is a `conflict`.',
  }),
  placePickup: route('POST /pickup', {
    ...placing,
    id: 'placePickup',
    tag: 'Orders',
    summary: 'Place an order, the lab’s shortcut',
    description:
      'Does what `POST /api/orders` does, and takes its keys in any spelling (`orderId`, `order_id`).',
  }),
  listOrders: route('GET /api/orders', {
    ...reading,
    id: 'listOrders',
    tag: 'Orders',
    summary: 'List orders, newest first',
    description:
      'A store lists its own, a driver what is on offer and what they hold. A page ends at 512 KiB, and where it takes long; `next` goes on from there, and a page has nothing only where there are no more.',
    answers: { 200: 'A page of orders.' },
    example: { items: [parcel], next: null, asOf: '68f32d118257.42' },
  }),
  readOrder: route('GET /api/orders/:store/:orderID', {
    id: 'readOrder',
    tag: 'Orders',
    summary: 'One order and its whole life',
    description: '`tracking` is for its store and admins.',
    answers: { 200: 'The order as it is now, and its records.' },
    example: { parcel, records: [record], tracking: link },
    errors: ['bad-message', 'unknown-parcel'],
  }),
  sendEvent: route('POST /api/orders/:store/:orderID/:event', {
    id: 'sendEvent',
    tag: 'Orders',
    summary: 'Let something happen to an order',
    description:
      'The body holds what the event adds to its order, and may be left out where that is nothing. An empty text or `null` in it says nothing, and a whole number is taken as its text. With a customer’s token it is a `note` on their one order, and nothing else.',
    body: {
      required: false,
      examples: {
        nothing: { summary: 'claimed, in-transit, retried, returned', value: {} },
        delivered: { summary: 'delivered', value: { outcome: 'recipient', receivedBy: 'Mrs Jones' } },
        failed: { summary: 'attempt-failed', value: { reason: 'not-home' } },
        reason: { summary: 'released, returning, cancelled', value: { reason: 'The shop is closed.' } },
        reassigned: { summary: 'reassigned; claimed, by dispatch', value: { driver: 'ben', name: 'Ben' } },
        corrected: { summary: 'corrected: the number of the change to take back', value: { rev: 3 } },
        note: { summary: 'note', value: { text: 'Please ring twice.' } },
        photo: { summary: 'proof: a photo, whose image is sent apart', value: proofs.photo },
        pin: { summary: 'proof: the PIN that the customer has told', value: proofs.pin },
      },
    },
    answers: { 201: 'It is recorded.', 200: 'It was recorded before (`duplicate`).' },
    example: { ...written, rev: 2, status: 'claimed' },
    errors: [
      'not-json',
      'bad-message',
      'unknown-event',
      'too-large',
      'not-allowed',
      'unknown-parcel',
      'wrong-status',
      'taken',
      'stale-claim',
      'id-reused',
    ],
  }),
  readEvents: route('GET /api/events', {
    ...reading,
    id: 'readEvents',
    tag: 'Events',
    summary: 'Read the log, or follow it live',
    description:
      'A page of records, ascending: the newest, or those after or before a place; it ends at 512 KiB. With `format=ndjson` or `format=csv`, or the `Accept` of either, all that the filters leave, as a file; `after` and `before` are then its bounds, and it takes no `limit` and `total`. With `Accept: text/event-stream` a stream: each record as a message whose `id` is its cursor; `Last-Event-ID` or `after` resumes, neither means live from now. It begins with an `id` alone: where it stands. A cursor of another log is answered by an event `reset`, and the `id` follows. A driver’s stream without filters also has events `gone`: offers that are none any more. A stream takes no `before`, `at`, `from`, `to`, `limit` and `total`.',
    answers: { 200: 'A page of records: `next` goes on with `after`, `prev` with `before`.' },
    example: { items: [record], next: '68f32d118257.42', prev: '68f32d118257.42' },
    files: {
      'application/x-ndjson': `${JSON.stringify(record)}\n`,
      'text/csv': csvHeader + csvOf(recordSchema.parse(record)),
    },
    stream: streamed,
  }),
  listConnections: route('GET /api/connections', {
    id: 'listConnections',
    tag: 'Hub',
    summary: 'Who is connected',
    description:
      'For admins. With `Accept: text/event-stream` a stream of events `presence` (everyone, then who came, changed or went) and `notice` (refused input and faults).',
    answers: { 200: 'Everyone who is here now.' },
    example: { items: [connection] },
    stream: `event: presence\ndata: ${JSON.stringify({ all: [connection] })}\n\n`,
    errors: ['bad-message', 'not-allowed'],
  }),
  readProfile: route('GET /api/stores/:store', {
    id: 'readProfile',
    tag: 'Stores',
    summary: 'How a store is called and reached',
    description:
      'For the store, admins and drivers, who get all but `email`, and with a customer’s token for that of their parcel. Empty where the store has said nothing.',
    answers: { 200: 'What the store says of itself.' },
    example: profile,
    errors: ['bad-message', 'not-allowed'],
  }),
  writeProfile: route('PUT /api/stores/:store', {
    id: 'writeProfile',
    tag: 'Stores',
    summary: 'Say how a store is called and reached',
    description:
      'For the store and admins. In the place of what there was; its customers and couriers see it on their pages. Where access is open, whoever is not named is the store.',
    body: {
      required: true,
      examples: { profile: { summary: 'A shop', value: profile } },
    },
    answers: { 200: 'As it is kept.' },
    example: profile,
    errors: ['not-json', 'bad-message', 'too-large', 'not-allowed'],
  }),
  ...repeatRoutes,
  ...webhookRoutes,
  putBlob: route('PUT /api/blobs/:hash', {
    id: 'putBlob',
    tag: 'Orders',
    summary: 'Send the image of a proof',
    description:
      'For drivers who hold or held the parcel, and admins. The body is the image itself, JPEG, PNG or WebP, of 300,000 bytes and 4,096 × 4,096 pixels at most. It may come before its `proof` or long after. A parcel has at most 16.',
    image: 'body',
    answers: { 201: 'It is kept, on disk.', 200: 'It was there before.' },
    example: blob,
    errors: ['bad-message', 'too-large', 'not-allowed', 'unknown-parcel'],
    refusals: { 415: 'A body is `image/jpeg`, `image/png` or `image/webp`, uncompressed.' },
  }),
  readBlob: route('GET /api/blobs/:hash', {
    id: 'readBlob',
    tag: 'Orders',
    summary: 'The image of a proof',
    description:
      'For the parcel’s store, drivers who hold or held it, and admins; its customer sees the photos of the delivery. Its type is what its first bytes say.',
    image: 'answer',
    answers: { 200: 'The image.' },
    errors: ['bad-message', 'unknown-parcel'],
  }),
  listDevices: route('GET /api/devices', {
    id: 'listDevices',
    tag: 'Devices',
    summary: 'List the devices that said hello within a day',
    description:
      'For admins. Ordered by id. Of a device that has left, `connected` is false and the rest is what was known last.',
    answers: { 200: 'A page of devices.' },
    example: { items: [device], next: null },
    errors: ['bad-message', 'bad-cursor', 'not-allowed'],
  }),
  readDevice: route('GET /api/devices/:id', {
    id: 'readDevice',
    tag: 'Devices',
    summary: 'Where a device is, and how it is',
    description: 'For admins. What it has not reported yet is missing.',
    refusals: { 404: 'There is no device of this id, or none that was heard of for a day.' },
    answers: { 200: 'What is known of it.' },
    example: device,
    errors: ['bad-message', 'not-allowed'],
  }),
  sendCommand: route('POST /api/devices/:id/commands', {
    id: 'sendCommand',
    tag: 'Devices',
    summary: 'Send a command to a device',
    description:
      'For admins. The answer says that it was sent; with `wait` it comes as soon as the device has answered.',
    body: {
      required: true,
      examples: {
        status: { summary: 'Ask how it is', value: { message: "HOW'S IT GOING?" } },
        run: { summary: 'Turn it on', value: { message: 'HEY YOU, RUN!' } },
        rest: { summary: 'Turn it off', value: { message: 'HEY YOU, REST!' } },
        report: {
          summary: 'Have it report; 0 ends the reports',
          value: { message: 'KEEP ME POSTED EVERY 60 SECONDS.' },
        },
      },
    },
    refusals: {
      404: 'There is no device of this id, or none that was heard of for a day.',
      409: 'The device is not connected now.',
      422: 'This is no command.',
    },
    answers: { 202: 'It is sent. `answer` is null where the device has not answered within `wait`.' },
    example: {
      ...{ id: device.id, message: "HOW'S IT GOING?", hub: device.hub, sentAt: time },
      answer: { message: fine, time },
    },
    errors: ['not-json', 'bad-message', 'too-large', 'not-allowed', 'too-fast'],
  }),
  issueKey: route('POST /api/keys', {
    id: 'issueKey',
    tag: 'Keys',
    summary: 'Issue an access key',
    description:
      'For admins, where access is keyed. The key is in this answer and nowhere else: the hub keeps its hash alone.',
    body: {
      required: true,
      examples: {
        store: { summary: 'For a store', value: { role: 'vendor', store: 'red', name: 'Flowers' } },
        driver: { summary: 'For a driver', value: { role: 'driver', driver: 'ana', name: 'Ana' } },
        admin: { summary: 'For dispatch', value: { role: 'admin', name: 'Dispatch' } },
      },
    },
    ...openHub,
    answers: { 201: 'The key, for whoever it is to be given to.' },
    example: { ...key, key: 'drv_…' },
    errors: ['not-json', 'bad-message', 'too-large', 'not-allowed'],
  }),
  listKeys: route('GET /api/keys', {
    id: 'listKeys',
    tag: 'Keys',
    summary: 'List access keys',
    description: 'For admins. The newest first, those that are revoked as well; never a key itself.',
    ...openHub,
    answers: { 200: 'All of them.' },
    example: { items: [{ ...key, hint: 'drv_…x7Qa' }] },
    errors: ['bad-message', 'not-allowed'],
  }),
  revokeKey: route('DELETE /api/keys/:id', {
    id: 'revokeKey',
    tag: 'Keys',
    summary: 'Revoke a key',
    description:
      'For admins. For good, and at once: connections that were made with it end within 5 seconds.',
    refusals: { ...openHub.refusals, 404: 'There is no key of this id.' },
    answers: { 204: 'It opens nothing any more.' },
    errors: ['bad-message', 'not-allowed'],
  }),
} as const;

/** Query of an event stream, which has a start and no end. */
export const streamQuery = routes.readEvents.query.omit({
  before: true,
  at: true,
  from: true,
  to: true,
  limit: true,
  total: true,
  format: true,
});

/** Query of a file of events, which has no pages. */
export const downloadQuery = routes.readEvents.query.omit({ limit: true, total: true });
