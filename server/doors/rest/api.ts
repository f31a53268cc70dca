/**
 * The routes of REST: one table, from which the router takes what a request may say, and the OpenAPI document what
 * there is to know. Paths are spelled as Express does.
 */

import { z } from 'zod';
import type { ErrorCode } from '../../../protocol/errors.ts';
import { eventNames, statuses } from '../../../protocol/events.ts';
import { limits } from '../../../protocol/limits.ts';
import {
  answerSchema,
  connectionSchema,
  detailsSchemas,
  doorNames,
  newOrderSchema,
  parcelViewSchema,
  recordSchema,
} from '../../../protocol/messages.ts';
import { idSchema, newIdSchema, newNameSchema } from '../../../protocol/texts.ts';
import { issuedKeySchema, keyWantedSchema, listedKeySchema } from '../../access/keys.ts';
import { profileExample as profile, profileSchema } from '../../hub/profiles.ts';
import { csvHeader, csvOf } from './csv.ts';

export interface Route<Q extends z.ZodType = z.ZodType> {
  /** The document's operationId. */
  readonly id: string;
  readonly tag: 'Orders' | 'Events' | 'Stores' | 'Hub' | 'Keys';
  readonly method: 'get' | 'post' | 'put' | 'delete';
  readonly path: string;
  readonly summary: string;
  readonly description: string;
  readonly query: Q;
  readonly params?: z.ZodObject;
  readonly body?: Body;
  readonly answers: Readonly<Record<number, string>>;
  /** Left out, as its example, where the answer has no body. */
  readonly answer?: z.ZodType;
  readonly example?: unknown;
  /** What it looks like with `Accept: text/event-stream`, where that can be had. */
  readonly stream?: string;
  /** What it looks like as a file, by media type. */
  readonly files?: Readonly<Record<string, string>>;
  readonly errors: readonly ErrorCode[];
  /** Further statuses. */
  readonly refusals?: Readonly<Record<number, string>>;
}

export interface Body {
  readonly schema: z.ZodType;
  readonly required: boolean;
  /** By name. */
  readonly examples: Readonly<Record<string, { readonly summary: string; readonly value: unknown }>>;
}

const route = <Q extends z.ZodType>(one: Route<Q>): Route<Q> => one;

// ---- what a request says ----

const text = z.string().min(1).max(limits.stringLength);
const place = z.string().max(64);
/** `+` in an address means a blank, and so the zone of a moment arrives as `… 01:00`. */
const moment = z
  .string()
  .transform((said) => said.replace(/^(\S+T\S+) (?=\d\d:?\d\d$)/, '$1+'))
  .pipe(
    z.iso.datetime({
      offset: true,
      error: 'Is a moment with its zone, like 2026-11-20T10:00:00Z or 2026-11-20T10:00:00%2B01:00',
    }),
  )
  .meta({ type: 'string', format: 'date-time' });
const as = text
  .regex(/^(admin|(store|driver):[\s\S]+)$/, 'Is "admin", "store:<store>" or "driver:<driver>"')
  .optional();
const asReader = as.meta({
  description:
    'Who asks: `admin` (the default), `store:<store>` or `driver:<driver>`. Where access is keyed, the key says it.',
});
const asWriter = as.meta({
  description:
    'Who acts: `admin`, `store:<store>` or `driver:<driver>`; the parcel’s store, if nothing is said. A driver’s event needs `driver:<driver>`. Where access is keyed, the key says it.',
});
const name = newNameSchema.optional().meta({ description: 'How people are to read who it is.' });
const occurredAt = moment
  .optional()
  .meta({ description: 'When it happened, where that was not just now, e.g. on a device without network.' });
const q = z.string().max(limits.stringLength).default('').meta({
  description:
    'Words and the terms `event:` `store:` `driver:` `via:` `order:`; `-` excludes, `"…"` keeps spaces together.',
});
const limit = z
  .string()
  .regex(/^\d{1,6}$/, 'Is a whole number')
  .transform(Number)
  .pipe(z.int().min(1).max(limits.page))
  .default(100)
  .meta({ type: 'integer', minimum: 1, maximum: limits.page, default: 100 });

/** The header of every POST that becomes a record. */
export const idempotencyKey = newIdSchema.optional().meta({
  description:
    'The command’s id. Sent again with the same content, it stays one record and is answered with `duplicate`.',
});

const keyed = z.strictObject({ as: asReader });
const writing = z.strictObject({ as: asWriter, name, occurredAt });
const store = idSchema.optional();
const filters = {
  event: z.enum(eventNames).optional().meta({ description: 'The record’s event, exactly.' }),
  store: store.meta({ description: 'Events of this store’s parcels.' }),
  driver: store.meta({ description: 'Events by, or about, the driver of this id or name.' }),
  via: z.enum(doorNames).optional().meta({ description: 'The door they came through.' }),
  q,
};

