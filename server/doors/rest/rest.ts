/**
 * REST and SSE: `curl` can do what a page can do. `api.ts` has the routes; here is what they do. Errors are RFC 9457
 * problem documents with our `code`.
 */

import type { IncomingMessage } from 'node:http';
import express, { type Request, type Response, type Router } from 'express';
import type { z } from 'zod';
import { CapsError } from '../../../protocol/errors.ts';
import { unfinished } from '../../../protocol/events.ts';
import { type AcceptedAnswer, type Command, parse, parseForm } from '../../../protocol/messages.ts';
import { type ParcelId, parcelIdSchema } from '../../../protocol/orders.ts';
import type { Actor } from '../../../protocol/parcel.ts';
import { profileSchema } from '../../../protocol/profile.ts';
import { type AnswerOf, type EventPage, keyRequestSchema, type OrderPage } from '../../../protocol/rest.ts';
import { parseSearch } from '../../../protocol/search.ts';
import type { Access } from '../../access/access.ts';
import type { DeviceDirectory } from '../../devices/device-directory.ts';
import { type Answers, answerBytes } from '../../edge/answers.ts';
import type { LongConnection } from '../../edge/drain.ts';
import { badRequest, noOtherMethod, nothingHere } from '../../edge/problems.ts';
import type { Rates } from '../../edge/rate.ts';
import { readJson, readQuery } from '../../edge/requests.ts';
import type { Hub } from '../../hub/hub.ts';
import type { Presence } from '../../hub/presence.ts';
import type { Life } from '../../hub/reads.ts';
import type { Outbound } from '../../outbound/outbound.ts';
import { downloadQuery, routes, streamQuery } from './api.ts';
import { RestBlobs } from './blobs.ts';
import { detailsIn, labOrderIn, orderIn } from './bodies.ts';
import {
  admitAs,
  type Call,
  filterIn,
  formatIn,
  goneFrom,
  readerOf,
  wantsStream,
  writerOf,
} from './calls.ts';
import { asRequested, makeOrderId, needsSomebody, readCommand } from './commands.ts';
import { DeviceDesk } from './devices.ts';
import { Downloads } from './downloads.ts';
import { RestRepeats } from './repeats.ts';
import type { Route } from './route.ts';
import { Streams, type StreamsOptions } from './streams.ts';
import { serveWebhooks } from './webhooks.ts';

/** Generated order ids to try until one is free. */
const idTries = 4;
const storeSchema = parcelIdSchema.pick({ store: true });

export interface RestDoorOptions extends StreamsOptions {
  readonly rates: Rates;
  readonly answers: Answers;
  readonly directory: DeviceDirectory;
  readonly outbound: Pick<Outbound, 'webhooks'>;
  /** Identifies this hub among several. */
  readonly serverId: string;
  readonly addressOf: (request: IncomingMessage) => string;
  /** Prefix of links; undefined: the requested address. */
  readonly publicUrl: string | undefined;
}

export interface RestDoor {
  readonly router: Router;
  /** Open streams. */
  readonly connections: readonly LongConnection[];
  /** Ends all streams and refuses new ones. Safe to call twice. */
  close(): void;
}

export function createRestDoor(options: RestDoorOptions): RestDoor {
  const router = express.Router({ caseSensitive: true });
  const streams = new Streams(options);
  const downloads = new Downloads(options);
  const desk = new Desk(options, streams, downloads);
  const { access, rates, addressOf, serverId } = options;
  const devices = new DeviceDesk({ ...options, isKeyed: access.isKeyed });
  const blobs = new RestBlobs({
    blobs: options.hub.blobs,
    answers: options.answers,
    isKeyed: access.isKeyed,
  });
  const repeats = new RestRepeats(options.hub.repeats);
  const callerOf = (request: Request) =>
    access.identifyRequest(request.get('authorization'), { address: addressOf(request), door: 'rest' });
  const serve = <Q extends z.ZodType>(route: Route<Q>, answer: (call: Call<z.output<Q>>) => unknown) => {
    router[route.method](route.path, async (request, response) => {
      response.set({ 'cache-control': 'no-store', 'server-id': serverId });
      admitAs(response, (who) => rates.admit(addressOf(request), who));
      try {
        const caller = await callerOf(request);
        await answer({ request, response, caller, query: readQuery(route.query, request) });
      } finally {
        const driver: unknown = response.locals['driver'];
        if (typeof driver === 'string') options.presence.heard(driver);
      }
    });
  };
  serve(routes.placeOrder, (call) => desk.place(call, orderIn));
  serve(routes.placePickup, (call) => desk.place(call, labOrderIn));
  serve(routes.sendEvent, (call) => desk.send(call));
  serve(routes.listOrders, (call) => desk.list(call));
  serve(routes.readOrder, (call) => desk.show(call));
  serve(routes.readEvents, (call) => desk.events(call));
  serve(routes.listConnections, (call) => desk.connections(call));
  serve(routes.readProfile, (call) => desk.readProfile(call));
  serve(routes.writeProfile, (call) => desk.writeProfile(call));
  serve(routes.listRepeats, (call) => repeats.list(call));
  serve(routes.addRepeat, (call) => repeats.add(call));
  serve(routes.changeRepeat, (call) => repeats.change(call));
  serve(routes.removeRepeat, (call) => repeats.remove(call));
  serveWebhooks(serve, options.outbound.webhooks);
  serve(routes.issueKey, (call) => desk.issueKey(call));
  serve(routes.listKeys, (call) => desk.listKeys(call));
  serve(routes.revokeKey, (call) => desk.revokeKey(call));
  serve(routes.putBlob, (call) => blobs.put(call));
  serve(routes.readBlob, (call) => blobs.show(call));
  serve(routes.listDevices, (call) => devices.list(call));
  serve(routes.readDevice, (call) => devices.show(call));
  serve(routes.sendCommand, (call) => devices.send(call));
  router.use(['/api', '/pickup'], async (request, _response, next) => {
    await callerOf(request);
    next();
  });
  for (const [path, known] of Map.groupBy(Object.values(routes), (route) => route.path)) {
    router.all(path, noOtherMethod(...known.map(({ method }) => method.toUpperCase())));
  }
  router.use('/api', nothingHere);
  return {
    router,
    get connections() {
      return streams.connections;
    },
    close() {
      streams.close();
      downloads.close();
    },
  };
}

