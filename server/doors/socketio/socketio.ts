/**
 * The Socket.IO door, namespace `/caps`, for clients that speak our protocol. Clients that name no protocol are plain
 * clients, of any version of the library: see plain.ts.
 */

import { type Server as HttpServer, type IncomingMessage, ServerResponse } from 'node:http';
import { type Namespace, Server, type Socket } from 'socket.io';
import { Encoder } from 'socket.io-parser';
import { CapsError } from '../../../protocol/errors.ts';
import { limits } from '../../../protocol/limits.ts';
import { type Answer, type ClientToServer, type Command, parseCommand } from '../../../protocol/messages.ts';
import { type Actor, authorOf } from '../../../protocol/parcel.ts';
import { type Access, readDuty } from '../../access/access.ts';
import type { Binding } from '../../access/handshakes.ts';
import type { Clock } from '../../clock.ts';
import type { LongConnection } from '../../edge/drain.ts';
import type { OriginPolicy } from '../../edge/origin-policy.ts';
import type { Bucket, Rates } from '../../edge/rate.ts';
import type { Hub } from '../../hub/hub.ts';
import { madeOnce } from '../../hub/message.ts';
import { OfferDesk } from '../../hub/offer-desk.ts';
import type { Attendance, Presence } from '../../hub/presence.ts';
import type { PlainClients } from '../../legacy/plain-clients.ts';
import { Bundles } from './bundles.ts';
import { ExactDecoder, lossesOfBatch } from './decoder.ts';
import { boundBy, saysProtocol } from './handshake.ts';
import { isPassing, type JoinedClient, Joinings } from './joinings.ts';
import { type HandlingState, longConnectionsOf } from './long-connections.ts';
import { packetOf } from './packets.ts';
import { PlainSockets } from './plain.ts';
import { letGoOfUpgrade, Senders } from './senders.ts';
import { SocketSink } from './sink.ts';
import { makeStrict } from './strict.ts';
import { takenOn, unreadOn } from './unread.ts';

const pingEveryMs = 10_000;
/** Unread answers past which a client is cut off: it asks without listening. */
const unreadMax = 1_000;
const namespacesMax = 200;
/** Time for a connection with a revoked key to take what was sent before. */
const endingMs = 1_000;

/** For responses that are no page and must never be taken for one. */
const headers = {
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
};

export interface SocketIoDoorOptions {
  readonly http: HttpServer;
  readonly hub: Hub;
  readonly access: Access;
  readonly origins: OriginPolicy;
  readonly plain: PlainClients;
  readonly presence: Presence;
  readonly rates: Rates;
  readonly addressOf: (request: IncomingMessage) => string;
  readonly clock: Clock;
  readonly onFault: (error: unknown, what: string) => void;
}

export interface SocketIoDoor {
  /** Open connections. */
  readonly connections: readonly LongConnection[];
  /** Tells clients to connect again later. Safe to call twice. */
  close(): void;
}

/** Clients may send anything, whatever their types say. */
type ClientMessages = { [K in keyof ClientToServer]: (...args: unknown[]) => void };
interface SocketData extends HandlingState {
  /** Undefined for a plain client. */
  bound: Binding | undefined;
}
/** Output bypasses the library: see `SocketSink`. */
type HubMessages = Record<string, never>;
type CapsSocket = Socket<ClientMessages, HubMessages, Record<string, never>, SocketData>;
type CapsNamespace = Namespace<ClientMessages, HubMessages, Record<string, never>, SocketData>;

