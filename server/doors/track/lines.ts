/**
 * The two ways on which a customer's page hears from the hub. Pages ask for a WebSocket, because a browser has only six
 * connections for all event streams of one hub, whatever the number of its windows. Programs, and pages whose network
 * lets no WebSocket through, read the same as an event stream.
 */

import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Response } from 'express';
import { type WebSocket, WebSocketServer } from 'ws';
import { CapsError } from '../../../protocol/errors.ts';
import { trackSocketIn } from '../../edge/odd-requests.ts';
import { problemOf, toCapsError } from '../../edge/problems.ts';

/** One reader, for as long as it is there. */
export interface Line {
  /** Whether the network has not taken what was written last. */
  readonly isFull: boolean;
  /** @param json without line breaks; none for a beat */
  write(event: 'state' | 'beat', json?: string): void;
  /** Calls once, when it is not full any more or closed. */
  onceDrained(run: () => void): void;
  onceClosed(run: () => void): void;
  /** Lets what was written arrive. */
  end(): void;
  destroy(): void;
}

export function streamLine(response: Response): Line {
  response.status(200).set({
    'content-type': 'text/event-stream; charset=utf-8',
    // Nginx would gather what is to come at once.
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
    end: () => void response.end(),
    destroy: () => void response.destroy(),
  };
}

/** As much as a stream takes before it asks to wait. */
const fullBytes = 16_384;
const goingAway = 1_001;

/** What comes is `{"event":"state","data":{…}}` or `{"event":"beat"}`. A page says nothing; what does is cut off. */
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

/** Of what is no page and shall never be taken for one. */
const strict = [
  "content-security-policy: default-src 'none'; frame-ancestors 'none'",
  ...['x-content-type-options: nosniff', 'referrer-policy: no-referrer', 'cache-control: no-store'],
  'cross-origin-resource-policy: same-origin',
];

/** How many bytes of a page's own messages are read before it is cut off. */
const messageMax = 1_024;
const closeMs = 1_000;

/**
 * Has upgrades of `/track/<token>/live` answered; all others are left to whom they concern.
 *
 * @param admit what is to be done with the line, once it is known whose it is. Rejects with what is to be answered
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

/** A browser tells its page no more than that it failed; the rest is for whoever looks into it. */
function refuse(socket: Duplex, error: CapsError): void {
  const { status, code } = problemOf(error);
  const head = [`HTTP/1.1 ${status} ${code}`, ...strict, 'connection: close', 'content-length: 0'];
  socket.end(`${head.join('\r\n')}\r\n\r\n`);
}
