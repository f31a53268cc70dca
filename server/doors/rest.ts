/**
 * REST and SSE: what a page can do, `curl` can do. Routes and what they take are in `api.ts`; here is what they do.
 * Errors are RFC 9457 problem documents with our `code`.
 */

import express, { type ErrorRequestHandler, type Request, type Response, type Router } from 'express';
import type { z } from 'zod';
import { CapsError } from '../../protocol/errors.ts';
import { cursorOf, readCursor } from '../../protocol/ids.ts';
import {
  type Command,
  type ParcelKey,
  parcelKeySchema,
  parse,
  type Recorded,
} from '../../protocol/messages.ts';
import { type Actor, byOf } from '../../protocol/parcel.ts';
import { parseSearch, type SearchField, type Term } from '../../protocol/search.ts';
import { identifyAs } from '../access.ts';
import { type orderedSchema, type Route, routes, streamQuery, type writtenSchema } from '../api.ts';
import type { Clock } from '../clock.ts';
import { FeedSink, NewsMember, Rooms } from '../feed-stream.ts';
import type { Hub } from '../hub.ts';
import { adminsRoom, type Presence } from '../presence.ts';
import { noOtherMethod, nothingHere, toCapsError } from '../problems.ts';
import { passes } from '../reads.ts';
import { readJson, readQuery } from '../requests.ts';
import { asRequested, makeOrderId, needsSomebody, readCommand } from '../rest-commands.ts';
import { EventStream } from '../sse.ts';

/** Streams that have nothing to say show that they live. */
const beatEveryMs = 15_000;
/** Order ids that are tried for one order until one is free. */
const idTries = 4;

export interface RestDoorOptions {
  readonly hub: Hub;
  readonly presence: Presence;
  readonly clock: Clock;
  /** What links begin with; undefined: the address that was asked. */
  readonly publicUrl: string | undefined;
}

export interface RestDoor {
  readonly router: Router;
  /** Ends the streams and takes no more of them. Safe to call twice. */
  close(): void;
}

export function createRestDoor(options: RestDoorOptions): RestDoor {
  const router = express.Router({ caseSensitive: true });
  const streams = new Streams(options);
  const desk = new Desk(options, streams);
  const serve = <Q extends z.ZodType>(route: Route<Q>, answer: (call: Call<z.output<Q>>) => unknown) => {
    router[route.method](route.path, async (request, response) => {
      response.set('cache-control', 'no-store');
      await answer({ request, response, query: readQuery(route.query, request) });
    });
  };
  serve(routes.placeOrder, (call) => desk.place(call));
  serve(routes.placePickup, (call) => desk.place(call));
  serve(routes.sendEvent, (call) => desk.send(call));
  serve(routes.listOrders, (call) => desk.list(call));
  serve(routes.readOrder, (call) => desk.show(call));
  serve(routes.readEvents, (call) => desk.events(call));
  serve(routes.listConnections, (call) => desk.connections(call));
  for (const [path, known] of Map.groupBy(Object.values(routes), (route) => route.path)) {
    router.all(path, noOtherMethod(...known.map(({ method }) => method.toUpperCase())));
  }
  router.use('/api', nothingHere);
  router.use(noticed(options.presence));
  return { router, close: () => streams.close() };
}

interface Call<Q> {
  readonly request: Request;
  readonly response: Response;
  readonly query: Q;
}
type Query<R extends keyof typeof routes> = z.output<(typeof routes)[R]['query']>;

/** Tells dispatch of what was refused. Losing a race is the ordinary day of a driver. */
function noticed(presence: Presence): ErrorRequestHandler {
  return (error: unknown, _request, response, next) => {
    const known = toCapsError(error);
    if (known && known.code !== 'taken') {
      const { code, message } = known;
      const who: unknown = response.locals['who'];
      presence.notice('refused', 'rest', message, typeof who === 'string' ? { code, who } : { code });
    }
    next(error);
  };
}

/** Answers requests that have an end. */
class Desk {
  readonly #hub: Hub;
  readonly #presence: Presence;
  readonly #publicUrl: string | undefined;
  readonly #streams: Streams;

  constructor({ hub, presence, publicUrl }: RestDoorOptions, streams: Streams) {
    this.#hub = hub;
    this.#presence = presence;
    this.#publicUrl = publicUrl;
    this.#streams = streams;
  }

  // ---- writing ----

