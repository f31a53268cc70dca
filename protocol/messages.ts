/**
 * Every message in both directions as a schema, with its inferred type. The hub parses input here once, at the edge;
 * behind it the types can be trusted.
 */

import { z } from 'zod';
import { escapeUnseen } from './characters.ts';
import { deviceReportSchema } from './devices.ts';
import { CapsError, errorCodes, type WireError } from './errors.ts';
import { type EventName, eventNames, failReasons, outcomes, statuses } from './events.ts';
import { wordsFor } from './faults.ts';
import { fitsLimits } from './json.ts';
import { limits } from './limits.ts';
import {
  amendmentDetailsSchema,
  newOrderSchema,
  orderSchema,
  parcelIdSchema,
  unseenSchema,
  urgentNoteSchema,
} from './orders.ts';
import { pinVerdicts, proofSchema, provenSchema } from './proof.ts';
import {
  idSchema,
  momentSchema,
  nameSchema,
  newIdSchema,
  newNameSchema,
  newTextSchema,
  textSchema,
} from './texts.ts';
import { usualCommand } from './usual-command.ts';

// ---- words ----

export const doorNames = ['socket.io', 'tcp', 'rest', 'hub'] as const;
export const feedNames = ['log', 'store', 'parcel', 'board', 'own'] as const;

const seqSchema = z.int().min(0);
/** `"<epoch>.<seq>"`, or `0` for the beginning. */
export const cursorSchema = z.union([z.string().max(64), z.literal(0)]);

// ---- parcels and commands ----

const noDetails = z.strictObject({});
/** What each event adds to its parcel. */
export const detailsSchemas = {
  pickup: noDetails,
  claimed: z.strictObject({ driver: newIdSchema.optional(), name: newNameSchema.optional() }),
  released: z.strictObject({ reason: newTextSchema.optional() }),
  'in-transit': noDetails,
  delivered: z.strictObject({ outcome: z.enum(outcomes).optional(), receivedBy: newTextSchema.optional() }),
  'attempt-failed': z.strictObject({ reason: z.enum(failReasons), text: newTextSchema.optional() }),
  retried: noDetails,
  returning: z.strictObject({ reason: newTextSchema.optional() }),
  returned: noDetails,
  cancelled: z.strictObject({ reason: newTextSchema.optional() }),
  reassigned: z.strictObject({ driver: newIdSchema, name: newNameSchema.optional() }),
  corrected: z.strictObject({ rev: z.int().min(1) }),
  note: z.strictObject({ text: newTextSchema, urgent: z.literal(true).optional() }),
  amended: amendmentDetailsSchema,
  seen: z.strictObject({ rev: z.int().min(1) }),
  proof: proofSchema,
} as const satisfies Record<EventName, z.ZodType>;

const envelope = { id: newIdSchema.optional(), occurredAt: momentSchema.optional() };

function commandOf<E extends EventName, P extends z.ZodType, D extends z.ZodType>(
  event: E,
  payload: P,
  details: D,
) {
  return z.strictObject({ event: z.literal(event), payload, details, ...envelope });
}

/** A client's request to record an event. For all events but `pickup`, the payload only names the parcel. */
export const commandSchema = z.discriminatedUnion('event', [
  commandOf('pickup', newOrderSchema, detailsSchemas.pickup.optional()),
  commandOf('claimed', parcelIdSchema, detailsSchemas.claimed.optional()),
  commandOf('released', parcelIdSchema, detailsSchemas.released.optional()),
  commandOf('in-transit', parcelIdSchema, detailsSchemas['in-transit'].optional()),
  commandOf('delivered', parcelIdSchema, detailsSchemas.delivered.optional()),
  commandOf('attempt-failed', parcelIdSchema, detailsSchemas['attempt-failed']),
  commandOf('retried', parcelIdSchema, detailsSchemas.retried.optional()),
  commandOf('returning', parcelIdSchema, detailsSchemas.returning.optional()),
  commandOf('returned', parcelIdSchema, detailsSchemas.returned.optional()),
  commandOf('cancelled', parcelIdSchema, detailsSchemas.cancelled.optional()),
  commandOf('reassigned', parcelIdSchema, detailsSchemas.reassigned),
  commandOf('corrected', parcelIdSchema, detailsSchemas.corrected),
  commandOf('note', parcelIdSchema, detailsSchemas.note),
  commandOf('amended', parcelIdSchema, detailsSchemas.amended),
  commandOf('seen', parcelIdSchema, detailsSchemas.seen),
  commandOf('proof', parcelIdSchema, detailsSchemas.proof),
]);
export type Command = z.infer<typeof commandSchema>;

