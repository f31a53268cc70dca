/** The Socket.IO door, namespace `/caps`: wire → hub → wire, for clients that speak our protocol. */

import type { Server as HttpServer } from 'node:http';
import { type Namespace, Server, type Socket } from 'socket.io';
import { Decoder, Encoder, type Packet, PacketType } from 'socket.io-parser';
import { CapsError, type WireError } from '../../protocol/errors.ts';
import { limits, PROTOCOL_VERSION } from '../../protocol/limits.ts';
import {
  type Answer,
  type ClientToServer,
  type Command,
  type Handshake,
  parseCommand,
  parseHandshake,
  type ServerToClient,
} from '../../protocol/messages.ts';
import { type Actor, byOf } from '../../protocol/parcel.ts';
import { type Gate, identify } from '../access.ts';
import type { Sink } from '../feed.ts';
import type { Hub } from '../hub.ts';
import type { Attendance, Presence } from '../presence.ts';

/** The room of those who are told of presence and notices. */
const adminsRoom = 'admins';
const pingEveryMs = 10_000;
/** Answers that a client may leave unread; past it, it is cut off: it asks and does not listen. */
const unreadMax = 1_000;

export interface SocketIoDoorOptions {
  readonly http: HttpServer;
  readonly hub: Hub;
  readonly gate: Gate;
  readonly presence: Presence;
  readonly onFault: (error: unknown, what: string) => void;
}

export interface SocketIoDoor {
  /** Tells clients to connect again later. Safe to call twice. */
  close(): void;
}

/** JSON that is already text: the encoder below writes it as it is. */
class Encoded {
  readonly json: string;
  constructor(json: string) {
    this.json = json;
  }
}

type Outgoing = { [K in keyof ServerToClient]: (message: Encoded) => void };
/** What comes in is anything at all, whatever the types of a well-behaved client say. */
type Incoming = { [K in keyof ClientToServer]: (...args: unknown[]) => void };
interface Known {
  actor: Actor;
  handshake: Handshake;
}
type CapsSocket = Socket<Incoming, Outgoing, Record<string, never>, Known>;
type CapsNamespace = Namespace<Incoming, Outgoing, Record<string, never>, Known>;