// ---- what comes back ----

export const connectionsSchema = z.object({ items: z.array(connectionSchema) });
const [recorded] = answerSchema.options;
export const writtenSchema = recorded.extend({ store: idSchema, orderID: idSchema });
const tracking = z.string().meta({ description: 'The customer’s page for this parcel.' });
export const orderedSchema = writtenSchema.extend({ tracking });
const nextPage = z.string().nullable().meta({ description: '`cursor` of the next page; null on the last.' });

const order = { store: 'red', orderID: 'mi8qe', customer: 'Hulda Parker', address: '835 Meluk Pass' };
const time = '2026-11-20T18:03:11.246Z';
const written = { ok: true, seq: 42, rev: 1, status: 'ready', time, store: 'red', orderID: 'mi8qe' };
const link = 'http://localhost:3000/track/trk_…';
const record = {
  ...{ seq: 42, event: 'pickup', time, status: 'ready', rev: 1, payload: order },
  ...{ by: { role: 'vendor', id: 'red' }, via: 'rest' },
};
const parcel = { payload: order, status: 'ready', rev: 1, attempts: 0, createdAt: time, changedAt: time };
const connection = {
  ...{ id: '0199e5a0-…', role: 'driver', who: 'ana', name: 'Ana', door: 'socket.io' },
  ...{ since: time, lastSeen: time, duty: 'on' },
};

const key = { id: '5f0c3a9d1b7e2468', role: 'driver', driver: 'ana', name: 'Ana', createdAt: time };

// ---- the routes ----