export function createSocketIoDoor(options: SocketIoDoorOptions): SocketIoDoor {
  const { http } = options;
  const io = new Server(http, {
    parser: { Encoder, Decoder: ExactDecoder },
    serveClient: false,
    maxHttpBufferSize: limits.frameBytes,
    connectTimeout: limits.joinMs,
    upgradeTimeout: limits.joinMs,
    pingInterval: pingEveryMs,
    pingTimeout: pingEveryMs,
    perMessageDeflate: false,
    httpCompression: false,
    // Version 2 clients speak Engine.IO 3; without this they silently never connect.
    allowEIO3: true,
    // Any namespace that a plain client names exists while somebody is in it.
    cleanupEmptyChildNamespaces: true,
  });
  makeStrict(io.engine.opts);
  const caps: CapsNamespace = io.of('/caps');
  const senders = new Senders(options.addressOf);
  const reception = new Reception(options, senders.of);
  const plainSockets = new PlainSockets({ ...options, addressOf: senders.of });

  const bundles = new Bundles(options.onFault);
  io.engine.use(oursOnly(options));
  io.engine.on('connection', bundles.gather);
  io.engine.on('connection', (connection) => reception.awaitJoining(connection));
  const anyOther = io.of((name: string, _: unknown, next: (error: null, isOne: boolean) => void) => {
    const refused = refusalOfNamespace(name, io._nsps.size);
    // The library reports every refusal as "Invalid namespace".
    if (refused) options.presence.notice('refused', 'socket.io', refused.message, { code: refused.code });
    next(null, !refused);
  });
  for (const namespace of [caps, io.of('/'), anyOther] as CapsNamespace[]) {
    namespace.use((socket, next) => void reception.admit(socket, next));
    namespace.on('connection', (socket) => {
      socket.on('disconnect', () => reception.left(socket));
      senders.letGo(socket);
      try {
        if (socket.data.bound) reception.serve(socket, socket.data.bound);
        else if (isPassing(socket)) reception.awaitStaying(socket, () => plainSockets.serve(socket));
        else plainSockets.serve(socket);
      } catch (error) {
        options.onFault(error, 'a connection could not be served');
        socket.conn.close();
      }
    });
  }
  return {
    get connections() {
      return longConnectionsOf(io);
    },
    close() {
      // `disconnectSockets()` would make clients leave the namespace for good. `io.close()` and `io.engine.close()`
      // would drop answers on their way.
      for (const { sockets } of io._nsps.values()) for (const { conn } of sockets.values()) conn.close();
    },
  };
}

function refusalOfNamespace(name: string, count: number): CapsError | undefined {
  if (name.length > limits.idLength) {
    return new CapsError('too-large', `The name of a namespace has at most ${limits.idLength} characters.`);
  }
  return count < namespacesMax ? undefined : new CapsError('busy', 'There are too many namespaces.');
}

/**
 * Checks every request. The library's `allowRequest` sees only a connection's first request, so with a connection's
 * id anyone could go on from anywhere.
 */
function oursOnly({ origins, presence, addressOf }: SocketIoDoorOptions) {
  return (request: IncomingMessage, response: ServerResponse, next: (refusal?: Error) => void) => {
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    if (origins.isOurs(request.headers)) {
      letGoOfUpgrade(response);
      next();
      return;
    }
    const { code, message } = origins.refusalOf(request);
    presence.notice('refused', 'socket.io', message, { code, who: addressOf(request) });
    if (response instanceof ServerResponse) {
      response.writeHead(403, { 'content-type': 'text/plain; charset=utf-8' }).end(`${message}\n`);
    } else next(new Error(message));
  };
}

/** Serves connections. Nothing that a client sends may make it throw. */
class Reception {
  readonly #hub: Hub;
  readonly #access: Access;
  readonly #presence: Presence;
  readonly #rates: Rates;
  readonly #onFault: SocketIoDoorOptions['onFault'];
  readonly #joinings: Joinings;
  readonly #clock: Clock;
  readonly #packetOf = madeOnce(packetOf);
  readonly #addressOf: (connection: CapsSocket['conn']) => string;

