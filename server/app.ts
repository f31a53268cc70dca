/** The composition root: the only file that names a concrete store or door. */

import { createServer, type Server } from 'node:http';
import { type AddressInfo, isIPv6, type Socket } from 'node:net';
import { networkInterfaces } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { Logger } from 'pino';
import pkg from '../package.json' with { type: 'json' };
import { limits } from '../protocol/limits.ts';
import { createGate } from './access.ts';
import { type Clock, systemClock } from './clock.ts';
import { type Config, ConfigError } from './config.ts';
import { createDocsDoor } from './doors/docs.ts';
import { createRestDoor } from './doors/rest.ts';
import { createSocketIoDoor } from './doors/socketio.ts';
import { createWebDoor } from './doors/web.ts';
import { createHub, type Hub } from './hub.ts';
import { Presence } from './presence.ts';
import { openSqliteStore } from './store/sqlite.ts';
import type { Store } from './store/store.ts';

/** For connections to end by themselves when the hub stops. */
const hangUpMs = 1_000;

export interface AppOptions {
  readonly config: Config;
  readonly log: Logger;
  /** Closed with the app. Default: the SQLite file in the config's folder. */
  readonly store?: Store;
  readonly clock?: Clock;
  /** Serves the pages from their source, with hot reload. */
  readonly dev?: boolean;
}

export interface App {
  /** On this machine, e.g. `http://localhost:3000`. */
  readonly url: string;
  /** Where others reach it, the best address first. */
  readonly addresses: readonly string[];
  /** Stops accepting, commits and answers what waits, then ends. Safe to call twice. */
  close(): Promise<void>;
}

/** @throws ConfigError, StoreError in one sentence for whoever started it */
export async function createApp(options: AppOptions): Promise<App> {
  const { config, log, clock = systemClock, dev = false } = options;
  const onFault = (error: unknown, what: string) => log.error({ err: error }, what);
  const store = options.store ?? openSqliteStore(config.dataFolder);
  const http = createServer({
    headersTimeout: limits.completeMs,
    requestTimeout: limits.completeMs,
    connectionsCheckingInterval: 1_000,
  });
  const connections = new Set<Socket>();
  http.on('connection', (connection) => {
    connections.add(connection);
    connection.once('close', () => connections.delete(connection));
  });
  let hub: Hub | undefined;
  try {
    hub = await createHub({ store, clock, onFault });
    const { broadcast } = hub;
    const presence = new Presence(clock, (message, json) => broadcast('admins', message, json));
    const gate = createGate(config.origins);
    const addresses = () => addressesOf(config, http);
    const rest = createRestDoor({ hub, presence, clock, publicUrl: config.publicUrl });
    const web = await createWebDoor({
      http,
      hub,
      gate,
      routers: [rest.router, createDocsDoor(pkg.version)],
      version: pkg.version,
      dist: fileURLToPath(new URL('../dist', import.meta.url)),
      source: fileURLToPath(new URL('../web', import.meta.url)),
      dev,
      addresses,
      onFault,
    });
    http.on('request', web.handler);
    const socketIo = createSocketIoDoor({ http, hub, gate, presence, onFault });
    await listen(http, config);

    let closing: Promise<void> | undefined;
    const close = async () => {
      const stopped = new Promise((resolve) => http.close(resolve));
      await hub?.close();
      presence.close();
      socketIo.close();
      rest.close();
      await web.close();
      // Who has not hung up by then does not answer any more.
      const cancel = clock.after(hangUpMs, () => {
        for (const connection of connections) connection.destroy();
      });
      http.closeIdleConnections();
      await stopped;
      cancel();
      await store.close();
    };
    return {
      url: `http://localhost:${portOf(http)}`,
      addresses: addresses(),
      close: () => {
        closing ??= close();
        return closing;
      },
    };
  } catch (error) {
    await hub?.close();
    await store.close();
    throw error;
  }
}

function listen(http: Server, { port, host }: Config): Promise<void> {
  return new Promise((resolve, reject) => {
    http.once('error', (error: NodeJS.ErrnoException) => reject(asRefusal(error, port, host)));
    http.listen(port, host, resolve);
  });
}

function asRefusal(error: NodeJS.ErrnoException, port: number, host: string | undefined): Error {
  switch (error.code) {
    case 'EADDRINUSE':
      return new ConfigError(
        `Port ${port} is already in use. Set PORT to another one, or to 0 for any free one.`,
      );
    case 'EACCES':
      return new ConfigError(`Port ${port} may not be opened by this user. Set PORT to one above 1023.`);
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return new ConfigError(`HOST ${host} is not an address of this machine.`);
    default:
      return error;
  }
}

function portOf(http: Server): number {
  const address: AddressInfo | string | null = http.address();
  return typeof address === 'object' && address ? address.port : 0;
}

/** The public address if there is one, then those of the network, then this machine's own name for itself. */
function addressesOf({ host, publicUrl }: Config, http: Server): string[] {
  const port = portOf(http);
  const isEverywhere = host === undefined || host === '0.0.0.0' || host === '::';
  const found = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
  const lan = found
    .filter(({ family, internal }) => family === 'IPv4' && !internal)
    .map(({ address }) => address);
  const hosts = isEverywhere ? [...lan, 'localhost'] : [isIPv6(host) ? `[${host}]` : host];
  return [...(publicUrl ? [publicUrl] : []), ...hosts.map((name) => `http://${name}:${port}`)];
}
