/**
 * The Socket.IO door, namespace `/caps`: wire → hub → wire, for clients that speak our protocol. Those that name no
 * protocol are plain clients, of any version of the library: plain.ts serves them.
 */

import { type Server as HttpServer, type IncomingMessage, ServerResponse } from 'node:http';
import { type Namespace, Server, type Socket } from 'socket.io';
import { Encoder } from 'socket.io-parser';
import { CapsError } from '../../../protocol/errors.ts';
import { limits } from '../../../protocol/limits.ts';
import { type Answer, type ClientToServer, type Command, parseCommand } from '../../../protocol/messages.ts';
import { type Actor, authorOf } from '../../../protocol/parcel.ts';
import { type Access, readDuty } from '../../access/access.ts';
import type { Bound } from '../../access/handshakes.ts';
import type { Clock } from '../../clock.ts';
import type { Gate } from '../../edge/origin-policy.ts';
import type { Bucket, Rates } from '../../edge/rate.ts';
import type { Hub } from '../../hub/hub.ts';
import { madeOnce } from '../../hub/message.ts';
import { OfferDesk } from '../../hub/offer-desk.ts';
import type { Attendance, Presence } from '../../hub/presence.ts';
import type { PlainClients } from '../../legacy/plain-clients.ts';
import { ExactDecoder, lossesOfBatch } from './decoder.ts';
import { boundBy, saysProtocol } from './handshake.ts';
import { isPassing, Joinings, type Served } from './joinings.ts';
import { packetOf } from './packets.ts';
import { PlainSockets } from './plain.ts';
import { letGoOfUpgrade, Senders } from './senders.ts';
import { SocketSink } from './sink.ts';
import { makeStrict } from './strict.ts';
import { takenOn, unreadOn } from './unread.ts';

const pingEveryMs = 10_000;
/** Answers that a client may leave unread; past it, it is cut off: it asks and does not listen. */
const unreadMax = 1_000;
const namespacesMax = 200;
/** For a connection whose key was revoked to take what it was sent before. */
const endingMs = 1_000;

/** Of what is no page and shall never be taken for one. */
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
  readonly gate: Gate;
  readonly plain: PlainClients;
  readonly presence: Presence;
  readonly rates: Rates;
  /** From where a request comes. */
  readonly addressOf: (request: IncomingMessage) => string;
  readonly clock: Clock;
  readonly onFault: (error: unknown, what: string) => void;
}

export interface SocketIoDoor {
  /** Tells clients to connect again later. Safe to call twice. */
  close(): void;
}

