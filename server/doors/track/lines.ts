/**
 * The customer page's two transports. Pages use a WebSocket, because a browser allows only six connections for all
 * event streams of one hub, whatever the number of windows. Programs, and pages whose network blocks WebSockets, read
 * an event stream.
 */

import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Response } from 'express';
import { type WebSocket, WebSocketServer } from 'ws';
import { CapsError } from '../../../protocol/errors.ts';
import { trackSocketIn } from '../../edge/odd-requests.ts';
import { problemOf, toCapsError } from '../../edge/problems.ts';

/** One open page. */
export interface Line {
  /** Whether the network has not taken the last message yet. */
  readonly isFull: boolean;
  /** @param json without line breaks; absent for a heartbeat */
  write(event: 'state' | 'beat', json?: string): void;
  /** Calls once, when the line is not full any more or is closed. */
  onceDrained(run: () => void): void;
  onceClosed(run: () => void): void;
  /** Closes after everything is written. @param retryAfterMs when a browser reads the stream again */
  end(retryAfterMs?: number): void;
  destroy(): void;
}

export function streamLine(response: Response): Line {
  response.status(200).set({
    'content-type': 'text/event-stream; charset=utf-8',
    // Keeps Nginx from buffering.
    'x-accel-buffering': 'no',
    connection: 'close',
  });
  response.flushHeaders();
  return {
    get isFull() {
      return response.writableNeedDrain;
    },
    write: (event, json = '') => void response.write(`event: ${event}\ndata:${json && ` ${json}`}\n\n`),
    onceDrained: (run) => void response.once('drain', run),
    onceClosed: (run) => void response.once('close', run),
    end: (retryAfterMs) =>
      void response.end(retryAfterMs === undefined ? undefined : `retry: ${retryAfterMs}\n\n`),
    destroy: () => void response.destroy(),
  };
}

/** Bytes that a stream takes before it asks to wait. */
const fullBytes = 16_384;
const goingAway = 1_001;

/** Writes `{"event":"state","data":{…}}` or `{"event":"beat"}`. A page that says anything is cut off. */
function socketLine(socket: WebSocket): Line {
  socket.on('error', () => socket.terminate());
  socket.on('message', () => socket.terminate());
  let drained: (() => void)[] = [];
  const look = () => {
    if (socket.bufferedAmount >= fullBytes && socket.readyState === socket.OPEN) return;
    const waiting = drained;
    drained = [];
    for (const run of waiting) run();
  };
  socket.on('close', look);
  return {
    get isFull() {
      return socket.bufferedAmount >= fullBytes;
    },
    write: (event, json) =>
      socket.send(json === undefined ? `{"event":"${event}"}` : `{"event":"${event}","data":${json}}`, look),
    onceDrained: (run) => void drained.push(run),
    onceClosed: (run) => void socket.once('close', run),
    end: () => socket.close(goingAway),
    destroy: () => socket.terminate(),
  };
}

/** For responses that are no page and must never be taken for one. */
const strict = [
  "content-security-policy: default-src 'none'; frame-ancestors 'none'",
  ...['x-content-type-options: nosniff', 'referrer-policy: no-referrer', 'cache-control: no-store'],
  'cross-origin-resource-policy: same-origin',
];

/** Bytes read of a page's own message before it is cut off. */
const messageMax = 1_024;
const closeMs = 1_000;

/**
 * Handles upgrades of `/track/<token>/live`, and leaves all others alone.
 *
 * @param admit takes the line once its customer is known; rejects with the error to answer
 */
export function serveSockets(
  http: Server,
  admit: (request: IncomingMessage, token: string) => Promise<(line: Line) => void>,
): void {
  const sockets = new WebSocketServer({
    ...{ noServer: true, clientTracking: false, perMessageDeflate: false },
    ...{ maxPayload: messageMax, closeTimeout: closeMs },
  });
  sockets.on('headers', (headers) => void headers.push(...strict));
  http.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    const token = trackSocketIn(request.url ?? '');
    if (token === undefined) return;
    const cut = () => socket.destroy();
    socket.on('error', cut);
    admit(request, token).then(
      (serve) => {
        socket.off('error', cut);
        sockets.handleUpgrade(request, socket, head, (webSocket) => serve(socketLine(webSocket)));
      },
      (error: unknown) => refuse(socket, toCapsError(error) ?? new CapsError('internal')),
    );
  });
}

/** A browser tells its page only that it failed; the body is for whoever looks into it. */
function refuse(socket: Duplex, error: CapsError): void {
  const { status, code } = problemOf(error);
  const head = [`HTTP/1.1 ${status} ${code}`, ...strict, 'connection: close', 'content-length: 0'];
  socket.end(`${head.join('\r\n')}\r\n\r\n`);
}