  constructor(
    { hub, access, presence, rates, clock, onFault }: SocketIoDoorOptions,
    addressOf: (connection: CapsSocket['conn']) => string,
  ) {
    this.#hub = hub;
    this.#access = access;
    this.#rates = rates;
    this.#clock = clock;
    this.#addressOf = addressOf;
    this.#joinings = new Joinings(clock, addressOf);
    this.#presence = presence;
    this.#onFault = onFault;
  }

  async admit(socket: CapsSocket, next: (error?: Error) => void): Promise<void> {
    // Not identified yet.
    const address = this.#addressOf(socket.conn);
    // Synchronously: another join may come while this one is identified.
    const isTooMany = this.#joinings.joins(socket, saysProtocol(socket.handshake.auth));
    if (isTooMany) {
      next(refusal(this.#refused(isTooMany, address)));
      return;
    }
    try {
      socket.data.bound = await boundBy(socket, this.#access, address);
      next();
    } catch (error) {
      this.#joinings.leaves(socket);
      next(refusal(this.#refused(error, address)));
      // Plain clients do not understand a refusal and would wait forever. The library sends it in the next tick.
      if (!saysProtocol(socket.handshake.auth)) this.#clock.soon(() => socket.conn.close());
    }
  }

  /** Version 2 clients are put into "/", and so escape the library's own deadline. */
  awaitJoining(connection: CapsSocket['conn']): void {
    const cancel = this.#clock.after(limits.joinMs, () => {
      connection.off('close', cancel);
      if (!this.#joinings.has(connection)) connection.close();
    });
    connection.on('close', cancel);
  }

  left(socket: CapsSocket): void {
    this.#joinings.leaves(socket);
  }

  /** @param serve serves it as a plain client */
  awaitStaying(socket: CapsSocket, serve: () => JoinedClient): void {
    this.#joinings.awaitStaying(socket, serve);
  }

  serve(socket: CapsSocket, { actor, handshake }: Binding): void {
    const { id: who, name } = authorOf(actor);
    const attendance = this.#presence.enter({ role: handshake.role, who, name, door: 'socket.io' });
    socket.conn.on('packet', attendance.seen);
    this.#listen(socket, actor, attendance);

    let leave = () => {};
    const sink = new SocketSink(socket, this.#packetOf, () => {
      const leaveHealth = this.#hub.outage.watch(sink);
      const leaveNews = actor.role === 'admin' ? this.#presence.watch(sink) : undefined;
      leave = () => {
        leaveHealth();
        leaveNews?.();
      };
    });
    const subscription = this.#hub.subscribe(actor, handshake.after, sink, attendance.lagging);
    const forget = this.#access.onRevoked(actor, () => this.#end(socket));
    socket.on('disconnect', () => {
      forget();
      leave();
      subscription.close();
      attendance.leave();
      socket.conn.off('packet', attendance.seen);
    });
  }

  /**
   * Stops input and output, with a moment for what is on its way. Leaving the namespace keeps the client from
   * reconnecting with the same key.
   */
  #end(socket: CapsSocket): void {
    socket.disconnect(true);
    this.#clock.after(endingMs, () => socket.conn.close(true));
  }

  /** Answers every message that asks for an answer. */
  #listen(socket: CapsSocket, actor: Actor, attendance: Attendance): void {
    const { id: who } = authorOf(actor);
    const bucket = this.#rates.bucket();
    let handling = 0;
    socket.data.isBusy = () => handling > 0;
    socket.on('commands', async (...args) => {
      const [batch, answer] = withAck(args);
      if (unreadOn(socket).count > unreadMax) {
        this.#presence.notice('fault', 'socket.io', 'A client sends and does not read its answers.', { who });
        socket.conn.close(true);
        return;
      }
      handling += 1;
      try {
        answer(await this.#submit(actor, who, bucket, batch));
      } catch (error) {
        answer([this.#refused(error, who).toAnswer()]);
      }
      handling -= 1;
    });
    const offers = (from: string | undefined) => this.#hub.offers(actor, from);
    const desk = new OfferDesk(offers, () => takenOn(socket));
    socket.on('offers', (...args) =>
      this.#answer(args, who, (asked) => {
        takeFrom(bucket);
        return desk.ask(asked);
      }),
    );
    socket.on('duty', (...args) =>
      this.#answer(args, who, (state) => {
        takeFrom(bucket);
        attendance.duty(readDuty(actor, state));
        return { ok: true };
      }),
    );
    socket.onAny((event: unknown, ...args: unknown[]) => {
      if (event === 'commands' || event === 'offers' || event === 'duty') return;
      void this.#answer(args, who, () => {
        takeFrom(bucket);
        throw new CapsError('unknown-event', 'Clients send "commands", "offers" and "duty".');
      });
    });
  }

  async #answer(args: readonly unknown[], who: string, run: (asked: unknown) => unknown): Promise<void> {
    const [asked, answer] = withAck(args);
    try {
      answer(await run(asked));
    } catch (error) {
      answer(this.#refused(error, who).toAnswer());
    }
  }

  /** @returns the answers in order, or a single one to a batch that is too long */
  async #submit(actor: Actor, who: string, bucket: Bucket, batch: unknown): Promise<Answer | Answer[]> {
    if (!Array.isArray(batch) || batch.length === 0 || batch.length > limits.batch) takeFrom(bucket);
    if (!Array.isArray(batch)) throw inPlace('commands', 'Must be a list of commands.');
    if (batch.length > limits.batch) {
      const message = `A batch has at most ${limits.batch} commands; nothing of this one was recorded.`;
      return this.#refused(new CapsError('too-large', message), who).toAnswer();
    }
    // After the first refusal by the rate limit all others are refused, too, to keep their order.
    const losses = lossesOfBatch(batch);
    const commands = batch.map(
      (input: unknown, at) => bucket.take() ?? losses?.get(at) ?? this.#read(input, at),
    );
    const answers = await this.#hub.submit(actor, 'socket.io', commands);
    for (const answer of answers) {
      if (answer.ok) continue;
      this.#presence.notice('refused', 'socket.io', answer.error.message, { code: answer.error.code, who });
    }
    return answers;
  }

  #read(input: unknown, at: number): Command | CapsError {
    try {
      return parseCommand(input);
    } catch (error) {
      const known = this.#asCapsError(error);
      const isWhole = known.code === 'bad-message' && known.details?.['field'] === undefined;
      return isWhole ? inPlace(`commands.${at}`, known.message) : known;
    }
  }

  /** Tells dispatch. @returns the error for the client */
  #refused(error: unknown, who: string): CapsError {
    const known = this.#asCapsError(error);
    const { code, message } = known;
    this.#presence.notice('refused', 'socket.io', message, { code, who });
    return known;
  }

  /** Reports a bug to the output and turns it into `internal`. */
  #asCapsError(error: unknown): CapsError {
    if (error instanceof CapsError) return error;
    this.#onFault(error, 'a message could not be handled');
    return new CapsError('internal');
  }
}

/** An error about the batch as a whole. */
function inPlace(field: string, words: string): CapsError {
  return new CapsError('bad-message', `${field}: ${words}`, { details: { field } });
}

/** Counts one command. @throws CapsError too-fast */
function takeFrom(bucket: Bucket): void {
  const refusal = bucket.take();
  if (refusal) throw refusal;
}

/** The message and its ack, a no-op if the client asked for none. */
function withAck(args: readonly unknown[]): [message: unknown, answer: (answer: unknown) => void] {
  const last = args.at(-1);
  const answer = typeof last === 'function' ? (last as (answer: unknown) => void) : () => {};
  return [last === args[0] && typeof last === 'function' ? undefined : args[0], answer];
}

/** Socket.IO passes `data` to the client's `connect_error`. */
function refusal(error: CapsError): Error {
  return Object.assign(new Error(error.message), { data: error.toWire() });
}