type Query<R extends keyof typeof routes> = z.output<(typeof routes)[R]['query']>;

/** Handles requests that end. */
class Desk {
  readonly #hub: Hub;
  readonly #access: Access;
  readonly #presence: Presence;
  readonly #answers: Answers;
  readonly #publicUrl: string | undefined;
  readonly #streams: Streams;
  readonly #downloads: Downloads;

  constructor(options: RestDoorOptions, streams: Streams, downloads: Downloads) {
    this.#hub = options.hub;
    this.#access = options.access;
    this.#presence = options.presence;
    this.#answers = options.answers;
    this.#publicUrl = options.publicUrl;
    this.#streams = streams;
    this.#downloads = downloads;
  }

  // ---- writing ----

  /** @param read interprets the body */
  async place(call: Call<Query<'placeOrder'>>, read: (body: unknown) => unknown): Promise<void> {
    const { request, response, query } = call;
    const body = read(await readJson(request));
    const isMade = typeof body === 'object' && body !== null && !Array.isArray(body) && !('orderID' in body);
    for (let trial = 1; ; trial += 1) {
      const payload = isMade ? { ...body, orderID: makeOrderId(call, body, trial) } : body;
      const command = readCommand(call, { event: 'pickup', payload });
      const actor = writerOf(call, command.payload.store);
      try {
        const recorded = await this.#submit(actor, command, query.as);
        const { store, orderID } = command.payload;
        const location = `/api/orders/${encodeURIComponent(store)}/${encodeURIComponent(orderID)}`;
        const tracking = await this.#trackingLink(call, actor, command.payload);
        response.set('location', location);
        this.#presence.named('store', store);
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
    const details = detailsIn(event, await readJson(call.request));
    const payload = { store, orderID };
    const command = readCommand(call, { event, payload, ...(details === undefined ? {} : { details }) });
    const recorded = await this.#submit(writerOf(call, command.payload.store), command, call.query.as);
    answerRecorded(call.response, { ...recorded, ...command.payload });
  }

  /** @throws CapsError the hub's refusal, in REST's terms */
  async #submit(actor: Actor, command: Command, as: string | undefined): Promise<AcceptedAnswer> {
    const [answer] = await this.#hub.submit(actor, 'rest', [command]);
    if (!answer) throw new CapsError('internal');
    if (answer.ok) return answer;
    const { code, message, details } = answer.error;
    const mayBeNamed = !this.#access.isKeyed && actor.role !== 'customer';
    if (code === 'not-allowed' && as === undefined && mayBeNamed) throw needsSomebody(command);
    throw asRequested(new CapsError(code, message, details ? { details } : {}));
  }

  // ---- reading ----

  async list(call: Call<Query<'listOrders'>>): Promise<void> {
    const { store, driver, status, cursor, limit, q, dueFrom, dueTo } = call.query;
    const actor = readerOf(call);
    if (actor.role === 'customer') throw new CapsError('not-allowed', 'A customer’s link shows one order.');
    const statuses = status === 'open' ? unfinished : status && [status];
    const terms = parseSearch(q);
    const bytes = answerBytes.page;
    const isDated = dueFrom !== undefined || dueTo !== undefined;
    const planned = isDated
      ? { from: momentOr(dueFrom, Number.NEGATIVE_INFINITY), to: momentOr(dueTo, Number.POSITIVE_INFINITY) }
      : undefined;
    const wanted = { store, holder: driver, statuses, from: cursor, limit, bytes, terms, planned };
    await this.#answers.json(
      call,
      (): Promise<OrderPage> => this.#hub.read.parcels(actor, wanted, goneFrom(call.response)),
    );
  }