// ---- records ----

/** The actor of a record. `id` is the store, the driver or, for other roles, the role's name. */
export const authorSchema = z.object({
  role: z.enum(['vendor', 'driver', 'admin', 'customer', 'hub']),
  id: idSchema,
  name: nameSchema.optional(),
});
export type Author = z.infer<typeof authorSchema>;

/** The driver who has a parcel. */
const holderSchema = z.object({ id: idSchema, name: nameSchema.optional() });

/** One accepted event as stored and published. `seq` is counted in what the reader may see whole. */
export const recordSchema = z.object({
  seq: seqSchema,
  event: z.enum(eventNames),
  /** The hub's clock; never runs backwards within a log. */
  time: momentSchema,
  /** The parcel's status after this record. */
  status: z.enum(statuses),
  /** Counts the parcel's records, from 1. */
  rev: z.int().min(1),
  payload: orderSchema,
  details: z.record(z.string(), z.unknown()).optional(),
  by: authorSchema,
  /** Who holds the parcel after this record; null: nobody. Records of older logs lack it. */
  holder: holderSchema.nullable().optional(),
  via: z.enum(doorNames),
  /** The device's clock, if the device was offline when the command was given. */
  occurredAt: momentSchema.optional(),
  /** The machine's clock, if it is behind `time`: the log's time never runs backwards. */
  machineTime: momentSchema.optional(),
});
export type CapsRecord = z.infer<typeof recordSchema>;

/** A parcel's current state, as readers see it. */
export const parcelViewSchema = z.object({
  payload: orderSchema,
  status: z.enum(statuses),
  rev: z.int().min(1),
  /** Failed attempts to deliver. */
  attempts: z.int().min(0),
  holder: holderSchema.optional(),
  createdAt: momentSchema,
  /** Time of the latest change of status, holder or attempts. */
  changedAt: momentSchema,
  unseen: unseenSchema.optional(),
  urgent: urgentNoteSchema.optional(),
  /** Oldest first. */
  proofs: z.array(provenSchema).optional(),
});
export type ParcelView = z.infer<typeof parcelViewSchema>;

// ---- answers ----

export const wireErrorSchema = z.object({
  code: z.enum(errorCodes),
  message: z.string(),
  retryable: z.boolean(),
  details: z.record(z.string(), z.unknown()).optional(),
});

export const answerSchema = z.discriminatedUnion('ok', [
  z.object({
    ok: z.literal(true),
    duplicate: z.literal(true).optional(),
    seq: seqSchema,
    rev: z.int().min(1),
    status: z.enum(statuses),
    time: momentSchema,
    /** Of a `proof` by PIN. */
    pin: z.enum(pinVerdicts).optional(),
  }),
  z.object({ ok: z.literal(false), error: wireErrorSchema }),
]);
export type Answer = z.infer<typeof answerSchema>;
export type AcceptedAnswer = Extract<Answer, { ok: true }>;

// ---- the connection ----

const handshakeBase = {
  protocol: z.int(),
  name: newNameSchema.optional(),
  key: textSchema.optional(),
  after: cursorSchema.optional(),
};
/** A client's first message, in which it identifies itself (Socket.IO: `auth`). */
export const handshakeSchema = z.discriminatedUnion('role', [
  z.object({ role: z.literal('vendor'), store: newIdSchema, ...handshakeBase }),
  z.object({ role: z.literal('driver'), driver: newIdSchema, ...handshakeBase }),
  z.object({ role: z.literal('admin'), ...handshakeBase }),
  z.object({ role: z.literal('customer'), ...handshakeBase }),
]);
export type Handshake = z.infer<typeof handshakeSchema>;

