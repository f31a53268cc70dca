/**
 * The shapes of REST: each route's request and answer. The hub parses requests with them, the OpenAPI document shows
 * them, and `client/read.ts` takes the types of answers from them. A browser imports only the types: the schema library
 * would double its download.
 */

import { z } from 'zod';
import { deviceCommandSchema, deviceLimits, deviceSchema, ofDevice, sentCommandSchema } from './devices.ts';
import { errorCodes, errorPage } from './errors.ts';
import { eventNames, statuses } from './events.ts';
import { limits } from './limits.ts';
import {
  answerSchema,
  connectionSchema,
  detailsSchemas,
  doorNames,
  parcelViewSchema,
  recordSchema,
  wireErrorSchema,
} from './messages.ts';
import { consistent, newOrderFields, parcelIdSchema } from './orders.ts';
import { profileSchema } from './profile.ts';
import { blobHashSchema, blobSchema } from './proof.ts';
import { newRepeatSchema, repeatSchema } from './repeats.ts';
import { idSchema, newIdSchema, newNameSchema } from './texts.ts';
import { webhookRoutesOf } from './webhooks.ts';

// ---- requests ----

const text = z.string().min(1).max(limits.stringLength);
const place = z.string().max(64);
/** `+` in a query means a space, so the zone of a moment may arrive as `… 01:00`. */
const moment = z
  .string()
  .transform((text) => text.replace(/^(\S+T\S+) (?=\d\d:?\d\d$)/, '$1+'))
  .pipe(
    z.iso.datetime({
      offset: true,
      error: 'Must be a time with its zone, like 2026-11-20T10:00:00Z or 2026-11-20T10:00:00%2B01:00',
    }),
  )
  .meta({ type: 'string', format: 'date-time' });
const as = text
  .regex(/^(admin|(store|driver):[\s\S]+)$/, 'Must be "admin", "store:<store>" or "driver:<driver>"')
  .optional();
const asReader = as.meta({
  description:
    'Who asks: `admin` (the default), `store:<store>` or `driver:<driver>`. A keyed hub takes it from the key.',
});
const asWriter = as.meta({
  description:
    'Who acts: `admin`, `store:<store>` or `driver:<driver>`; by default the parcel’s store. A driver’s event needs `driver:<driver>`. A keyed hub takes it from the key.',
});
const name = newNameSchema.optional().meta({ description: 'The name that people see.' });
const occurredAt = moment
  .optional()
  .meta({ description: 'When it happened, if that was earlier, e.g. on a device without network.' });
const q = z.string().max(limits.stringLength).default('').meta({
  description:
    'Words and the terms `event:` `store:` `driver:` `via:` `order:`; `-` excludes, `"…"` keeps spaces together.',
});
const limit = z
  .string()
  .regex(/^\d{1,6}$/, 'Must be a whole number')
  .transform(Number)
  .pipe(z.int().min(1).max(limits.page))
  .default(100)
  .meta({ type: 'integer', minimum: 1, maximum: limits.page, default: 100 });

/** The header of every POST that becomes a record. */
export const idempotencyKey = newIdSchema.optional().meta({
  description:
    'The command’s id. A repeat with the same content makes no second record; its answer has `duplicate`.',
});

const keyed = z.strictObject({ as: asReader });
const writing = z.strictObject({ as: asWriter, name, occurredAt });
const store = idSchema.optional();

