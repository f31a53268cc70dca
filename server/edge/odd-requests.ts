/**
 * What comes to the port of HTTP and never becomes a request that a door could answer: Node would answer it without a
 * word, or only hang up. Each is answered by a problem document.
 */

import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Server as TlsServer } from 'node:https';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { CapsError } from '../../protocol/errors.ts';
import { limits } from '../../protocol/limits.ts';
import type { Clock } from '../clock.ts';
import type { Gate } from './origin-policy.ts';
import { badRequest, problemOf } from './problems.ts';

/** For somebody to read why it is turned away. */
const lastWordMs = 1_000;
/** How a TLS handshake begins; no request of HTTP does. */
const tlsHandshake = 0x16;

/** In one request. */
export const headLimits = { count: 100, bytes: 16 * 1024 } as const;

/** Of what is no page and shall never be taken for one. */
const strict = ["content-security-policy: default-src 'none'", 'x-content-type-options: nosniff'];

// ---- upgrades ----

/**
 * Whether a request is to become a WebSocket here. Whatever else is offered, as `h2c` by `curl --http2`, is passed
 * over: HTTP lets a server go on as it is, for this one request.
 */
export function becomesSocket(request: IncomingMessage, isDev: boolean): boolean {
  const { url = '' } = request;
  if (!/\bwebsocket\b/i.test(request.headers.upgrade ?? '')) return false;
  // Hot reload has its own, at any address.
  return isDev || url.startsWith('/socket.io/') || trackSocketIn(url) !== undefined;
}

/** The token in `/track/<token>/live`. */
export function trackSocketIn(url: string): string | undefined {
  return /^\/track\/([\w-]+)\/live\/?(?:\?|$)/i.exec(url)?.[1];
}

/** Whether a request offers to go on in another protocol. Node reads nothing more of what came with it. */
function offersUpgrade({ headers }: IncomingMessage): boolean {
  return headers.upgrade !== undefined && /\bupgrade\b/i.test(headers.connection ?? '');
}

/** For a request that wants to become a WebSocket where there is none. */
export function noSocketHere({ headers }: IncomingMessage): CapsError | undefined {
  // Some proxies put `Upgrade` on everything; only who means it sends a key.
  if (!/\bwebsocket\b/i.test(headers.upgrade ?? '') || headers['sec-websocket-key'] === undefined) return;
  const where = 'Socket.IO’s is at /socket.io/, that of a customer’s page at /track/<token>/live.';
  return badRequest(400, 'upgrade', `upgrade: There is no WebSocket at this address. ${where}`);
}

// ---- what cannot be read ----

/** Has every request answered that Node gives up on. */
export function answerOddRequests(http: Server, clock: Clock): void {
  const inFlight = new WeakMap<Duplex, ServerResponse>();
  const told = new WeakSet<Duplex>();
  http.on('request', (request: IncomingMessage, response: ServerResponse) => {
    inFlight.set(request.socket, response);
    // So that whoever has sent more behind it knows to send that again.
    if (offersUpgrade(request)) response.setHeader('connection', 'close');
  });
  http.on('clientError', (error: NodeJS.ErrnoException, socket: Duplex) => {
    // What comes behind it cannot be read either.
    if (told.has(socket)) return;
    told.add(socket);
    const response = inFlight.get(socket);
    // Words in the midst of an answer would be taken for a part of it.
    const isAnswering = response?.headersSent === true && !response.writableFinished;
    if (isAnswering || !socket.writable || error.code === 'ECONNRESET') socket.destroy();
    else turnAway(socket, clock, problemText(whyUnread(error.code)));
  });
  http.on('connect', (_request: IncomingMessage, socket: Duplex) => {
    const why = badRequest(405, 'method', 'This is no proxy: it knows no CONNECT.');
    turnAway(socket, clock, problemText(why, ['allow: GET, HEAD, OPTIONS']));
  });
  http.on('checkExpectation', (_request: IncomingMessage, response: ServerResponse) => {
    const problem = problemOf(badRequest(417, 'expect', 'expect: Is "100-continue", or nothing.'));
    response.writeHead(417, { 'content-type': 'application/problem+json', connection: 'close' });
    response.end(JSON.stringify(problem));
  });
}

