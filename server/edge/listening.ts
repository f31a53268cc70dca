/** Opens the hub's ports, or fails with one sentence that names the setting. */

import { createServer, type IncomingMessage, type Server } from 'node:http';
import { createServer as createTlsServer, Server as TlsServer } from 'node:https';
import { type AddressInfo, isIPv6, type Socket } from 'node:net';
import { networkInterfaces } from 'node:os';
import type { SecureContext } from 'node:tls';
import { limits } from '../../protocol/limits.ts';
import type { Clock } from '../clock.ts';
import { type Config, ConfigError } from '../config.ts';
import { longestBodyMs, watchBodies } from './body-deadlines.ts';
import { answerOddRequests, becomesSocket, headLimits } from './odd-requests.ts';
import { type PlainHttpPolicy, tellPlainApart } from './plain-http.ts';

/** Time for connections to end by themselves when the hub stops. */
const hangUpMs = 1_000;

/**
 * Connections that may wait to be accepted; the system may allow fewer. Node's own 511 are too few for a thousand clients
 * who come back at once after a restart: the system drops the others' requests, and resets some of them.
 */
export const backlog = 4_096;

/** Deadlines of slow or silent connections, in milliseconds. */
export interface Deadlines {
  /** For a request's head, for the whole request, and for a TLS handshake. */
  readonly completeMs: number;
  /** Between two requests of one connection. */
  readonly idleMs: number;
  /** Without a byte in either direction, e.g. when the client does not read. Streams send heartbeats more often. */
  readonly silentMs: number;
}

const usualDeadlines: Deadlines = { completeMs: limits.completeMs, idleMs: 5_000, silentMs: 60_000 };

export interface ListenerOptions {
  readonly clock: Clock;
  readonly origins: PlainHttpPolicy;
  /** Undefined means plain HTTP. */
  readonly tls: Tls | undefined;
  readonly deadlines?: Deadlines | undefined;
  /** In development any WebSocket may be the hot reload's. */
  readonly dev?: boolean | undefined;
}

/** What handshakes are made with. */
export interface Tls {
  readonly cert: string;
  readonly key: string;
  /** For one host name; undefined if it is the usual certificate. */
  readonly contextFor?: (name: string) => SecureContext | undefined;
  /** For a handshake that is no more than a handshake, by its first bytes; undefined for a usual one. */
  readonly challengeFor?: (hello: Buffer) => SecureContext | 'incomplete' | undefined;
}

export interface Listener {
  readonly http: Server;
  /** Makes further handshakes with another certificate. */
  useCertificate(pair: Pick<Tls, 'cert' | 'key'>): void;
  /** @throws ConfigError */
  listen(config: Config): Promise<void>;
  /** Accepts no more connections. @returns ends the remaining ones, and resolves when none is left */
  stop(): () => Promise<void>;
}

export function createListener(options: ListenerOptions): Listener {
  const { clock, origins, tls, deadlines = usualDeadlines, dev = false } = options;
  const { completeMs, idleMs, silentMs } = deadlines;
  const usual = {
    headersTimeout: completeMs,
    requestTimeout: longestBodyMs(completeMs),
    keepAliveTimeout: idleMs,
    connectionsCheckingInterval: Math.min(1_000, completeMs / 4),
    maxHeaderSize: headLimits.bytes,
    // Health checks may omit `Host`; everything else is refused by the origin policy.
    requireHostHeader: false,
    shouldUpgradeCallback: (request: IncomingMessage) => becomesSocket(request, dev),
  };
  const http: Server = tls
    ? createTlsServer({ ...usual, ...secureWith(tls), ...namesIn(tls), handshakeTimeout: completeMs })
    : createServer(usual);
  if (http instanceof TlsServer) {
    const challengeFor = tls?.challengeFor;
    tellPlainApart({ http, clock, policy: origins, waitMs: completeMs, challengeFor });
  }
  answerOddRequests(http, clock);
  watchBodies(http, clock, { completeMs });
  http.maxHeadersCount = headLimits.count;
  http.timeout = silentMs;
  const connections = new Set<Socket>();
  http.on('connection', (connection) => {
    connections.add(connection);
    connection.once('close', () => connections.delete(connection));
  });
  return {
    http,
    useCertificate(pair) {
      if (http instanceof TlsServer) http.setSecureContext(secureWith(pair));
    },
    listen: ({ port, host }) =>
      new Promise((resolve, reject) => {
        http.once('error', (error) => reject(asRefusal(error, 'PORT', port, host)));
        http.listen({ port, host, backlog }, resolve);
      }),
    stop() {
      const stopped = new Promise((resolve) => http.close(resolve));
      return async () => {
        // Clients that have not hung up by then no longer respond.
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

function secureWith({ cert, key }: Pick<Tls, 'cert' | 'key'>) {
  return { cert, key, minVersion: 'TLSv1.2' as const };
}

function namesIn({ contextFor }: Tls) {
  if (!contextFor) return {};
  return {
    SNICallback: (name: string, done: (error: Error | null, context?: SecureContext) => void) =>
      done(null, contextFor(name.toLowerCase())),
  };
}

/** A door with its own port. */
interface OwnPort {
  listen(port: number, host: string | undefined): Promise<number>;
}

/** Resolves with the TCP door's port; undefined if it stays closed. @throws ConfigError */
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

/** The hub's address on this machine, which does not trust the hub's own certificate and need not. */
export function ownUrl(config: Config, http: Server): string {
  return `${schemesOf(config)[0]}://localhost:${portOf(http)}`;
}

/** What it speaks; plain HTTP first where browsers do not trust the certificate unasked. */
function schemesOf({ tls, autoHttps, plainHttp }: Config): readonly string[] {
  if (autoHttps) return plainHttp ? ['http', 'https'] : ['https'];
  return tls ? ['https'] : ['http'];
}

/** The public address if set, then the network's, then this machine's own name. */
export function addressesOf(config: Config, http: Server): string[] {
  const { host, publicUrl } = config;
  const port = portOf(http);
  const isEverywhere = host === undefined || host === '0.0.0.0' || host === '::';
  const found = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
  const lan = found
    .filter(({ family, internal }) => family === 'IPv4' && !internal)
    .map(({ address }) => address);
  const hosts = isEverywhere ? [...lan, 'localhost'] : [isIPv6(host) ? `[${host}]` : host];
  const known = schemesOf(config).flatMap((scheme) => hosts.map((name) => `${scheme}://${name}:${port}`));
  return [...new Set([...(publicUrl ? [publicUrl] : []), ...known])];
}