const ordersQuery = z.strictObject({
  as: asReader,
  status: z
    .enum([...statuses, 'open'])
    .optional()
    .meta({ description: 'One status, or `open` for all that are not finished.' }),
  store: store.meta({ description: 'Orders of this store; another store finds none.' }),
  driver: store.meta({
    description: 'Orders whose current or last holder is this driver; another driver finds none.',
  }),
  q: q.meta({
    description:
      'The search grammar, and `is:open` and `is:late`. `event:` matches an order’s status and `driver:` its holder; `via:` is refused.',
  }),
  dueFrom: moment.optional().meta({
    description:
      'Orders for this moment or later: for their `dueAt`, else `notBefore`, else when they were placed.',
  }),
  dueTo: moment.optional().meta({ description: 'Orders for this moment or earlier.' }),
  cursor: place.optional().meta({ description: '`next` of the previous page, of the same reader.' }),
  limit,
});
const eventsQuery = z.strictObject({
  as: asReader,
  name,
  after: place.optional().meta({ description: 'Records after this cursor or seq.' }),
  before: place.optional().meta({ description: 'Records before this cursor or seq.' }),
  at: moment.optional().meta({ description: 'The newest page as it was at this moment.' }),
  event: z.enum(eventNames).optional().meta({ description: 'Exactly this event.' }),
  store: store.meta({ description: 'Events of this store’s parcels.' }),
  driver: store.meta({ description: 'Events by or about the driver with this id or name.' }),
  via: z.enum(doorNames).optional().meta({ description: 'Events that came through this door.' }),
  q,
  from: moment.optional().meta({ description: 'Events at this moment or later.' }),
  to: moment.optional().meta({ description: 'Events up to this moment.' }),
  limit,
  total: z.literal('1').optional().meta({ description: 'Adds the number of events on all pages.' }),
  format: z
    .enum(['json', 'ndjson', 'csv'])
    .optional()
    .meta({ description: 'The format, for links, which cannot send `Accept`.' }),
});

/** Without `orderID`, the hub makes one up. */
const placedOrder = consistent(newOrderFields.partial({ orderID: true }));
/** Those of `seen` are those of `corrected`. */
const eventDetails = z.union([
  detailsSchemas.claimed,
  detailsSchemas.released,
  detailsSchemas.delivered,
  detailsSchemas['attempt-failed'],
  detailsSchemas.reassigned,
  detailsSchemas.corrected,
  detailsSchemas.note,
  detailsSchemas.amended,
  detailsSchemas.proof,
]);
const address = z.object({
  url: z.string().max(512).meta({ description: 'A full URL of this hub.' }),
});

// ---- orders and events ----

const [recorded] = answerSchema.options;
export const writeAnswerSchema = recorded.extend({ store: idSchema, orderID: idSchema });
const tracking = z.string().meta({ description: 'The customer’s page for this parcel.' });
export const orderAnswerSchema = writeAnswerSchema.extend({ tracking });
const nextPage = z.string().nullable().meta({ description: '`cursor` of the next page; null on the last.' });

const orderPageSchema = z.object({
  items: z.array(parcelViewSchema),
  ...{ next: nextPage, damaged: z.int().optional() },
  asOf: z.string().meta({
    description:
      'A cursor: the page is complete up to it. To miss nothing, follow the events after that of the first page.',
  }),
});

const parcelLifeSchema = z.object({
  parcel: parcelViewSchema,
  records: z.array(recordSchema),
  damaged: z.array(z.int()).optional().meta({ description: '`rev`s of records that the disk has damaged.' }),
  tracking: tracking.optional(),
});

const eventPageSchema = z.object({
  items: z.array(recordSchema),
  next: z.string(),
  prev: z.string().nullable().meta({ description: '`before` of the previous page; null on the first.' }),
  damaged: z.array(z.int()).optional().meta({ description: 'Seqs of records that the disk has damaged.' }),
  total: z.object({ count: z.int(), exact: z.boolean() }).optional().meta({
    description:
      'If the request asks for it and the hub knows it. If not `exact`, there may be more: the hub counts matches of words for 50 ms and up to 10,000.',
  }),
});

const connectionListSchema = z.object({ items: z.array(connectionSchema) });

// ---- keys ----

const description = 'The owner’s name, which people see.';
const ownerName = recordSchema.shape.by.shape.name.meta({ description });
const newOwnerName = newNameSchema.optional().meta({ description });

/** Whom to issue a key to. */
export const keyRequestSchema = z.discriminatedUnion('role', [
  z.strictObject({ role: z.literal('vendor'), store: newIdSchema, name: newOwnerName }),
  z.strictObject({ role: z.literal('driver'), driver: newIdSchema, name: newOwnerName }),
  z.strictObject({ role: z.literal('admin'), name: newOwnerName }),
]);
export type KeyRequest = z.output<typeof keyRequestSchema>;

const time = recordSchema.shape.time;
const commonOfKeys = {
  id: z.string(),
  role: z.enum(['vendor', 'driver', 'admin']),
  store: idSchema.optional(),
  driver: idSchema.optional(),
  name: ownerName,
  createdAt: time,
};
const issuedKeySchema = z.object({
  ...commonOfKeys,
  key: z.string().meta({ description: 'The key itself. No later answer repeats it.' }),
});
const listedKeySchema = z.object({
  ...commonOfKeys,
  hint: z.string().meta({ description: 'The key’s first and last characters.' }),
  revokedAt: time.optional(),
});

