/** Several hubs on one database, behind a balancer: each a process of its own, on free ports. */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openPostgresStore } from '../server/store/postgres/postgres.ts';
import { Balancer } from './balancer.ts';
import { DatabaseWire } from './database-wire.ts';
import { readWhole, type WholeLog } from './ending.ts';
import { type HubOptions, type HubProcess, startHub } from './hub-process.ts';
import { PostgresServer } from './postgres-server.ts';

export interface ClusterOptions {
  readonly hubs: number;
  /** A server that is there already; one of its own by default. */
  readonly server?: PostgresServer;
  readonly hub?: HubOptions;
  /** Further options of one hub. */
  readonly hubAt?: (index: number) => HubOptions;
  readonly tcp?: boolean;
  /** Whether each hub reaches the database over a wire of its own, which a test can cut. */
  readonly wired?: boolean;
}

export class Cluster implements AsyncDisposable {
  readonly server: PostgresServer;
  readonly databaseUrl: string;
  readonly hubs: readonly HubProcess[];
  /** One for each hub, if they are wired. */
  readonly wires: readonly DatabaseWire[];
  readonly #balancer: Balancer;
  readonly #tcpBalancer: Balancer;
  readonly #ownsServer: boolean;

  private constructor(parts: {
    server: PostgresServer;
    databaseUrl: string;
    hubs: readonly HubProcess[];
    wires: readonly DatabaseWire[];
    balancers: readonly [Balancer, Balancer];
    ownsServer: boolean;
  }) {
    this.server = parts.server;
    this.databaseUrl = parts.databaseUrl;
    this.hubs = parts.hubs;
    this.wires = parts.wires;
    [this.#balancer, this.#tcpBalancer] = parts.balancers;
    this.#ownsServer = parts.ownsServer;
  }

  static async start(options: ClusterOptions): Promise<Cluster> {
    const { hubs: count, server: given, hub, hubAt, tcp = false, wired = false } = options;
    const server = given ?? (await PostgresServer.start());
    const databaseUrl = await server.database();
    const wires = await Promise.all(
      Array.from({ length: wired ? count : 0 }, () => DatabaseWire.start(server.port)),
    );
    // At once, so that they take turns at the tables.
    const hubs = await Promise.all(
      Array.from({ length: count }, (_, i) => {
        const own = hubAt?.(i);
        const url = wires[i]?.urlOf(databaseUrl) ?? databaseUrl;
        return startHub({ ...hub, ...own, tcp, env: { ...hub?.env, ...own?.env, DATABASE_URL: url } });
      }),
    );
    const balancers = [
      await Balancer.start(hubs.map(({ url }) => Number(new URL(url).port))),
      await Balancer.start(hubs.map(({ tcpPort }) => tcpPort)),
    ] as const;
    return new Cluster({ server, databaseUrl, hubs, wires, balancers, ownsServer: given === undefined });
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
  whole(): Promise<WholeLog> {
    return readDatabase(this.databaseUrl);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#balancer.close();
    this.#tcpBalancer.close();
    await Promise.all(this.hubs.map((hub) => hub.dispose()));
    for (const wire of this.wires) wire.close();
    if (this.#ownsServer) await this.server.remove();
  }
}

/** Everything as a database has it. */
export async function readDatabase(url: string): Promise<WholeLog> {
  const folder = mkdtempSync(join(tmpdir(), 'caps-'));
  try {
    return await readWhole(await openPostgresStore({ url, folder, tell: () => {} }));
  } finally {
    rmSync(folder, { recursive: true });
  }
}