const placing = {
  method: 'post',
  query: writing,
  body: {
    schema: newOrderSchema.partial({ orderID: true }),
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
  answer: orderedSchema,
  example: { ...written, tracking: link },
  errors: ['not-json', 'bad-message', 'too-large', 'not-allowed', 'conflict', 'id-reused'],
} as const;
const openHub = { refusals: { 409: 'This hub is open to everyone, and has no keys.' } } as const;
const reading = { method: 'get', errors: ['bad-message', 'bad-cursor', 'busy'] } as const;

export const routes = {
  placeOrder: route({
    ...placing,
    ...{ id: 'placeOrder', tag: 'Orders', path: '/api/orders', summary: 'Place an order' },
    description:
      'A shop’s `pickup`. Keys beyond the known ones are kept, but for one that is nearly spelled as a known one, which is refused by name. An empty text or `null` says nothing, and a whole number is taken as its text. The same order with the same data is the same record; with other data it is a `conflict`.',
  }),
  placePickup: route({
    ...placing,
    ...{ id: 'placePickup', tag: 'Orders', path: '/pickup', summary: 'Place an order, the lab’s shortcut' },
    description:
      'Does what `POST /api/orders` does, and takes its keys in any spelling (`orderId`, `order_id`).',
  }),
  listOrders: route({
    ...reading,
    ...{ id: 'listOrders', tag: 'Orders', path: '/api/orders', summary: 'List orders, newest first' },
    description:
      'A store lists its own, a driver what is on offer and what they hold. A page ends at 512 kB, and where it takes long; `next` goes on from there, and a page has nothing only where there are no more.',
    query: z.strictObject({
      as: asReader,
      status: z.enum(statuses).optional(),
      store: store.meta({ description: 'Orders of this store; another store finds none.' }),
      driver: store.meta({
        description: 'Orders that this driver holds, or held last; another driver finds none.',
      }),
      q: q.meta({
        description:
          'The search grammar. Of an order `event:` is its status and `driver:` its holder; it has no `via:`.',
      }),
      cursor: place.optional().meta({ description: '`next` of the page before, by the same reader.' }),
      limit,
    }),
    answers: { 200: 'A page of orders.' },
    answer: z.object({
      items: z.array(parcelViewSchema),
      ...{ next: nextPage, damaged: z.int().optional() },
      asOf: z.string().meta({
        description:
          'A cursor: the page has everything up to it. Following the events after that of the first page leaves nothing out.',
      }),
    }),
    example: { items: [parcel], next: null, asOf: '68f32d118257.42' },
  }),
  readOrder: route({
    ...{ id: 'readOrder', tag: 'Orders', method: 'get', path: '/api/orders/:store/:orderID' },
    summary: 'One order and its whole life',
    description: '`tracking` is for its store and admins.',
    params: z.strictObject({ store: idSchema, orderID: idSchema }),
    query: z.strictObject({ as: asReader }),
    answers: { 200: 'The order as it is now, and its records.' },
    answer: z.object({
      parcel: parcelViewSchema,
      records: z.array(recordSchema),
      damaged: z.array(z.int()).optional().meta({ description: '`rev`s that the disk has damaged.' }),
      tracking: tracking.optional(),
    }),
    example: { parcel, records: [record], tracking: link },
    errors: ['bad-message', 'unknown-parcel'],
  }),
  sendEvent: route({
    ...{ id: 'sendEvent', tag: 'Orders', method: 'post', path: '/api/orders/:store/:orderID/:event' },
    summary: 'Let something happen to an order',
    description:
      'The body holds what the event adds to its order, and may be left out where that is nothing. An empty text or `null` in it says nothing, and a whole number is taken as its text. With a customer’s token it is a `note` on their one order, and nothing else.',
    params: z.strictObject({
      store: idSchema,
      orderID: idSchema,
      event: z.enum(eventNames).exclude(['pickup']),
    }),
    query: writing,
    body: {
      schema: z.union([
        detailsSchemas.claimed,
        detailsSchemas.released,
        detailsSchemas.delivered,
        detailsSchemas['attempt-failed'],
        detailsSchemas.reassigned,
        detailsSchemas.corrected,
        detailsSchemas.note,
      ]),
      required: false,
      examples: {
        nothing: { summary: 'claimed, in-transit, retried, returned', value: {} },
        delivered: { summary: 'delivered', value: { outcome: 'recipient', receivedBy: 'Mrs Jones' } },
        failed: { summary: 'attempt-failed', value: { reason: 'not-home' } },
        reason: { summary: 'released, returning, cancelled', value: { reason: 'The shop is closed.' } },
        reassigned: { summary: 'reassigned; claimed, by dispatch', value: { driver: 'ben', name: 'Ben' } },
        corrected: { summary: 'corrected: the number of the change to take back', value: { rev: 3 } },
        note: { summary: 'note', value: { text: 'Please ring twice.' } },
      },
    },
    answers: { 201: 'It is recorded.', 200: 'It was recorded before (`duplicate`).' },
    answer: writtenSchema,
    example: { ...written, rev: 2, status: 'claimed' },
    errors: [
      ...([
        'not-json',
        'bad-message',
        'unknown-event',
        'too-large',
        'not-allowed',
        'unknown-parcel',
      ] as const),
      ...(['wrong-status', 'taken', 'stale-claim', 'id-reused'] as const),
    ],
  }),
  readEvents: route({
    ...reading,
    ...{ id: 'readEvents', tag: 'Events', path: '/api/events', summary: 'Read the log, or follow it live' },
    description:
      'A page of records, ascending: the newest, or those after or before a place; it ends at 512 kB. With `format=ndjson` or `format=csv`, or the `Accept` of either, all that the filters leave, as a file; `after` and `before` are then its bounds, and it takes no `limit` and `total`. With `Accept: text/event-stream` a stream: each record as a message whose `id` is its cursor; `Last-Event-ID` or `after` resumes, neither means live from now. A cursor of another log is answered by an event `reset`. A driver’s stream without filters also has events `gone`: offers that are none any more. A stream takes no `before`, `at`, `from`, `to`, `limit` and `total`.',
    query: z.strictObject({
      as: asReader,
      name,
      after: place.optional().meta({ description: 'A cursor, or a seq: what followed.' }),
      before: place.optional().meta({ description: 'A cursor, or a seq: what went before.' }),
      at: moment.optional().meta({ description: 'The newest page as it was at this moment.' }),
      ...filters,
      from: moment.optional().meta({ description: 'What happened at this moment or later.' }),
      to: moment.optional().meta({ description: 'What happened up to this moment.' }),
      limit,
      total: z.literal('1').optional().meta({ description: 'Also how many there are, on all pages.' }),
      format: z.enum(['json', 'ndjson', 'csv']).optional().meta({ description: '`Accept`, for links.' }),
    }),
    answers: { 200: 'A page of records: `next` goes on with `after`, `prev` with `before`.' },
    answer: z.object({
      items: z.array(recordSchema),
      next: z.string(),
      prev: z.string().nullable().meta({ description: 'Null at the beginning.' }),
      damaged: z.array(z.int()).optional().meta({ description: 'Seqs that the disk has damaged.' }),
      total: z.object({ count: z.int(), exact: z.boolean() }).optional().meta({
        description:
          'If it was asked for and is known. Not `exact`: there are more, or may be; words are counted for 50 ms, up to 10,000.',
      }),
    }),
    example: { items: [record], next: '68f32d118257.42', prev: '68f32d118257.42' },
    files: {
      'application/x-ndjson': `${JSON.stringify(record)}\n`,
      'text/csv': csvHeader + csvOf(recordSchema.parse(record)),
    },
    stream: `id: 68f32d118257.42\ndata: ${JSON.stringify(record)}\n\n`,
  }),
  listConnections: route({
    ...{ id: 'listConnections', tag: 'Hub', method: 'get', path: '/api/connections' },
    summary: 'Who is connected',
    description:
      'For admins. With `Accept: text/event-stream` a stream of events `presence` (everyone, then who came, changed or went) and `notice` (refused input and faults).',
    query: z.strictObject({ as: asReader, name }),
    answers: { 200: 'Everyone who is here now.' },
    answer: connectionsSchema,
    example: { items: [connection] },
    stream: `event: presence\ndata: ${JSON.stringify({ all: [connection] })}\n\n`,
    errors: ['bad-message', 'not-allowed'],
  }),
  readProfile: route({
    ...{ id: 'readProfile', tag: 'Stores', method: 'get', path: '/api/stores/:store' },
    summary: 'How a store is called and reached',
    description:
      'For the store and admins, and with a customer’s token for that of their parcel. Empty where the store has said nothing.',
    params: z.strictObject({ store: idSchema }),
    query: keyed,
    answers: { 200: 'What the store says of itself.' },
    answer: profileSchema,
    example: profile,
    errors: ['bad-message', 'not-allowed'],
  }),
  writeProfile: route({
    ...{ id: 'writeProfile', tag: 'Stores', method: 'put', path: '/api/stores/:store' },
    summary: 'Say how a store is called and reached',
    description:
      'For the store and admins. In the place of what there was; its customers see it on their pages. Where access is open, whoever is not named is the store.',
    params: z.strictObject({ store: idSchema }),
    query: keyed,
    body: {
      schema: profileSchema,
      required: true,
      examples: { profile: { summary: 'A shop', value: profile } },
    },
    answers: { 200: 'As it is kept.' },
    answer: profileSchema,
    example: profile,
    errors: ['not-json', 'bad-message', 'too-large', 'not-allowed'],
  }),
  issueKey: route({
    ...{ id: 'issueKey', tag: 'Keys', method: 'post', path: '/api/keys', summary: 'Issue an access key' },
    description:
      'For admins, where access is keyed. The key is in this answer and nowhere else: the hub keeps its hash alone.',
    query: keyed,
    body: {
      schema: keyWantedSchema,
      required: true,
      examples: {
        store: { summary: 'For a store', value: { role: 'vendor', store: 'red', name: 'Flowers' } },
        driver: { summary: 'For a driver', value: { role: 'driver', driver: 'ana', name: 'Ana' } },
        admin: { summary: 'For dispatch', value: { role: 'admin', name: 'Dispatch' } },
      },
    },
    ...{ ...openHub, answers: { 201: 'The key, for whoever it is to be given to.' } },
    answer: issuedKeySchema,
    example: { ...key, key: 'drv_…' },
    errors: ['not-json', 'bad-message', 'too-large', 'not-allowed'],
  }),
  listKeys: route({
    ...{ id: 'listKeys', tag: 'Keys', method: 'get', path: '/api/keys', summary: 'List access keys' },
    description: 'For admins. The newest first, those that are revoked as well; never a key itself.',
    ...{ ...openHub, query: keyed, answers: { 200: 'All of them.' } },
    answer: z.object({ items: z.array(listedKeySchema) }),
    example: { items: [{ ...key, hint: 'drv_…x7Qa' }] },
    errors: ['bad-message', 'not-allowed'],
  }),
  revokeKey: route({
    ...{ id: 'revokeKey', tag: 'Keys', method: 'delete', path: '/api/keys/:id', summary: 'Revoke a key' },
    description:
      'For admins. For good, and at once: connections that were made with it end within 5 seconds.',
    params: z.strictObject({ id: z.string() }),
    query: keyed,
    refusals: { ...openHub.refusals, 404: 'There is no key of this id.' },
    answers: { 204: 'It opens nothing any more.' },
    errors: ['bad-message', 'not-allowed'],
  }),
} as const;

/** What a stream of events takes: it has a beginning and no end. */
export const streamQuery = routes.readEvents.query.omit({
  before: true,
  at: true,
  from: true,
  to: true,
  limit: true,
  total: true,
  format: true,
});

/** What a file of events takes: it has no pages. */
export const downloadQuery = routes.readEvents.query.omit({ limit: true, total: true });