function whyUnread(code: string | undefined): CapsError {
  switch (code) {
    case 'HPE_HEADER_OVERFLOW': {
      const { bytes, count } = headLimits;
      return badRequest(431, 'head', `head: The limit is ${bytes} bytes and ${count} headers.`);
    }
    case 'HPE_CHUNK_EXTENSIONS_OVERFLOW':
      return badRequest(413, 'body', 'body: The extensions of its chunks are too large.');
    case 'ERR_HTTP_REQUEST_TIMEOUT': {
      const seconds = limits.completeMs / 1_000;
      return badRequest(408, 'request', `A request was not complete within ${seconds} s.`);
    }
    case 'HPE_INVALID_METHOD':
      return badRequest(400, 'method', 'method: This is no method of HTTP/1.1, or no HTTP.');
    case 'HPE_INVALID_VERSION':
    case 'HPE_PAUSED_H2_UPGRADE':
      return badRequest(505, 'version', 'version: This hub speaks HTTP/1.1.');
    default:
      return badRequest(400, 'request', 'request: This is not how HTTP/1.1 is written.');
  }
}

// ---- HTTP where TLS is spoken ----

/** What is asked of the gate by plain HTTP. */
export type PlainGate = Pick<Gate, 'refusalOfPlain'>;

/** Tells who comes to a port of HTTPS by plain HTTP where to go, instead of hanging up; under another's name nobody is led there. */
export function answerPlainHttp(http: TlsServer, clock: Clock, gate: PlainGate, waitMs: number): void {
  const handshakes = http.listeners('connection');
  http.removeAllListeners('connection');
  http.on('connection', (socket: Socket) => {
    // One that breaks is closed as well.
    socket.on('error', () => {});
    const cancel = clock.after(waitMs, () => socket.destroy());
    socket.once('close', cancel);
    socket.once('data', (first: Buffer) => {
      cancel();
      if (first[0] !== tlsHandshake) {
        turnAway(socket, clock, byHttps(first.toString('latin1'), gate));
        return;
      }
      socket.pause();
      socket.unshift(first);
      for (const shake of handshakes) shake.call(http, socket);
    });
  });
}

/** @param head as much of it as came at once */
function byHttps(head: string, gate: PlainGate): string {
  const [, method, path] = /^(\w+) (\/\S*) HTTP\/1\.[01]\r\n/.exec(head) ?? [];
  const host = /\r\nhost:[ \t]*([^\s/?#@\\]+)[ \t]*\r\n/i.exec(head)?.[1];
  const refusal = host === undefined ? undefined : gate.refusalOfPlain(host);
  if (refusal) return problemText(refusal);
  const url = host === undefined || path === undefined ? undefined : `https://${host}${path}`;
  const words = `This hub speaks HTTPS alone${url === undefined ? '.' : `: ${url}`}`;
  // What was sent with a POST is known to the network by now: whoever does that has to be told.
  if (url === undefined || (method !== 'GET' && method !== 'HEAD'))
    return problemText(badRequest(400, 'scheme', `scheme: ${words}`));
  return textOf(308, 'text/plain; charset=utf-8', method === 'HEAD' ? '' : `${words}\n`, [
    `location: ${url}`,
  ]);
}

// ---- saying it ----

/** A whole response of HTTP, after which the connection ends. @param more headers */
export function problemText(error: CapsError, more: readonly string[] = []): string {
  const problem = problemOf(error);
  return textOf(problem.status, 'application/problem+json', JSON.stringify(problem), more);
}

const reasons: Readonly<Record<number, string>> = {
  308: 'Permanent Redirect',
  400: 'Bad Request',
  403: 'Forbidden',
  405: 'Method Not Allowed',
  408: 'Request Timeout',
  413: 'Content Too Large',
  431: 'Request Header Fields Too Large',
  503: 'Service Unavailable',
  505: 'HTTP Version Not Supported',
};

function textOf(status: number, type: string, body: string, more: readonly string[]): string {
  return [
    `HTTP/1.1 ${status} ${reasons[status] ?? ''}`,
    `content-type: ${type}`,
    `content-length: ${Buffer.byteLength(body)}`,
    ...[...strict, 'cache-control: no-store', ...more, 'connection: close', '', body],
  ].join('\r\n');
}

/** What is still to come is thrown away, or the answer would be lost with the connection. */
export function turnAway(socket: Duplex, clock: Clock, text: string): void {
  socket.on('error', () => {});
  socket.end(text);
  socket.resume();
  const cancel = clock.after(lastWordMs, () => socket.destroy());
  socket.once('close', cancel);
}