export const welcomeSchema = z.object({
  protocol: z.int(),
  epoch: z.string(),
  /** The last seq of this scope at the moment of connecting. */
  head: seqSchema,
  /** The hub's clock. */
  time: momentSchema.optional(),
  actor: authorSchema,
  /** Why the hub could not resume from the cursor; a fresh start follows. */
  reset: z.literal('bad-cursor').optional(),
});
export type Welcome = z.infer<typeof welcomeSchema>;

/** A page of the scope's unfinished parcels, each at least as new as `upTo`. */
export const parcelsSchema = z.object({
  upTo: seqSchema,
  items: z.array(parcelViewSchema),
  more: z.boolean(),
  /** For drivers, on the last page: the number of parcels on offer, and the `from` of the next page of them. */
  ready: seqSchema.optional(),
  next: z.string().optional(),
  /** Number of parcels left out because the disk has damaged them. */
  damaged: z.int().optional(),
});
export type Parcels = z.infer<typeof parcelsSchema>;

/** A driver's request for a page of the parcels on offer, oldest first. `from`: `next` of the previous page. */
export const moreOffersSchema = z.strictObject({ from: z.string().optional() });
/** The last page has no `next`. */
export const offersSchema = z.object({
  items: z.array(parcelViewSchema),
  ready: seqSchema,
  next: z.string().optional(),
});
export type Offers = z.infer<typeof offersSchema>;

/**
 * A range of one feed. A client at or past `prev` takes the records past its place and moves to `upTo`. A client before
 * `prev` has missed something and resumes from its cursor.
 */
export const eventsSchema = z.object({
  feed: z.enum(feedNames),
  prev: seqSchema,
  upTo: seqSchema,
  records: z.array(recordSchema),
  /** Feed `board` only: parcels that left the board, and who has them. */
  gone: z.array(z.object({ store: idSchema, orderID: idSchema, by: z.string() })).optional(),
  /** Feed `board` only: number of parcels on offer at `upTo`, if the hub knows it. */
  ready: seqSchema.optional(),
  /** Seqs in this range whose records the hub's disk has damaged. */
  damaged: z.array(seqSchema).optional(),
});
export type Events = z.infer<typeof eventsSchema>;
export type FeedName = Events['feed'];

export const connectionSchema = z.object({
  id: z.string(),
  /** `plain`: a plain client, which does not identify itself. */
  role: z.enum(['vendor', 'driver', 'admin', 'customer', 'plain']),
  /** The store, the driver, a plain client's address, or the role's name. */
  who: z.string(),
  /** The person's name, or the device's id. */
  name: z.string().optional(),
  door: z.enum(doorNames),
  since: momentSchema,
  lastSeen: momentSchema,
  /** Drivers only. */
  duty: z.enum(['on', 'off']).optional(),
  /** A slow reader: the hub reads its records from the log until it has caught up. */
  lagging: z.boolean().optional(),
  /** Vehicles that have said hello: what they last reported. */
  device: deviceReportSchema.optional(),
});
export type Connection = z.infer<typeof connectionSchema>;

/** For admins: first all connections, then changes. `joined` includes connections that changed. */
export const presenceSchema = z.object({
  all: z.array(connectionSchema).optional(),
  joined: z.array(connectionSchema).optional(),
  left: z.array(z.string()).optional(),
});
export type Presence = z.infer<typeof presenceSchema>;

/** For admins: refused input, connection faults and the hub's own messages. Equal ones are counted together. */
export const noticeSchema = z.object({
  time: momentSchema,
  kind: z.enum(['refused', 'fault', 'hub', 'relayed']),
  code: z.enum(errorCodes).optional(),
  message: z.string(),
  door: z.enum(doorNames),
  who: z.string().optional(),
  count: z.int().min(1),
});
export type Notice = z.infer<typeof noticeSchema>;

/** Whether the hub can record. It tells of an outage when that begins, when it ends, and after the welcome of those who come meanwhile. */
export const healthSchema = z.object({
  recording: z.boolean(),
  /** Beginning of the outage, on the hub's clock. */
  since: momentSchema.optional(),
});
export type Health = z.infer<typeof healthSchema>;

export type OffersAnswer = ({ ok: true } & Offers) | { ok: false; error: WireError };