  async show(call: Call<Query<'readOrder'>>): Promise<void> {
    const actor = readerOf(call);
    const key = parse(parcelIdSchema, call.request.params);
    if (!(await this.#answers.room(call, answerBytes.sliced, 'long'))) return;
    const life = await this.#hub.read.life(actor, key);
    const mayShare = actor.role === 'admin' || actor.role === 'vendor';
    const tracking = mayShare ? await this.#trackingLink(call, actor, key) : undefined;
    call.response.type('json');
    // Not cached: the link is a secret, and others may have written the text beside it.
    await this.#answers.slices(call, lifeSlices(life, tracking), tracking === undefined);
  }

  async events(call: Call<Query<'readEvents'>>): Promise<void> {
    const { request, response, query } = call;
    response.vary('accept');
    const form = formatIn(call);
    if (form === 'stream') {
      this.#streams.follow({ ...call, query: readQuery(streamQuery, request) });
      return;
    }
    if (form !== 'json') {
      await this.#downloads.send({ ...call, query: readQuery(downloadQuery, request) }, form);
      return;
    }
    const { after, before, at, from, to, limit } = query;
    const [, second] = Object.entries({ after, before, at }).filter(([, place]) => place !== undefined);
    if (second) {
      throw new CapsError('bad-message', `${second[0]}: A page has one place, after, before or at.`, {
        details: { field: second[0] },
      });
    }
    const actor = readerOf(call);
    const place = { after, before, at, from, to, limit, total: query.total !== undefined };
    const bytes = answerBytes.page;
    const wanted = { ...place, bytes, ...filterIn(query) };
    await this.#answers.json(
      call,
      (): Promise<EventPage> => this.#hub.read.events(actor, wanted, goneFrom(response)),
    );
  }

  async connections(call: Call<Query<'listConnections'>>): Promise<void> {
    call.response.vary('accept');
    const { role } = readerOf(call);
    if (role !== 'admin') {
      const details = this.#access.isKeyed || role === 'customer' ? {} : { field: 'as' };
      throw new CapsError('not-allowed', 'Only admins see who is connected.', { details });
    }
    if (wantsStream(call.request)) await this.#streams.tell(call);
    else await this.#answers.json(call, async () => ({ items: this.#presence.all().all }));
  }

  // ---- stores ----

  async readProfile(call: Call<Query<'readProfile'>>): Promise<void> {
    const { store } = parse(storeSchema, call.request.params);
    call.response.json(await this.#hub.profiles.read(readerOf(call), store));
  }

  async writeProfile(call: Call<Query<'writeProfile'>>): Promise<void> {
    const { store } = parse(storeSchema, call.request.params);
    const actor = writerOf(call, store);
    const wanted = parseForm(profileSchema, (await readJson(call.request)) ?? {});
    call.response.json(await this.#hub.profiles.write(actor, store, wanted));
  }

  // ---- keys ----

  async issueKey(call: Call<Query<'issueKey'>>): Promise<void> {
    const desk = this.#access.keysFor(readerOf(call));
    const wanted = parse(keyRequestSchema, (await readJson(call.request)) ?? {});
    const issued = await desk.issue(wanted);
    if (wanted.role === 'vendor') this.#presence.named('store', wanted.store);
    if (wanted.role === 'driver') this.#presence.named('driver', wanted.driver);
    call.response.status(201).json(issued);
  }

  async listKeys(call: Call<Query<'listKeys'>>): Promise<void> {
    const desk = this.#access.keysFor(readerOf(call));
    await this.#answers.json(call, async () => ({ items: await desk.list() }));
  }

  async revokeKey(call: Call<Query<'revokeKey'>>): Promise<void> {
    const { id = '' } = call.request.params;
    const isKnown = await this.#access.keysFor(readerOf(call)).revoke(String(id));
    if (!isKnown) throw badRequest(404, 'id', 'id: There is no key of this id.');
    call.response.status(204).end();
  }

  async #trackingLink({ request }: Call<unknown>, actor: Actor, key: ParcelId): Promise<string> {
    const origin = this.#publicUrl ?? `${request.protocol}://${request.get('host')}`;
    return `${origin}/track/${await this.#hub.read.trackingToken(actor, key)}`;
  }
}

/** A parcel's life as one JSON text, in slices. */
async function* lifeSlices(
  { parcel, records, damaged }: Life,
  tracking: string | undefined,
): AsyncGenerator<string, void> {
  let slice = `{"parcel":${JSON.stringify(parcel)},"records":[`;
  let separator = '';
  for await (const record of records) {
    slice += separator + JSON.stringify(record);
    separator = ',';
    if (slice.length < answerBytes.slice) continue;
    yield slice;
    slice = '';
  }
  if (damaged) slice += `],"damaged":${JSON.stringify(damaged).slice(0, -1)}`;
  yield `${slice}]${tracking === undefined ? '' : `,"tracking":${JSON.stringify(tracking)}`}}`;
}

type RecordedAnswer = AnswerOf<'POST /api/orders'> | AnswerOf<'POST /api/orders/:store/:orderID/:event'>;

function answerRecorded(response: Response, recorded: RecordedAnswer): void {
  response.status(recorded.duplicate ? 200 : 201).json(recorded);
}

function momentOr(time: string | undefined, usual: number): number {
  return time === undefined ? usual : Date.parse(time);
}
