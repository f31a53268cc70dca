/** Several hubs on one database, behind a balancer: each a process of its own, on free ports. */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openPostgresStore } from '../server/store/postgres/postgres.ts';
import { Balancer } from './balancer.ts';
import { readWhole, type WholeLog } from './ending.ts';
import { type HubOptions, type HubProcess, startHub } from './hub-process.ts';
import { PostgresServer } from './postgres-server.ts';

export interface ClusterOptions {
  readonly hubs: number;
  /** A server that is there already; one of its own by default. */
  readonly server?: PostgresServer;
  readonly hub?: HubOptions;
  readonly tcp?: boolean;
}

export class Cluster implements AsyncDisposable {
  readonly server: PostgresServer;
  readonly databaseUrl: string;
  readonly hubs: readonly HubProcess[];
  readonly #balancer: Balancer;
  readonly #tcpBalancer: Balancer;
  readonly #ownsServer: boolean;

  private constructor(parts: {
    server: PostgresServer;
    databaseUrl: string;
    hubs: readonly HubProcess[];
    balancers: readonly [Balancer, Balancer];
    ownsServer: boolean;
  }) {
    this.server = parts.server;
    this.databaseUrl = parts.databaseUrl;
    this.hubs = parts.hubs;
    [this.#balancer, this.#tcpBalancer] = parts.balancers;
    this.#ownsServer = parts.ownsServer;
  }

  static async start({ hubs: count, server: given, hub, tcp = false }: ClusterOptions): Promise<Cluster> {
    const server = given ?? (await PostgresServer.start());
    const databaseUrl = await server.database();
    // At once, so that they take turns at the tables.
    const hubs = await Promise.all(
      Array.from({ length: count }, () =>
        startHub({ ...hub, tcp, env: { ...hub?.env, DATABASE_URL: databaseUrl } }),
      ),
    );
    const balancers = [
      await Balancer.start(hubs.map(({ url }) => Number(new URL(url).port))),
      await Balancer.start(hubs.map(({ tcpPort }) => tcpPort)),
    ] as const;
    return new Cluster({ server, databaseUrl, hubs, balancers, ownsServer: given === undefined });
  }

  /** Of the balancer. */
  get url(): string {
    return `http://127.0.0.1:${this.#balancer.port}`;
  }

  /** Of the balancer. */
  get tcpPort(): number {
    return this.#tcpBalancer.port;
  }

  urlOf(hub: number): string {
    return this.hubs[hub % this.hubs.length]?.url ?? '';
  }

  /** Everything as the database has it. */
  async whole(): Promise<WholeLog> {
    const folder = mkdtempSync(join(tmpdir(), 'caps-'));
    try {
      return await readWhole(await openPostgresStore({ url: this.databaseUrl, folder, tell: () => {} }));
    } finally {
      rmSync(folder, { recursive: true });
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#balancer.close();
    this.#tcpBalancer.close();
    await Promise.all(this.hubs.map((hub) => hub.dispose()));
    if (this.#ownsServer) await this.server.remove();
  }
}