  async place(call: Call<Query<'placeOrder'>>): Promise<void> {
    const { request, response, query } = call;
    const body = await readJson(request);
    const isMade = typeof body === 'object' && body !== null && !Array.isArray(body) && !('orderID' in body);
    for (let trial = 1; ; trial += 1) {
      const payload = isMade ? { ...body, orderID: makeOrderId(call, body, trial) } : body;
      const command = readCommand(call, { event: 'pickup', payload });
      const actor = writerOf(call, command);
      try {
        const recorded = await this.#submit(actor, command, query.as);
        const { store, orderID } = command.payload;
        const location = `/api/orders/${encodeURIComponent(store)}/${encodeURIComponent(orderID)}`;
        const tracking = await this.#trackingLink(call, actor, command.payload);
        response.set('location', location);
        answerRecorded(response, { ...recorded, store, orderID, tracking });
        return;
      } catch (error) {
        const isMishap = error instanceof CapsError && /^(conflict|id-reused)$/.test(error.code);
        if (!(isMade && isMishap && trial < idTries)) throw error;
      }
    }
  }

  async send(call: Call<Query<'sendEvent'>>): Promise<void> {
    const { store, orderID, event } = call.request.params;
    if (event === 'pickup') {
      throw new CapsError('bad-message', 'event: An order is placed with POST /api/orders.', {
        details: { field: 'event' },
      });
    }
    const details = await readJson(call.request);
    const payload = { store, orderID };
    const command = readCommand(call, { event, payload, ...(details === undefined ? {} : { details }) });
    const recorded = await this.#submit(writerOf(call, command), command, call.query.as);
    answerRecorded(call.response, { ...recorded, ...command.payload });
  }