// ---- images ----

const ofBlob = { params: z.strictObject({ hash: blobHashSchema }) };

// ---- devices ----

const devicesQuery = z.strictObject({
  as: asReader,
  cursor: place.optional().meta({ description: '`next` of the previous page.' }),
  limit,
});
const commandQuery = z.strictObject({
  as: asReader,
  wait: z
    .string()
    .regex(/^\d{1,2}$/, 'Must be a whole number')
    .transform(Number)
    .pipe(z.int().max(deviceLimits.waitSeconds))
    .default(0)
    .meta({
      ...{ type: 'integer', minimum: 0, maximum: deviceLimits.waitSeconds, default: 0 },
      description: 'Seconds to wait for the device’s answer.',
    }),
});
const devicePageSchema = z.object({ items: z.array(deviceSchema), next: nextPage });

// ---- the hub itself ----

const hubInfoSchema = z.object({
  version: z.string().optional(),
  access: z.enum(['open', 'keyed']),
  addresses: z.array(z.string()).optional().meta({ description: 'The hub’s addresses, the best first.' }),
  actor: z
    .object({ role: z.string(), id: z.string(), name: z.string().optional() })
    .optional()
    .meta({ description: 'The owner of the request’s key.' }),
  https: z
    .object({
      url: z.string().optional().meta({ description: 'Where every browser trusts it.' }),
      fingerprint: z.string().optional().meta({
        description: 'SHA-256 of the hub’s own authority, `/ca.crt`, which devices have to be told to trust.',
      }),
    })
    .optional()
    .meta({ description: 'Absent if the hub speaks plain HTTP alone.' }),
  outage: z
    .object({ since: z.string() })
    .optional()
    .meta({ description: 'The hub cannot record since then. Absent while it can.' }),
});

const healthSchema = z.object({
  status: z.string().meta({ description: '`ok`, or what is wrong.' }),
  warning: z.string().optional().meta({ description: 'A problem that does not stop the hub.' }),
  damaged: z.array(z.string()).optional().meta({
    description: 'Names of the first 100 records that the disk has damaged.',
  }),
  serverId: z.string().optional().meta({ description: '`/healthz`: which of several hubs has answered.' }),
  damagedCount: z.int().optional().meta({ description: 'Number of all damaged records.' }),
});

/** The body of every error, as `application/problem+json` (RFC 9457). */
export const problemSchema = z.object({
  /** The code's page in the hub's documents, as a relative reference, which RFC 9457 allows. */
  type: z.enum(errorCodes.map(errorPage)),
  /** The same for all errors of this code. */
  title: z.string(),
  status: z.int(),
  /** What went wrong in this request. */
  detail: z.string(),
  code: wireErrorSchema.shape.code,
  retryable: z.boolean(),
  details: wireErrorSchema.shape.details,
});
export type Problem = z.output<typeof problemSchema>;

// ---- the routes ----

export interface RestShape {
  readonly params?: z.ZodObject;
  readonly query?: z.ZodObject;
  readonly body?: z.ZodType;
  /** Shape of the JSON answer; absent if the answer has no body or is not JSON. */
  readonly answer?: z.ZodType;
}

const placing = { query: writing, body: placedOrder, answer: orderAnswerSchema } as const;
const ofStore = { params: z.strictObject({ store: idSchema }), query: keyed, answer: profileSchema } as const;
const ofRepeat = { params: z.strictObject({ store: idSchema, id: idSchema }), query: keyed } as const;

