/**
 * Databases that come back without the end of the log: older data take the place of the stopped server's, and every client
 * that had heard of more must be told. One hub is killed in the last moment, and starts again after the database.
 */

import { type Client, connect, type Identity } from '../client/client.ts';
import { seeded } from '../testkit/chance.ts';
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

export async function failoverRun(
  cluster: Cluster,
  { seed, failovers, settleMs }: { seed: number; failovers: number; settleMs: number },
): Promise<FailoverReport> {
  const chance = seeded(seed);
  const { server, hubs } = cluster;
  const [database = ''] = new URL(cluster.databaseUrl).pathname.split('/').slice(1);
  await using stack = new AsyncDisposableStack();
  const told = new Map<string, string>();
  const watchers = hubs.flatMap((_, i) => [
    new Watcher(cluster.urlOf(i), `log at hub ${i}`, { role: 'admin' }, told),
    new Watcher(cluster.urlOf(i), `shop at hub ${i}`, { role: 'vendor', store: `store-${i}` }, told),
  ]);
  stack.defer(() => {
    for (const watcher of watchers) watcher.client.close();
  });
  const shops = watchers.filter((_, i) => i % 2 === 1);
  let orders = 0;
  const place = async (shop: Watcher, i: number): Promise<void> => {
    orders += 1;
    const payload = { store: `store-${i}`, orderID: `order-${orders}`, customer: 'Hulda', address: 'x' };
    const answer = await shop.client.command({ event: 'pickup', payload });
    if (!answer.ok) throw new Error(`an order was refused: ${answer.error.code}`);
    const isThere = () =>
      shop.heard.has(payload.orderID) && (watchers[2 * i]?.heard.has(payload.orderID) ?? false);
    await within(settleMs, `${payload.orderID} at hub ${i}`, isThere, watchers);
  };
  const placeEverywhere = () => Promise.all(shops.map(place));

  const epochs = new Set<string>();
  const silent: string[] = [];
  let recoveryMs = 0;
  await placeEverywhere();
  epochs.add(await epochIn());
  for (let round = 0; round < failovers; round += 1) {
    // As after a restore, the first copy comes back, with the first epoch; or, as after a failover, the latest one.
    if (round === 0 || chance.int(0, 1) === 0) {
      await server.stop();
      server.keep();
      await server.run();
      await placeEverywhere();
    }
    for (let i = chance.int(0, lostMax); i > 0; i -= 1) await placeEverywhere();
    const victim = chance.int(0, hubs.length - 1);
    const last = shops[victim];
    if (last) await place(last, victim);
    const before = watchers.map(({ resets }) => resets);
    const pids = hubs.map(({ pid }) => pid);
    await hubs[victim]?.kill();
    await server.stop('SIGQUIT');
    server.restore();
    await server.run();
    const back = performance.now();
    await hubs[victim]?.start();
    const isTold = (watcher: Watcher, i: number) => watcher.resets > (before[i] ?? 0) && watcher.isLive;
    await within(settleMs, '', () => watchers.every(isTold), watchers).catch(() => {
      const deaf = watchers.filter((watcher, i) => !isTold(watcher, i));
      silent.push(...deaf.map(({ name }) => `${name}, failover ${round}`));
    });
    await placeEverywhere();
    recoveryMs = Math.max(recoveryMs, performance.now() - back);
    const epoch = await epochIn();
    if (epochs.has(epoch)) silent.push(`failover ${round}: the epoch ${epoch} again`);
    epochs.add(epoch);
    const restarted = hubs.filter(({ pid }, i) => i !== victim && pid !== pids[i]);
    if (restarted.length > 0) silent.push(`failover ${round}: ${restarted.length} hubs ended`);
  }
  silent.push(...watchers.flatMap(({ faults }) => faults));
  return { failovers, epochs: epochs.size, silent, recoveryMs };

  async function epochIn(): Promise<string> {
    const [row] = (await server.query(database, 'SELECT epoch FROM caps.head')) as { epoch: string }[];
    return row?.epoch ?? '';
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