  /** @throws CapsError whatever the hub refuses it for, in REST's words */
  async #submit(actor: Actor, command: Command, as: string | undefined): Promise<Recorded> {
    const [answer] = await this.#hub.submit(actor, 'rest', [command]);
    if (!answer) throw new CapsError('internal');
    if (answer.ok) return answer;
    const { code, message, details } = answer.error;
    if (code === 'not-allowed' && as === undefined) throw needsSomebody(command);
    throw asRequested(new CapsError(code, message, details ? { details } : {}));
  }

  // ---- reading ----

  async list({ request, response, query }: Call<Query<'listOrders'>>): Promise<void> {
    const { store, driver, status, cursor, limit, q } = query;
    const actor = readerOf({ request, response, query });
    const statuses = status && [status];
    const terms = parseSearch(q);
    response.json(
      await this.#hub.read.parcels(actor, { store, holder: driver, statuses, from: cursor, limit, terms }),
    );
  }

  async show(call: Call<Query<'readOrder'>>): Promise<void> {
    const actor = readerOf(call);
    const key = parse(parcelKeySchema, call.request.params);
    const shown = await this.#hub.read.life(actor, key);
    const mayShare = actor.role === 'admin' || actor.role === 'vendor';
    const tracking = mayShare ? { tracking: await this.#trackingLink(call, actor, key) } : {};
    call.response.json({ ...shown, ...tracking });
  }

  async events({ request, response, query }: Call<Query<'readEvents'>>): Promise<void> {
    response.vary('accept');
    if (wantsStream(request)) {
      this.#streams.follow({ request, response, query: readQuery(streamQuery, request) });
      return;
    }
    const { after, before, at, from, to, limit } = query;
    const [, second] = Object.entries({ after, before, at }).filter(([, place]) => place !== undefined);
    if (second) {
      throw new CapsError('bad-message', `${second[0]}: A page has one place, after, before or at.`, {
        details: { field: second[0] },
      });
    }
    const actor = readerOf({ request, response, query });
    const place = { after, before, at, from, to, limit };
    response.json(await this.#hub.read.events(actor, { ...place, ...filterIn(query) }));
  }

  connections(call: Call<Query<'listConnections'>>): void {
    call.response.vary('accept');
    if (readerOf(call).role !== 'admin') {
      throw new CapsError('not-allowed', 'as: Only admins see who is connected.', {
        details: { field: 'as' },
      });
    }
    if (wantsStream(call.request)) this.#streams.tell(call);
    else call.response.json({ items: this.#presence.all().all });
  }

  async #trackingLink({ request }: Call<unknown>, actor: Actor, key: ParcelKey): Promise<string> {
    const origin = this.#publicUrl ?? `${request.protocol}://${request.get('host')}`;
    return `${origin}/track/${await this.#hub.read.trackingToken(actor, key)}`;
  }
}

/** Answers requests that go on until one side ends them. */
class Streams {
  readonly #hub: Hub;
  readonly #presence: Presence;
  readonly #clock: Clock;
  readonly #rooms = new Rooms();
  readonly #open = new Map<EventStream, { beat(): void; finish?(): void }>();
  #cancelBeat: (() => void) | undefined;
  #closed = false;

  constructor({ hub, presence, clock }: RestDoorOptions) {
    this.#hub = hub;
    this.#presence = presence;
    this.#clock = clock;
    hub.attach(this.#rooms);
    this.#beat();
  }

  /** The log as it goes on. */
  follow(call: Call<z.output<typeof streamQuery>>): void {
    const { query } = call;
    const actor = readerOf(call);
    const after = this.#afterIn(call);
    const filter = filterIn(query);
    const begun = this.#begin(call, actor, () => subscription.close());
    if (!begun) return;
    const { stream, lagging } = begun;
    const sink = new FeedSink({
      stream,
      rooms: this.#rooms,
      epoch: this.#hub.epoch,
      after,
      shows: (record) => passes(record, filter),
      showsGone: filter.event === undefined && filter.terms.length === 0,
    });
    this.#open.set(stream, sink);
    const subscription = this.#hub.subscribe(actor, after, sink, lagging);
  }

  /** Who comes and goes, and what is refused. */
  tell(call: Call<Query<'listConnections'>>): void {
    const begun = this.#begin(call, readerOf(call), () => this.#rooms.leave(adminsRoom, member));
    if (!begun) return;
    const { stream } = begun;
    const member = new NewsMember(stream);
    this.#open.set(stream, member);
    stream.say('presence', JSON.stringify(this.#presence.all()));
    this.#rooms.join(adminsRoom, member);
  }

  /** @returns undefined where only the head of the answer was asked for */
  #begin(
    { request, response, query }: Call<{ name?: string | undefined }>,
    actor: Actor,
    onClose: () => void,
  ): { stream: EventStream; lagging: (state: boolean) => void } | undefined {
    if (this.#closed) throw new CapsError('unavailable', 'The hub is stopping; it will be back.');
    if (request.method === 'HEAD') {
      response.type('text/event-stream').end();
      return undefined;
    }
    const { role, id: who } = byOf(actor);
    if (role === 'hub') throw new CapsError('not-allowed');
    const attendance = this.#presence.enter({ role, who, name: query.name, door: 'rest' });
    const stream = new EventStream(response, attendance.seen, () => {
      this.#open.delete(stream);
      attendance.leave();
      onClose();
    });
    return { stream, lagging: attendance.lagging };
  }

  /** A browser that lost the connection says its place itself, whatever the address says. */
  #afterIn({ request, query }: Call<z.output<typeof streamQuery>>): string | undefined {
    const last = request.get('last-event-id');
    if (last !== undefined && last !== '') return last;
    const { after } = query;
    if (after === undefined || after === '0' || readCursor(after)) return after;
    if (/^\d{1,15}$/.test(after)) return cursorOf(this.#hub.epoch, Number(after));
    throw new CapsError('bad-cursor', undefined, { details: { field: 'after' } });
  }

  #beat(): void {
    this.#cancelBeat = this.#clock.after(beatEveryMs, () => {
      for (const reader of this.#open.values()) reader.beat();
      this.#beat();
    });
  }

  close(): void {
    this.#closed = true;
    this.#cancelBeat?.();
    for (const [stream, reader] of this.#open) {
      reader.finish?.();
      stream.end();
    }
  }
}

// ---- requests in the hub's words, and back ----

function wantsStream(request: Request): boolean {
  return request.accepts(['application/json', 'text/event-stream']) === 'text/event-stream';
}

interface Named {
  readonly as?: string | undefined;
  readonly name?: string | undefined;
}

function readerOf({ response, query }: Call<Named>): Actor {
  return known(response, identifyAs(query.as ?? 'admin', query.name));
}

function writerOf({ response, query }: Call<Named>, command: Command): Actor {
  const { as, name } = query;
  const { store } = command.payload;
  return known(response, as === undefined ? { role: 'vendor', store, name } : identifyAs(as, name));
}

/** Remembers whose request this is, for notices. */
function known(response: Response, actor: Actor): Actor {
  response.locals['who'] = byOf(actor).id;
  return actor;
}

type Written = z.output<typeof writtenSchema> | z.output<typeof orderedSchema>;

function answerRecorded(response: Response, recorded: Written): void {
  response.status(recorded.duplicate ? 200 : 201).json(recorded);
}

function filterIn(query: z.output<typeof streamQuery>): Parameters<typeof passes>[1] {
  const { event, store, driver, via, q } = query;
  const fields: readonly [SearchField, string | undefined][] = [
    ['store', store],
    ['driver', driver],
    ['via', via],
  ];
  const terms = fields.flatMap(([field, value]): Term[] =>
    value === undefined ? [] : [{ field, value: value.toLowerCase(), exclude: false }],
  );
  return { event, terms: [...terms, ...parseSearch(q)] };
}
