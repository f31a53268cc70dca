/**
 * Databases that come back without the end of the log: older data take the place of the stopped server's, and every client
 * that had heard of more must be told. One hub is killed in the last moment, and starts again after the database.
 */

import { type Client, connect, type Identity } from '../client/client.ts';
import { type Chance, seeded } from '../testkit/chance.ts';
import type { Cluster } from '../testkit/cluster.ts';

export interface FailoverReport {
  readonly failovers: number;
  /** Different epochs of the log, the first one included. */
  readonly epochs: number;
  /** Clients that went on although their place meant something else, in words. */
  readonly silent: readonly string[];
  /** Longest time from the database's return to a hub that records again, in milliseconds. */
  readonly recoveryMs: number;
}

/** Orders that are lost per hub and failover. */
const lostMax = 4;

export interface FailoverOptions {
  readonly seed: number;
  readonly failovers: number;
  readonly settleMs: number;
}

export async function failoverRun(cluster: Cluster, options: FailoverOptions): Promise<FailoverReport> {
  const run = new FailoverRun(cluster, options);
  try {
    return await run.whole();
  } finally {
    run.close();
  }
}

class FailoverRun {
  readonly #cluster: Cluster;
  readonly #options: FailoverOptions;
  readonly #chance: Chance;
  /** By hub: one reads the log, one places orders. */
  readonly #logs: readonly Watcher[];
  readonly #shops: readonly Watcher[];
  readonly #epochs = new Set<string>();
  readonly #silent: string[] = [];
  #orders = 0;