/** Socket.IO event maps of the namespace `/caps`. */
export interface ServerToClient {
  welcome: (welcome: Welcome) => void;
  parcels: (parcels: Parcels) => void;
  events: (events: Events) => void;
  presence: (presence: Presence) => void;
  notice: (notices: Notice[]) => void;
  health: (health: Health) => void;
}
export interface ClientToServer {
  /** The hub refuses a batch with too many commands as a whole, with one error instead of a list. */
  commands: (batch: Command[], ack: (answers: Answer[] | Extract<Answer, { ok: false }>) => void) => void;
  offers: (request: z.infer<typeof moreOffersSchema>, ack: (answer: OffersAnswer) => void) => void;
  duty: (state: 'on' | 'off', ack?: (answer: { ok: true } | { ok: false; error: WireError }) => void) => void;
}

// ---- parsing at the edge ----

/** All schemas by name. The protocol's hash covers them, and the documents show them. */
export const schemas = {
  handshake: handshakeSchema,
  command: commandSchema,
  answer: answerSchema,
  record: recordSchema,
  parcel: parcelViewSchema,
  welcome: welcomeSchema,
  parcels: parcelsSchema,
  moreOffers: moreOffersSchema,
  offers: offersSchema,
  events: eventsSchema,
  presence: presenceSchema,
  notice: noticeSchema,
  health: healthSchema,
  error: wireErrorSchema,
} as const;

const knownEvents: ReadonlySet<unknown> = new Set(eventNames);

/** @throws CapsError too-large, bad-message, unknown-event */
export function parseCommand(input: unknown): Command {
  const usual = usualCommand(input);
  if (usual) return usual;
  fitsLimits(input, limits.commandBytes);
  if (typeof input === 'object' && input !== null && 'event' in input && typeof input.event === 'string') {
    if (!knownEvents.has(input.event)) {
      throw new CapsError(
        'unknown-event',
        `There is no event called "${escapeUnseen(input.event.slice(0, 40))}".`,
      );
    }
  }
  return parse(commandSchema, input);
}

/** @throws CapsError too-large, bad-message */
export function parseHandshake(input: unknown): Handshake {
  fitsLimits(input, limits.commandBytes);
  return parse(handshakeSchema, input);
}

/** The message may quote keys of the input, but not more characters of them. */
const quotedMax = 200;

/** Parses with a message that says what is wrong and where, without the input's values. @throws CapsError bad-message */
export function parse<T extends z.ZodType>(schema: T, input: unknown): z.output<T> {
  const result = schema.safeParse(input, { error: wordsFor });
  if (result.success) return result.data;
  const { field, what } = problemIn(result.error.issues[0]);
  throw new CapsError('bad-message', field ? `${field}: ${what}.` : `${what}.`, {
    details: field ? { field } : {},
  });
}

/**
 * Parses what a person has filled in: all that is wrong is told, in `problems` of the details.
 * @throws CapsError bad-message
 */
export function parseForm<T extends z.ZodType>(schema: T, input: unknown): z.output<T> {
  const result = schema.safeParse(input, { error: wordsFor });
  if (result.success) return result.data;
  const all = result.error.issues.slice(0, 20).map(problemIn);
  const problems = all.map(({ field, what }) => ({ field, message: `${what}.` }));
  const [{ field, message } = { field: '', message: 'Is not understood.' }] = problems;
  throw new CapsError('bad-message', field ? `${field}: ${message}` : message, {
    details: field ? { field, problems } : {},
  });
}

function problemIn(issue: z.core.$ZodIssue | undefined): { field: string; what: string } {
  const unknown = issue?.code === 'unrecognized_keys' ? issue.keys.slice(0, 1) : [];
  const problem = unknown.length > 0 ? 'Is not known here' : (issue?.message ?? 'Is not understood');
  return {
    field: shortened([...(issue?.path ?? []), ...unknown].map(String).join('.')),
    what: shortened(problem.charAt(0).toUpperCase() + problem.slice(1)),
  };
}

/** Makes any key safe to show. */
function shortened(text: string): string {
  return escapeUnseen(text.length > quotedMax ? `${text.slice(0, quotedMax)}…` : text);
}