/** What comes in is anything at all, whatever the types of a well-behaved client say. */
type Incoming = { [K in keyof ClientToServer]: (...args: unknown[]) => void };
interface Known {
  /** Undefined: a plain client. */
  bound: Bound | undefined;
}
/** What goes out is written past the library: see `SocketSink`. */
type Outgoing = Record<string, never>;
type CapsSocket = Socket<Incoming, Outgoing, Record<string, never>, Known>;
type CapsNamespace = Namespace<Incoming, Outgoing, Record<string, never>, Known>;

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
    // Version 2 clients speak the third version of Engine.IO; without this they never connect, and do not say so.
    allowEIO3: true,
    // Whatever plain clients call a namespace is one, as long as somebody is in it.
    cleanupEmptyChildNamespaces: true,
  });
  makeStrict(io.engine.opts);
  const caps: CapsNamespace = io.of('/caps');
  const senders = new Senders(options.addressOf);
  const reception = new Reception(options, senders.of);
  const plainSockets = new PlainSockets({ ...options, addressOf: senders.of });

  io.engine.use(oursOnly(options));
  io.engine.on('connection', (connection) => reception.awaitJoining(connection));
  const anyOther = io.of((name: string, _: unknown, next: (error: null, isOne: boolean) => void) => {
    const refused = refusalOfNamespace(name, io._nsps.size);
    // The library says "Invalid namespace", whatever it is.
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
    close() {
      // Not `disconnectSockets()`: who is told to leave a namespace never comes back by itself. Not `io.close()` or
      // `io.engine.close()`: they throw away the answers that are still on their way.
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
 * Looks at every request before anything else does. The library's own `allowRequest` is asked for the first request
 * of a connection alone: who knew a connection's id could go on with it from anywhere.
 */
function oursOnly({ gate, presence, addressOf }: SocketIoDoorOptions) {
  return (request: IncomingMessage, response: ServerResponse, next: (refusal?: Error) => void) => {
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    if (gate.isOurs(request.headers)) {
      letGoOfUpgrade(response);
      next();
      return;
    }
    const { code, message } = gate.refusalOf(request);
    presence.notice('refused', 'socket.io', message, { code, who: addressOf(request) });
    if (response instanceof ServerResponse) {
      response.writeHead(403, { 'content-type': 'text/plain; charset=utf-8' }).end(`${message}\n`);
    } else next(new Error(message));
  };
}

/** What happens to one connection after another. Nothing that comes in may throw out of here. */
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
    // Nobody has a name before they are in.
    const address = this.#addressOf(socket.conn);
    // At once, because another join may come while it is looked up who this is.
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
      // Who knows nothing of refusals would stay and wait. The library sends this one in the next tick.
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

  /** @param serve as a plain client */
  awaitStaying(socket: CapsSocket, serve: () => Served): void {
    this.#joinings.awaitStaying(socket, serve);
  }

  serve(socket: CapsSocket, { actor, handshake }: Bound): void {
    const { id: who, name } = authorOf(actor);
    const attendance = this.#presence.enter({ role: handshake.role, who, name, door: 'socket.io' });
    socket.conn.on('packet', attendance.seen);
    this.#listen(socket, actor, attendance);

    let leave = () => {};
    const sink = new SocketSink(socket, this.#packetOf, () => {
      if (actor.role === 'admin') leave = this.#presence.watch(sink);
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
   * Nothing goes in or out any more; what is on its way is given a moment. It leaves the namespace, so that its client
   * does not come back with the same key by itself.
   */
  #end(socket: CapsSocket): void {
    socket.disconnect(true);
    this.#clock.after(endingMs, () => socket.conn.close(true));
  }

  /** Whatever comes in is answered, if an answer was asked for. */
  #listen(socket: CapsSocket, actor: Actor, attendance: Attendance): void {
    const { id: who } = authorOf(actor);
    const bucket = this.#rates.bucket();
    socket.on('commands', async (...args) => {
      const [batch, answer] = withAck(args);
      if (unreadOn(socket).count > unreadMax) {
        this.#presence.notice('fault', 'socket.io', 'A client sends and does not read its answers.', { who });
        socket.conn.close(true);
        return;
      }
      try {
        answer(await this.#submit(actor, who, bucket, batch));
      } catch (error) {
        answer([this.#refused(error, who).toAnswer()]);
      }
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

  /** @returns the answers in the order of the commands; an answer alone to a batch that is too long for that */
  async #submit(actor: Actor, who: string, bucket: Bucket, batch: unknown): Promise<Answer | Answer[]> {
    if (!Array.isArray(batch) || batch.length === 0 || batch.length > limits.batch) takeFrom(bucket);
    if (!Array.isArray(batch)) throw inPlace('commands', 'Must be a list of commands.');
    if (batch.length > limits.batch) {
      const message = `A batch has at most ${limits.batch} commands; nothing of this one was recorded.`;
      return this.#refused(new CapsError('too-large', message), who).toAnswer();
    }
    // Behind the first that is refused so are all: their order is kept.
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

  /** Tells dispatch, and gives what may be told to the sender. */
  #refused(error: unknown, who: string): CapsError {
    const known = this.#asCapsError(error);
    const { code, message } = known;
    this.#presence.notice('refused', 'socket.io', message, { code, who });
    return known;
  }

  /** A bug is reported here and shows itself to the client only as `internal`. */
  #asCapsError(error: unknown): CapsError {
    if (error instanceof CapsError) return error;
    this.#onFault(error, 'a message could not be handled');
    return new CapsError('internal');
  }
}

/** Of what is wrong as a whole. */
function inPlace(field: string, words: string): CapsError {
  return new CapsError('bad-message', `${field}: ${words}`, { details: { field } });
}

/** For what is counted as one command. @throws CapsError too-fast */
function takeFrom(bucket: Bucket): void {
  const refusal = bucket.take();
  if (refusal) throw refusal;
}

/** The message and a way to answer it, which does nothing where the client asked for no answer. */
function withAck(args: readonly unknown[]): [message: unknown, answer: (answer: unknown) => void] {
  const last = args.at(-1);
  const answer = typeof last === 'function' ? (last as (answer: unknown) => void) : () => {};
  return [last === args[0] && typeof last === 'function' ? undefined : args[0], answer];
}

/** Socket.IO hands `data` to the client's `connect_error`. */
function refusal(error: CapsError): Error {
  return Object.assign(new Error(error.message), { data: error.toWire() });
}
