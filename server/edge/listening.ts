/** The ports that the hub listens on: opened, or refused in one sentence that names the setting. */

import { createServer, type IncomingMessage, type Server } from 'node:http';
import { createServer as createTlsServer, Server as TlsServer } from 'node:https';
import { type AddressInfo, isIPv6, type Socket } from 'node:net';
import { networkInterfaces } from 'node:os';
import { limits } from '../../protocol/limits.ts';
import type { Clock } from '../clock.ts';
import { type Config, ConfigError } from '../config.ts';
import {
  answerOddRequests,
  answerPlainHttp,
  becomesSocket,
  headLimits,
  type PlainGate,
} from './odd-requests.ts';

/** For connections to end by themselves when the hub stops. */
const hangUpMs = 1_000;

/** For what is sent byte by byte, or not at all. In milliseconds. */
export interface Deadlines {
  /** For the head of a request, for all of it, and for a TLS handshake. */
  readonly completeMs: number;
  /** Between two requests of one connection. */
  readonly idleMs: number;
  /** Without a byte in either direction, as of whoever does not read an answer. Streams say something more often. */
  readonly silentMs: number;
}

const usualDeadlines: Deadlines = { completeMs: limits.completeMs, idleMs: 5_000, silentMs: 60_000 };

export interface ListenerOptions {
  readonly clock: Clock;
  readonly gate: PlainGate;
  readonly tls: Config['tls'];
  readonly deadlines?: Deadlines | undefined;
  /** Any WebSocket may be the hot reload's. */
  readonly dev?: boolean | undefined;
}

export interface Listener {
  readonly http: Server;
  /** @throws ConfigError */
  listen(config: Config): Promise<void>;
  /** Accepts nothing more. What it returns ends the connections that are left, and resolves when none is. */
  stop(): () => Promise<void>;
}

export function createListener(options: ListenerOptions): Listener {
  const { clock, gate, tls, deadlines = usualDeadlines, dev = false } = options;
  const { completeMs, idleMs, silentMs } = deadlines;
  const usual = {
    headersTimeout: completeMs,
    requestTimeout: completeMs,
    keepAliveTimeout: idleMs,
    connectionsCheckingInterval: Math.min(1_000, completeMs / 4),
    maxHeaderSize: headLimits.bytes,
    // Who only asks whether the hub is well need not know what it is called; all else is refused in words.
    requireHostHeader: false,
    shouldUpgradeCallback: (request: IncomingMessage) => becomesSocket(request, dev),
  };
  const secure = tls && { ...usual, ...tls, handshakeTimeout: completeMs, minVersion: 'TLSv1.2' as const };
  const http: Server = secure ? createTlsServer(secure) : createServer(usual);
  if (http instanceof TlsServer) answerPlainHttp(http, clock, gate, completeMs);
  answerOddRequests(http, clock);
  http.maxHeadersCount = headLimits.count;
  http.timeout = silentMs;
  const connections = new Set<Socket>();
  http.on('connection', (connection) => {
    connections.add(connection);
    connection.once('close', () => connections.delete(connection));
  });
  return {
    http,
    listen: ({ port, host }) =>
      new Promise((resolve, reject) => {
        http.once('error', (error) => reject(asRefusal(error, 'PORT', port, host)));
        http.listen(port, host, resolve);
      }),
    stop() {
      const stopped = new Promise((resolve) => http.close(resolve));
      return async () => {
        // Who has not hung up by then does not answer any more.
        const cancel = clock.after(hangUpMs, () => {
          for (const connection of connections) connection.destroy();
        });
        http.closeIdleConnections();
        await stopped;
        cancel();
      };
    },
  };
}

/** A door that has a port of its own. */
interface OwnPort {
  listen(port: number, host: string | undefined): Promise<number>;
}

/** Resolves with the TCP door's port; undefined where it stays closed. @throws ConfigError */
export async function listenTcp(tcp: OwnPort, { tcpPort, host }: Config): Promise<number | undefined> {
  if (tcpPort === undefined) return undefined;
  try {
    return await tcp.listen(tcpPort, host);
  } catch (error) {
    throw asRefusal(error, 'CAPS_TCP_PORT', tcpPort, host);
  }
}

function asRefusal(error: unknown, name: string, port: number, host: string | undefined): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  switch (code) {
    case 'EADDRINUSE':
      return new ConfigError(
        `Port ${port} is already in use. Set ${name} to another one, or to 0 for any free one.`,
      );
    case 'EACCES':
      return new ConfigError(`Port ${port} may not be opened by this user. Set ${name} to one above 1023.`);
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return new ConfigError(`HOST ${host} is not an address of this machine.`);
    default:
      return error;
  }
}

export function portOf(http: Server): number {
  const address: AddressInfo | string | null = http.address();
  return typeof address === 'object' && address ? address.port : 0;
}

/** The public address if there is one, then those of the network, then this machine's own name for itself. */
/** How this hub is asked on this machine. */
export function ownUrl({ tls }: Config, http: Server): string {
  return `${schemeOf(tls)}://localhost:${portOf(http)}`;
}

function schemeOf(tls: Config['tls']): string {
  return tls ? 'https' : 'http';
}

export function addressesOf({ host, publicUrl, tls }: Config, http: Server): string[] {
  const port = portOf(http);
  const isEverywhere = host === undefined || host === '0.0.0.0' || host === '::';
  const found = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
  const lan = found
    .filter(({ family, internal }) => family === 'IPv4' && !internal)
    .map(({ address }) => address);
  const hosts = isEverywhere ? [...lan, 'localhost'] : [isIPv6(host) ? `[${host}]` : host];
  return [...(publicUrl ? [publicUrl] : []), ...hosts.map((name) => `${schemeOf(tls)}://${name}:${port}`)];
}