  constructor(cluster: Cluster, options: FailoverOptions) {
    this.#cluster = cluster;
    this.#options = options;
    this.#chance = seeded(options.seed);
    const told = new Map<string, string>();
    const { hubs } = cluster;
    this.#logs = hubs.map(({ url }, i) => new Watcher(url, `log at hub ${i}`, { role: 'admin' }, told));
    this.#shops = hubs.map(({ url }, i) => {
      return new Watcher(url, `shop at hub ${i}`, { role: 'vendor', store: `store-${i}` }, told);
    });
  }

  get #watchers(): readonly Watcher[] {
    return [...this.#logs, ...this.#shops];
  }

  async whole(): Promise<FailoverReport> {
    const { failovers } = this.#options;
    let recoveryMs = 0;
    await this.#placeEverywhere();
    this.#epochs.add(await this.#epoch());
    for (let round = 0; round < failovers; round += 1) {
      // As after a restore, the first copy comes back, with the first epoch; or, as after a failover, the latest one.
      if (round === 0 || this.#chance.int(0, 1) === 0) await this.#keepCopy();
      for (let i = this.#chance.int(0, lostMax); i > 0; i -= 1) await this.#placeEverywhere();
      recoveryMs = Math.max(recoveryMs, await this.#loseTheEnd(round));
    }
    const silent = [...this.#silent, ...this.#watchers.flatMap(({ faults }) => faults)];
    return { failovers, epochs: this.#epochs.size, silent, recoveryMs };
  }

  async #keepCopy(): Promise<void> {
    const { server } = this.#cluster;
    await server.stop();
    server.keep();
    await server.run();
    await this.#placeEverywhere();
  }

  /** @returns milliseconds from the database's return until every hub records again */
  async #loseTheEnd(round: number): Promise<number> {
    const { server, hubs } = this.#cluster;
    const victim = this.#chance.int(0, hubs.length - 1);
    await this.#place(victim);
    const before = new Map(this.#watchers.map((watcher) => [watcher, watcher.resets]));
    const pids = hubs.map(({ pid }) => pid);
    await hubs[victim]?.kill();
    await server.stop('SIGQUIT');
    server.restore();
    await server.run();
    const back = performance.now();
    await hubs[victim]?.start();
    const isTold = (one: Watcher) => one.resets > (before.get(one) ?? 0) && one.isLive;
    await this.#within('', () => this.#watchers.every(isTold)).catch(() => {
      const deaf = this.#watchers.filter((watcher) => !isTold(watcher));
      this.#silent.push(...deaf.map(({ name }) => `${name}, failover ${round}`));
    });
    await this.#placeEverywhere();
    const tookMs = performance.now() - back;
    const epoch = await this.#epoch();
    if (this.#epochs.has(epoch)) this.#silent.push(`failover ${round}: the epoch ${epoch} again`);
    this.#epochs.add(epoch);
    const ended = hubs.filter(({ pid, isRunning }, i) => !isRunning || (i !== victim && pid !== pids[i]));
    if (ended.length > 0) this.#silent.push(`failover ${round}: ${ended.length} hubs ended`);
    return tookMs;
  }

  async #placeEverywhere(): Promise<void> {
    await Promise.all(this.#shops.map((_, i) => this.#place(i)));
  }

  /** Resolves when both watchers at this hub have heard of the order. */
  async #place(hub: number): Promise<void> {
    this.#orders += 1;
    const orderID = `order-${this.#orders}`;
    const payload = { store: `store-${hub}`, orderID, customer: 'Hulda', address: '1 Long Road' };
    const answer = await this.#shops[hub]?.client.command({ event: 'pickup', payload });
    if (!answer?.ok) throw new Error(`an order was refused: ${answer?.error.code}`);
    const isHeard = (one: Watcher | undefined) => one?.heard.has(orderID) ?? false;
    await this.#within(
      `${orderID} at hub ${hub}`,
      () => isHeard(this.#shops[hub]) && isHeard(this.#logs[hub]),
    );
  }

  async #epoch(): Promise<string> {
    const { server, databaseUrl } = this.#cluster;
    const database = new URL(databaseUrl).pathname.slice(1);
    const [row] = (await server.query(database, 'SELECT epoch FROM caps.head')) as { epoch: string }[];
    return row?.epoch ?? '';
  }

  #within(what: string, holds: () => boolean): Promise<void> {
    return within(this.#options.settleMs, what, holds, this.#watchers);
  }

  close(): void {
    for (const { client } of this.#watchers) client.close();
  }
}

/** A client that remembers what it was told under which cursor. */
class Watcher {
  readonly name: string;
  readonly client: Client;
  readonly heard = new Set<string>();
  readonly faults: string[] = [];
  resets = 0;
  #epoch = '';
  #seq = 0;
  #changed: (() => void)[] = [];

  /** @param told shared: a cursor means one record, for whomever and for ever */
  constructor(url: string, name: string, identity: Identity, told: Map<string, string>) {
    this.name = name;
    this.client = connect({ url, identity });
    this.client.on('welcome', ({ epoch }) => {
      this.#epoch = epoch;
    });
    this.client.on('reset', () => {
      this.resets += 1;
      this.#seq = 0;
    });
    this.client.on('parcels', ({ items }) => {
      for (const { payload } of items) this.heard.add(payload.orderID);
      this.#tell();
    });
    this.client.on('events', ({ records }) => {
      for (const { seq, payload, event } of records) {
        const cursor = `${this.#epoch}.${seq}`;
        const what = `${event} ${payload.store}/${payload.orderID}`;
        const known = told.get(cursor);
        if (known !== undefined && known !== what)
          this.faults.push(`${name}: ${cursor} was ${known}, is ${what}`);
        if (seq <= this.#seq) this.faults.push(`${name}: ${cursor} after ${this.#seq}`);
        told.set(cursor, what);
        this.#seq = seq;
        this.heard.add(payload.orderID);
      }
      this.#tell();
    });
    this.client.on('state', () => this.#tell());
  }

  get isLive(): boolean {
    return this.client.state.kind === 'live';
  }

  /** @param changed called whenever it has heard something */
  watch(changed: () => void): void {
    this.#changed.push(changed);
  }

  unwatch(changed: () => void): void {
    this.#changed = this.#changed.filter((one) => one !== changed);
  }

  #tell(): void {
    for (const changed of this.#changed) changed();
  }
}

/** Resolves when it holds, which is looked at whenever a watcher has heard something. */
async function within(
  ms: number,
  what: string,
  holds: () => boolean,
  watchers: readonly Watcher[],
): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const look = () => {
    if (holds()) resolve();
  };
  const timer = setTimeout(() => reject(new Error(`not within ${ms} ms: ${what}`)), ms);
  for (const watcher of watchers) watcher.watch(look);
  look();
  try {
    await promise;
  } finally {
    clearTimeout(timer);
    for (const watcher of watchers) watcher.unwatch(look);
  }
}
