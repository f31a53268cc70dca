/** Plain HTTP on a port that speaks TLS: the first byte tells them apart. */

import type { IncomingMessage } from 'node:http';
import type { Server as TlsServer } from 'node:https';
import type { Socket } from 'node:net';
import { type SecureContext, TLSSocket } from 'node:tls';
import type { Clock } from '../clock.ts';
import { problemText, responseText, turnAway } from './odd-requests.ts';
import type { OriginPolicy } from './origin-policy.ts';
import { badRequest } from './problems.ts';

/** First byte of a TLS handshake; no HTTP request begins with it. */
const tlsHandshake = 0x16;
/** What a device needs that does not trust the hub's certificate yet, and what no browser asks for. */
const openPaths =
  /^\/(phone(\/check)?|ca\.crt|qr\.svg|api\/hub|icon[\w-]*\.\w+|assets\/[\w.-]+|\.well-known\/acme-challenge\/[\w-]+)(\?|$)/;

/** What becomes of plain HTTP there. */
export interface PlainHttpPolicy extends Pick<OriginPolicy, 'refusalOfPlain'> {
  /** Whether everything is served; otherwise it is what a new phone needs. */
  readonly servesPlain?: boolean | undefined;
}

/** Whether the connection is encrypted up to the hub. */
function isEncrypted({ socket }: IncomingMessage): boolean {
  return 'encrypted' in socket;
}

export interface HandshakeOptions {
  readonly http: TlsServer;
  readonly clock: Clock;
  readonly policy: PlainHttpPolicy;
  /** For the first byte. */
  readonly waitMs: number;
  readonly challengeFor?: ((hello: Buffer) => SecureContext | 'incomplete' | undefined) | undefined;
}

/** Tells clients that speak HTTP to an HTTPS port where to go, or serves them, too. */
export function tellPlainApart(options: HandshakeOptions): void {
  const { http, clock, policy, waitMs, challengeFor = () => undefined } = options;
  const handshakes = http.listeners('connection');
  http.removeAllListeners('connection');
  http.on('connection', (socket: Socket) => {
    // 'close' follows.
    socket.on('error', () => {});
    const cancel = clock.after(waitMs, () => socket.destroy());
    socket.once('close', cancel);
    const decide = (first: Buffer) => {
      const isTls = first[0] === tlsHandshake;
      const challenge = isTls ? challengeFor(first) : undefined;
      if (challenge === 'incomplete') {
        socket.once('data', (more: Buffer) => decide(Buffer.concat([first, more])));
        return;
      }
      const head = isTls ? '' : first.toString('latin1');
      if (!isTls && !isServed(head, policy)) {
        cancel();
        turnAway(socket, clock, byHttps(head, policy));
        return;
      }
      socket.pause();
      socket.unshift(first);
      // Nothing else happens there: it ends, or its time does.
      if (challenge) {
        new TLSSocket(socket, { isServer: true, secureContext: challenge, ALPNProtocols: ['acme-tls/1'] })
          .on('error', () => socket.destroy())
          .resume();
        return;
      }
      cancel();
      if (isTls) for (const shake of handshakes) shake.call(http, socket);
      else {
        // As after a handshake: what follows is HTTP.
        http.emit('secureConnection', socket);
        socket.resume();
      }
    };
    socket.once('data', decide);
  });
}

function isServed(head: string, { servesPlain = false }: PlainHttpPolicy): boolean {
  return servesPlain || openPaths.test(/^(?:GET|HEAD|POST) (\/\S*) HTTP\/1\.1\r\n/.exec(head)?.[1] ?? '');
}

/** @returns the answer to a later request of a connection that may not be served */
export function refusalOfLater(
  request: IncomingMessage,
  policy: PlainHttpPolicy | undefined,
): string | undefined {
  if (!policy || isEncrypted(request)) return undefined;
  const { method = '', url = '', headers } = request;
  const head = `${method} ${url} HTTP/1.1\r\n${headers.host === undefined ? '' : `host: ${headers.host}\r\n`}`;
  return isServed(head, policy) ? undefined : byHttps(head, policy);
}

/** Never redirects to a foreign host. @param head as much as came at once */
function byHttps(head: string, policy: PlainHttpPolicy): string {
  const [, method, path] = /^(\w+) (\/\S*) HTTP\/1\.[01]\r\n/.exec(head) ?? [];
  const host = /\r\nhost:[ \t]*([^\s/?#@\\]+)[ \t]*\r\n/i.exec(head)?.[1];
  const refusal = host === undefined ? undefined : policy.refusalOfPlain(host);
  if (refusal) return problemText(refusal);
  const url = host === undefined || path === undefined ? undefined : `https://${host}${path}`;
  const words = `This hub speaks HTTPS alone${url === undefined ? '.' : `: ${url}`}`;
  // A POST's body has crossed the network in the clear: its sender must learn that, so there is no redirect.
  if (url === undefined || (method !== 'GET' && method !== 'HEAD'))
    return problemText(badRequest(400, 'scheme', `scheme: ${words}`));
  return responseText(308, 'text/plain; charset=utf-8', method === 'HEAD' ? '' : `${words}\n`, [
    `location: ${url}`,
  ]);
}