/** The library's own encoding, but for messages that were put together from the log's text. */
class TextEncoder extends Encoder {
  override encode(packet: Packet): (string | Buffer)[] {
    const message: unknown = Array.isArray(packet.data) ? packet.data[1] : undefined;
    if (packet.type !== PacketType.EVENT || !(message instanceof Encoded)) return super.encode(packet);
    return [`${packet.type}${packet.nsp},${`["${packet.data[0]}",`}${message.json}]`];
  }
}

export function createSocketIoDoor({
  http,
  hub,
  gate,
  presence,
  onFault,
}: SocketIoDoorOptions): SocketIoDoor {
  const io = new Server(http, {
    parser: { Encoder: TextEncoder, Decoder },
    serveClient: false,
    maxHttpBufferSize: limits.frameBytes,
    connectTimeout: limits.joinMs,
    pingInterval: pingEveryMs,
    pingTimeout: pingEveryMs,
    perMessageDeflate: false,
    httpCompression: false,
    allowRequest: ({ headers }, decide) => {
      decide(null, gate.isOurHost(headers.host) && gate.isOurOrigin(headers.origin, headers.host));
    },
  });
  const caps: CapsNamespace = io.of('/caps');

  hub.attach({ broadcast: (room, message, json) => caps.to(room).emit(message, new Encoded(json)) });

  io.use((_socket, next) => next(refusal(new CapsError('bad-message', 'The namespace is called "/caps".'))));
  caps.use((socket, next) => {
    try {
      socket.data.handshake = readHandshake(socket.handshake.auth);
      socket.data.actor = identify(socket.data.handshake);
      next();
    } catch (error) {
      const known = asCapsError(error, onFault);
      presence.notice('refused', 'socket.io', known.message, { code: known.code });
      next(refusal(known));
    }
  });
  caps.on('connection', (socket) => {
    try {
      serve(socket);
    } catch (error) {
      onFault(error, 'a connection could not be served');
      socket.disconnect(true);
    }
  });

  function serve(socket: CapsSocket): void {
    const { actor, handshake } = socket.data;
    const who = byOf(actor);
    const attendance = presence.enter({
      role: handshake.role,
      who: who.id,
      name: who.name,
      door: 'socket.io',
    });
    socket.conn.on('packet', attendance.seen);

    const subscription = hub.subscribe(actor, handshake.after, sinkOf(socket), attendance.lagging);
    if (actor.role === 'admin') {
      socket.emit('presence', new Encoded(JSON.stringify(presence.all())));
      void socket.join(adminsRoom);
    }
    socket.on('disconnect', () => {
      subscription.close();
      attendance.leave();
    });
    listen(socket, actor, attendance);
  }

  /** Every handler goes through here: whatever comes in, it is answered or ignored, and nothing is thrown. */
  function listen(socket: CapsSocket, actor: Actor, attendance: Attendance): void {
    const who = byOf(actor).id;
    const refuse = (error: unknown): { ok: false; error: WireError } => {
      const known = asCapsError(error, onFault);
      presence.notice('refused', 'socket.io', known.message, { code: known.code, who });
      return { ok: false, error: known.toWire() };
    };
    socket.on('commands', async (...args) => {
      const [batch, answer] = withAck(args);
      if (queuedOn(socket) > unreadMax) {
        presence.notice('fault', 'socket.io', 'A client sends and does not read its answers.', { who });
        socket.disconnect(true);
        return;
      }
      try {
        answer(await submit(actor, batch));
      } catch (error) {
        answer([refuse(error)]);
      }
    });
    socket.on('duty', (...args) => {
      const [state, answer] = withAck(args);
      try {
        attendance.duty(readDuty(actor, state));
        answer({ ok: true });
      } catch (error) {
        answer(refuse(error));
      }
    });
    socket.onAny((event: unknown, ...args: unknown[]) => {
      if (event === 'commands' || event === 'duty') return;
      const [, answer] = withAck(args);
      answer(refuse(new CapsError('unknown-event', 'Clients send "commands" and "duty".')));
    });
  }

  async function submit(actor: Actor, batch: unknown): Promise<Answer[]> {
    if (!Array.isArray(batch)) throw new CapsError('bad-message', 'A batch is a list of commands.');
    if (batch.length > limits.batch) {
      throw new CapsError('too-large', `A batch has at most ${limits.batch} commands.`);
    }
    const commands = batch.map((input: unknown) => readCommand(input));
    const answers = await hub.submit(actor, 'socket.io', commands);
    for (const answer of answers) {
      // Losing a race is the ordinary day of a driver.
      if (answer.ok || answer.error.code === 'taken') continue;
      const { code, message } = answer.error;
      presence.notice('refused', 'socket.io', message, { code, who: byOf(actor).id });
    }
    return answers;
  }

  function readCommand(input: unknown): Command | CapsError {
    try {
      return parseCommand(input);
    } catch (error) {
      return asCapsError(error, onFault);
    }
  }

  return {
    close() {
      caps.disconnectSockets(true);
      io.engine.close();
    },
  };
}

/** @throws CapsError unsupported-protocol, bad-message, too-large */
function readHandshake(auth: unknown): Handshake {
  const protocol =
    typeof auth === 'object' && auth !== null && 'protocol' in auth ? auth.protocol : undefined;
  if (protocol !== PROTOCOL_VERSION) {
    const said = typeof protocol === 'number' ? `version ${protocol}` : 'no version';
    throw new CapsError(
      'unsupported-protocol',
      `This hub speaks version ${PROTOCOL_VERSION} of the protocol; the client named ${said}.`,
      { details: { supported: [PROTOCOL_VERSION] } },
    );
  }
  return parseHandshake(auth);
}

function readDuty(actor: Actor, state: unknown): 'on' | 'off' {
  if (actor.role !== 'driver') throw new CapsError('not-allowed', 'Only drivers are on duty.');
  if (state !== 'on' && state !== 'off') throw new CapsError('bad-message', 'Duty is "on" or "off".');
  return state;
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

/** A bug is reported here and shows itself to the client only as `internal`. */
function asCapsError(error: unknown, onFault: SocketIoDoorOptions['onFault']): CapsError {
  if (error instanceof CapsError) return error;
  onFault(error, 'a message could not be handled');
  return new CapsError('internal');
}

/** Engine.IO keeps what the transport has not taken yet in a private field; ws's `bufferedAmount` hides it. */
function queuedOn({ conn }: CapsSocket): number {
  return conn['writeBuffer'].length;
}

function sinkOf(socket: CapsSocket): Sink {
  const { conn } = socket;
  return {
    send: (message, json) => socket.emit(message, new Encoded(json)),
    join: (room) => void socket.join(room),
    leave: (room) => void socket.leave(room),
    get queued() {
      return queuedOn(socket);
    },
    drained() {
      if (queuedOn(socket) === 0 || conn.readyState !== 'open') return Promise.resolve();
      return new Promise((resolve) => {
        const done = () => {
          conn.off('drain', done);
          conn.off('close', done);
          resolve();
        };
        conn.on('drain', done);
        conn.on('close', done);
      });
    },
    fail: () => void socket.disconnect(true),
  };
}