/** Routes by method and path, in Express's syntax. */
export const rest = {
  'POST /api/orders': placing,
  'POST /pickup': placing,
  'GET /api/orders': { query: ordersQuery, answer: orderPageSchema },
  'GET /api/orders/:store/:orderID': {
    params: z.strictObject({ store: idSchema, orderID: idSchema }),
    query: z.strictObject({ as: asReader }),
    answer: parcelLifeSchema,
  },
  'POST /api/orders/:store/:orderID/:event': {
    params: z.strictObject({
      store: idSchema,
      orderID: idSchema,
      event: z.enum(eventNames).exclude(['pickup']),
    }),
    query: writing,
    body: eventDetails,
    answer: writeAnswerSchema,
  },
  'GET /api/events': { query: eventsQuery, answer: eventPageSchema },
  'GET /api/connections': { query: z.strictObject({ as: asReader, name }), answer: connectionListSchema },
  'GET /api/stores/:store': ofStore,
  'PUT /api/stores/:store': { ...ofStore, body: profileSchema },
  'GET /api/stores/:store/repeats': {
    ...{ params: ofStore.params, query: keyed },
    answer: z.object({ items: z.array(repeatSchema) }),
  },
  'POST /api/stores/:store/repeats': {
    ...{ params: ofStore.params, query: keyed },
    ...{ body: newRepeatSchema, answer: repeatSchema },
  },
  'PUT /api/stores/:store/repeats/:id': { ...ofRepeat, body: newRepeatSchema, answer: repeatSchema },
  'DELETE /api/stores/:store/repeats/:id': ofRepeat,
  'POST /api/keys': { query: keyed, body: keyRequestSchema, answer: issuedKeySchema },
  'GET /api/keys': { query: keyed, answer: z.object({ items: z.array(listedKeySchema) }) },
  'DELETE /api/keys/:id': { params: z.strictObject({ id: z.string() }), query: keyed },

  ...webhookRoutesOf(keyed),

  'PUT /api/blobs/:hash': {
    ...ofBlob,
    query: parcelIdSchema.extend({ as: asWriter, name }).strict(),
    answer: blobSchema,
  },
  'GET /api/blobs/:hash': { ...ofBlob, query: parcelIdSchema.extend({ as: asReader, name }).strict() },

  'GET /api/devices': { query: devicesQuery, answer: devicePageSchema },
  'GET /api/devices/:id': { ...ofDevice, query: keyed, answer: deviceSchema },
  'POST /api/devices/:id/commands': {
    ...{ ...ofDevice, query: commandQuery },
    ...{ body: deviceCommandSchema, answer: sentCommandSchema },
  },

  'GET /api/hub': { answer: hubInfoSchema },
  'POST /api/hub': { answer: hubInfoSchema },
  'GET /qr.svg': { query: address },
  'POST /qr.svg': { body: address },
  'GET /healthz': { answer: healthSchema },
  'GET /readyz': { answer: healthSchema },
  'GET /openapi.json': { answer: z.looseObject({ openapi: z.string() }) },
  'GET /asyncapi.json': { answer: z.looseObject({ asyncapi: z.string() }) },
  'GET /schemas': {
    answer: z.object({ items: z.array(z.object({ name: z.string(), href: z.string() })) }),
  },
  'GET /schemas/:name.json': {
    params: z.strictObject({ name: z.string().meta({ description: 'A name that `/schemas` lists.' }) }),
    answer: z.looseObject({ $id: z.string() }),
  },
} as const satisfies Readonly<Record<string, RestShape>>;

type Rest = typeof rest;
export type RestRoute = keyof Rest;

/** The query's parameters, as text. */
export type QueryOf<R extends RestRoute> = Rest[R] extends { query: infer Q extends z.ZodType }
  ? z.input<Q>
  : undefined;
export type BodyOf<R extends RestRoute> = Rest[R] extends { body: infer B extends z.ZodType }
  ? z.input<B>
  : undefined;
export type AnswerOf<R extends RestRoute> = Rest[R] extends { answer: infer A extends z.ZodType }
  ? ReadonlyLists<z.output<A>>
  : undefined;

type ReadonlyLists<T> = { readonly [K in keyof T]: ReadonlyList<T[K]> };
type ReadonlyList<T> = T extends readonly (infer Item)[] ? readonly Item[] : T;

/** A page of orders, newest first. */
export type OrderPage = AnswerOf<'GET /api/orders'>;
/** A parcel's current state and its records, oldest first. */
export type ParcelLife = AnswerOf<'GET /api/orders/:store/:orderID'>;
/** Ascending records, and the cursors of the pages around them. */
export type EventPage = AnswerOf<'GET /api/events'>;
export type IssuedKey = AnswerOf<'POST /api/keys'>;
export type ListedKey = AnswerOf<'GET /api/keys'>['items'][number];
/** What a client can learn about the hub before it connects. Without a key, a keyed hub gives only `access`. */
export type HubInfo = AnswerOf<'POST /api/hub'>;
