/**
 * Deadlines of requests' bodies. Node has one for all requests, which is that of the slowest kind; here each gets its own:
 * the usual one counts from the request's head, and an image has longer as long as bytes of it come.
 */

import type { IncomingMessage, Server } from 'node:http';
import { limits } from '../../protocol/limits.ts';
import type { Clock } from '../clock.ts';

const timeoutCode = 'ERR_HTTP_REQUEST_TIMEOUT';

/** Nothing may be said after it: Node reports its own deadline in the same way. */
class BodyTimeout extends Error {
  readonly code = timeoutCode;
}

interface Deadline {
  /** Each byte gives it as long again, up to the longest time for any body. */
  allowProgress(): void;
  isSlow: boolean;
}

const deadlines = new WeakMap<IncomingMessage, Deadline>();

/** In milliseconds: the time for any body, and the silence that ends a slow one. */
export interface BodyDeadlines {
  readonly completeMs: number;
}

/** Gives up requests whose bodies do not come in time. */
export function watchBodies(http: Server, clock: Clock, { completeMs }: BodyDeadlines): void {
  http.on('request', (request: IncomingMessage) => {
    const { headers } = request;
    const hasBody = headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
    if (!hasBody) return;
    const giveUp = () => {
      if (!request.complete)
        http.emit('clientError', new BodyTimeout('the body takes too long'), request.socket);
    };
    let cancel = clock.after(completeMs, giveUp);
    deadlines.set(request, {
      isSlow: false,
      allowProgress() {
        this.isSlow = true;
        request.on('data', () => {
          cancel();
          cancel = clock.after(completeMs, giveUp);
        });
      },
    });
    const end = () => cancel();
    request.once('end', end).once('close', end);
  });
}

/**
 * Lets a body take up to `limits.imageMs`, as long as bytes of it come. Call it before the body is read: who listens for
 * bytes begins to read them.
 */
export function allowSlowBody(request: IncomingMessage): void {
  deadlines.get(request)?.allowProgress();
}

/**
 * What has not come in time, in words; undefined for any other error.
 * @param request the latest of its connection
 */
export function lateness(
  error: NodeJS.ErrnoException,
  request: IncomingMessage | undefined,
): string | undefined {
  if (error.code !== timeoutCode) return undefined;
  const isImage = request !== undefined && !request.complete && deadlines.get(request)?.isSlow === true;
  const within = secondsOf(limits.completeMs);
  if (!isImage) return `A request was not complete within ${within}.`;
  if (error instanceof BodyTimeout) return `No byte of the image came for ${within}.`;
  return `The image was not complete within ${secondsOf(limits.imageMs)}.`;
}

function secondsOf(ms: number): string {
  return `${ms / 1_000} s`;
}

/** Node's own deadline, which bounds all bodies. */
export function longestBodyMs(completeMs: number): number {
  return Math.max(completeMs, limits.imageMs);
}
