/**
 * Answers what reaches the HTTP port without becoming a proper request. Node would answer without a word or hang up;
 * here each gets a problem document.
 */

import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { CapsError } from '../../protocol/errors.ts';
import type { Clock } from '../clock.ts';
import { lateness } from './body-deadlines.ts';
import { badRequest, problemOf } from './problems.ts';

/** Grace period in which a rejected client may read why. */
const lastWordMs = 1_000;

/** Per request. */
export const headLimits = { count: 100, bytes: 16 * 1024 } as const;

/** For responses that are no page and must never be taken for one. */
const strict = ["content-security-policy: default-src 'none'", 'x-content-type-options: nosniff'];

// ---- upgrades ----

/**
 * Whether a request becomes a WebSocket here. Other upgrades, like `h2c` by `curl --http2`, are ignored, as HTTP
 * allows.
 */
export function becomesSocket(request: IncomingMessage, isDev: boolean): boolean {
  const { url = '' } = request;
  if (!/\bwebsocket\b/i.test(request.headers.upgrade ?? '')) return false;
  // Hot reload uses any address.
  return isDev || url.startsWith('/socket.io/') || trackSocketIn(url) !== undefined;
}

/** The token in `/track/<token>/live`. */
export function trackSocketIn(url: string): string | undefined {
  return /^\/track\/([\w-]+)\/live\/?(?:\?|$)/i.exec(url)?.[1];
}

/** Whether a request offers another protocol. Node reads nothing after it. */
function offersUpgrade({ headers }: IncomingMessage): boolean {
  return headers.upgrade !== undefined && /\bupgrade\b/i.test(headers.connection ?? '');
}

/** The error for a WebSocket request to any other address. */
export function noSocketHere({ headers }: IncomingMessage): CapsError | undefined {
  // Some proxies add `Upgrade` to everything; only a real WebSocket sends a key.
  if (!/\bwebsocket\b/i.test(headers.upgrade ?? '') || headers['sec-websocket-key'] === undefined) return;
  const where = 'Socket.IO’s is at /socket.io/, that of a customer’s page at /track/<token>/live.';
  return badRequest(400, 'upgrade', `upgrade: There is no WebSocket at this address. ${where}`);
}

// ---- what cannot be read ----

/** Answers every request that Node gives up on. */
export function answerOddRequests(http: Server, clock: Clock): void {
  const inFlight = new WeakMap<Duplex, ServerResponse>();
  const told = new WeakSet<Duplex>();
  http.on('request', (request: IncomingMessage, response: ServerResponse) => {
    inFlight.set(request.socket, response);
    // Tells a client that sent more requests after it to send them again.
    if (offersUpgrade(request)) response.setHeader('connection', 'close');
  });
  http.on('clientError', (error: NodeJS.ErrnoException, socket: Duplex) => {
    // Nothing after it can be read, either.
    if (told.has(socket)) return;
    told.add(socket);
    const response = inFlight.get(socket);
    // An error would look like a part of the answer.
    const isAnswering = response?.headersSent === true && !response.writableFinished;
    if (isAnswering || !socket.writable || error.code === 'ECONNRESET') socket.destroy();
    else turnAway(socket, clock, problemText(whyUnread(error, response?.req)));
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

function whyUnread(error: NodeJS.ErrnoException, request: IncomingMessage | undefined): CapsError {
  const late = lateness(error, request);
  if (late !== undefined) return badRequest(408, 'request', late);
  switch (error.code) {
    case 'HPE_HEADER_OVERFLOW': {
      const { bytes, count } = headLimits;
      return badRequest(431, 'head', `head: The limit is ${bytes} bytes and ${count} headers.`);
    }
    case 'HPE_CHUNK_EXTENSIONS_OVERFLOW':
      return badRequest(413, 'body', 'body: The extensions of its chunks are too large.');
    case 'HPE_INVALID_METHOD':
      return badRequest(400, 'method', 'method: This is no method of HTTP/1.1, or no HTTP.');
    case 'HPE_INVALID_VERSION':
    case 'HPE_PAUSED_H2_UPGRADE':
      return badRequest(505, 'version', 'version: This hub speaks HTTP/1.1.');
    default:
      return badRequest(400, 'request', 'request: This is not how HTTP/1.1 is written.');
  }
}

// ---- saying it ----

/** A complete HTTP response that ends the connection. @param more headers */
export function problemText(error: CapsError, more: readonly string[] = []): string {
  const problem = problemOf(error);
  return responseText(problem.status, 'application/problem+json', JSON.stringify(problem), more);
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

/** A complete HTTP response that ends the connection. @param more headers */
export function responseText(status: number, type: string, body: string, more: readonly string[]): string {
  return [
    `HTTP/1.1 ${status} ${reasons[status] ?? ''}`,
    `content-type: ${type}`,
    `content-length: ${Buffer.byteLength(body)}`,
    ...[...strict, 'cache-control: no-store', ...more, 'connection: close', '', body],
  ].join('\r\n');
}

/** Discards unread data, which would reset the connection and lose the answer. */
export function turnAway(socket: Duplex, clock: Clock, text: string): void {
  socket.on('error', () => {});
  socket.end(text);
  socket.resume();
  const cancel = clock.after(lastWordMs, () => socket.destroy());
  socket.once('close', cancel);
}
