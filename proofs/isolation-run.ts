/**
 * One run of the isolation proof: every text of every store carries a canary word. Readers on all doors connect and
 * disconnect while everyone also asks for data of others. The proof searches every byte that they receive.
 * Plain clients take no part: they have no store and receive everything by design.
 */

import { once } from 'node:events';
import { connect as connectTcp } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { io, type Socket } from 'socket.io-client';
import { PROTOCOL_VERSION } from '../protocol/limits.ts';
import type { Answer, Command } from '../protocol/messages.ts';
import { type Chance, seeded } from '../testkit/chance.ts';
import type { Cluster } from '../testkit/cluster.ts';
import { readDisk } from '../testkit/ending.ts';
import { type HubOptions, type HubProcess, startHub } from '../testkit/hub-process.ts';
import { hashOfImage, jpeg } from '../testkit/images.ts';
import { handsWordOf, type Party, Wiretap, wordOf } from '../testkit/wiretap.ts';
import { imageProofsOf, imagesOf } from './isolation-images.ts';
import { askEveryRoute, hearAnswer, hearStream, imagePath } from './isolation-routes.ts';

const imageTries = 40;
const imageAgainMs = 250;

export interface IsolationOptions {
  readonly seed: number;
  readonly stores: number;
  readonly drivers: number;
  /** Per store. Each parcel has six events, the first of a store one more. */
  readonly parcels: number;
  /** Number of stores that ask every route for data of others, with one driver per five of them. */
  readonly asking: number;
  readonly hub?: HubOptions;
  /** Runs at these hubs, in turn, instead of at one of its own. */
  readonly cluster?: Pick<Cluster, 'hubs' | 'whole'>;
}

export interface IsolationReport {
  readonly foreign: number;
  readonly examples: readonly string[];
  readonly events: number;
  readonly bytes: number;
  readonly requests: number;
  readonly reconnects: number;
  /** Stores and drivers who did not even receive their own words, so their silence proves nothing. */
  readonly deaf: number;
  /** Stores that received a seq beyond their own records, which shows the volume of others. */
  readonly counted: readonly string[];
}

/** Parcels of one store per wave. */
const roundMax = 5;
const idOf = (store: number): string => `shop-${store}`;
const driverOf = (driver: number): string => `driver-${driver}`;

export async function isolationRun(options: IsolationOptions): Promise<IsolationReport> {
  const { seed, stores, drivers, parcels, cluster } = options;
  await using stack = new AsyncDisposableStack();
  const start = async () => stack.adopt(await startHub({ ...options.hub, tcp: true }), (it) => it.dispose());
  const hub = cluster?.hubs[0] ?? (await start());
  const hubs = cluster?.hubs ?? [hub];
  const since = new Date().toISOString();
  const town = new Town(hubs, seeded(seed));
  stack.defer(() => town.close());
  for (let store = 0; store < stores; store += 1) await town.openStore(store);
  for (let driver = 0; driver < drivers; driver += 1) await town.putOnDuty(driver);

  for (let done = 0; done < parcels; done += roundMax) {
    await town.round(done + 1, Math.min(parcels, done + roundMax));
    await town.comeAndGo();
  }
  for (let store = 0; store < stores; store += 1) await town.follow(store);
  const requests = await askForOthers(options, hubs, town, since);
  await town.close();
  if (!cluster) await hub.stop();
  const { log } = await (cluster?.whole() ?? readDisk(hub.data));
  const ofStores = Map.groupBy(log, ({ payload }) => payload.store);
  const everyone: Party[] = [
    ...Array.from({ length: stores }, (_, store): Party => ({ kind: 'store', store })),
    ...Array.from({ length: drivers }, (_, driver): Party => ({ kind: 'driver', driver })),
  ];
  const counted = everyone.flatMap((party) => {
    if (party.kind !== 'store') return [];
    const { highest } = town.tap.heardBy(party);
    const own = ofStores.get(idOf(party.store))?.length ?? 0;
    // The cursor to page back from the end is one past it.
    return highest > own + 1 ? [`store ${party.store} has ${own} records and was told of ${highest}`] : [];
  });
  const { foreign, examples, bytes } = town.tap;
  const deaf = everyone.filter((party) => town.tap.heardBy(party).own === 0).length;
  return {
    foreign,
    examples,
    events: log.length,
    bytes,
    requests,
    reconnects: town.reconnects,
    deaf,
    counted,
  };
}

/** Some stores and drivers ask every route for data of others. @returns the number of requests */
async function askForOthers(
  { seed, stores, drivers, asking }: IsolationOptions,
  hubs: readonly Pick<HubProcess, 'url'>[],
  { tap, epoch, epochs }: Town,
  since: string,
): Promise<number> {
  let requests = 0;
  const urlAt = (i: number): string => hubs[i % hubs.length]?.url ?? '';
  for (let store = 0; store < asking; store += 1) {
    const url = urlAt(store);
    const other = (store + 1 + seeded(seed + store).int(0, stores - 2)) % stores;
    const otherDriver = driverOf((other + 1) % drivers);
    const asked = {
      ...{ url, tap, epoch: epochs.get(store) ?? epoch, since },
      own: { store: idOf(store), orderID: '1', words: imagesOf(store, drivers) },
      other: { store: idOf(other), orderID: '1', words: imagesOf(other, drivers), driver: otherDriver },
    };
    const party: Party = { kind: 'store', store };
    requests += await askEveryRoute({ ...asked, party, as: `store:${idOf(store)}` });
    if (store % 5 > 0) continue;
    const driver = store % drivers;
    requests += await askEveryRoute({
      ...asked,
      party: { kind: 'driver', driver },
      as: `driver:${driverOf(driver)}`,
    });
  }
  for (const path of [
    '/metrics',
    '/healthz',
    '/readyz',
    '/openapi.json',
    '/api/hub',
    `/track/trk_${'x'.repeat(32)}`,
  ]) {
    await hearAnswer({ tap, party: { kind: 'anybody' } }, path, fetch(urlAt(requests) + path));
    requests += 1;
  }
  return requests;
}

/** All connected people. */
class Town {
  readonly tap = new Wiretap();
  /** Number of the latest connection. */
  epoch = '';
  /** Cursors of each store. */
  readonly epochs = new Map<number, string>();
  reconnects = 0;
  readonly #hubs: readonly Pick<HubProcess, 'url' | 'tcpPort'>[];
  /** Connections so far: each goes to the next hub. */
  #connections = 0;
  readonly #chance: Chance;
  /** Clients that stay connected and send. */
  readonly #shops: Socket[] = [];
  readonly #drivers: Socket[] = [];
  /** By store: a reader that reconnects at changing doors. */
  readonly #readers: (() => void)[] = [];
  readonly #end = new AbortController();

  constructor(hubs: readonly Pick<HubProcess, 'url' | 'tcpPort'>[], chance: Chance) {
    this.#hubs = hubs;
    this.#chance = chance;
  }

  #nextHub(): Pick<HubProcess, 'url' | 'tcpPort'> {
    this.#connections += 1;
    return this.#hubs[this.#connections % this.#hubs.length] ?? { url: '', tcpPort: 0 };
  }

  async openStore(store: number): Promise<void> {
    const identity = { role: 'vendor', store: idOf(store), name: wordOf(store, 0) };
    const party: Party = { kind: 'store', store };
    this.#shops[store] = await this.#bySocketIo(party, identity, store % 5 === 0 ? 'polling' : 'websocket');
    this.#readers[store] = this.#reader(store, '0');
    await this.#repeat(store);
  }

  /** An order that repeats, and never does while this runs. */
  async #repeat(store: number): Promise<void> {
    const order = { customer: wordOf(store, 0), address: wordOf(store, 0) };
    const repeat = { rule: 'FREQ=DAILY', from: '2090-01-01', end: '12:00', timeZone: 'UTC', order };
    const answer = await fetch(`${this.#hubs[0]?.url}/api/stores/${idOf(store)}/repeats`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(repeat),
    });
    if (answer.status !== 201) throw new Error(`The repeat of ${idOf(store)}: ${await answer.text()}`);
  }

  async putOnDuty(driver: number): Promise<void> {
    const party: Party = { kind: 'driver', driver };
    this.#drivers[driver] = await this.#bySocketIo(
      party,
      { role: 'driver', driver: driverOf(driver) },
      'websocket',
    );
    this.#byTcp(party, { role: 'driver', driver: driverOf(driver), after: '0' });
  }

  /** Every store places these parcels, and its driver takes and delivers them. */
  async round(first: number, last: number): Promise<void> {
    const numbers = Array.from({ length: last - first + 1 }, (_, i) => first + i);
    const orders = this.#shops.map((shop, store) =>
      send(
        shop,
        numbers.map((parcel) => orderOf(store, parcel)),
      ),
    );
    await Promise.all(orders);
    const trips = this.#drivers.map((socket, driver) => {
      const stores = this.#shops
        .map((_, store) => store)
        .filter((store) => store % this.#drivers.length === driver);
      const steps = stores.flatMap((store) =>
        numbers.flatMap((parcel) => tripOf(store, parcel, driver, this.#drivers.length)),
      );
      return send(socket, steps);
    });
    await Promise.all(trips);
    if (first === 1) await Promise.all(this.#shops.map((_, store) => this.#photograph(store)));
  }

  /** The driver of the store's first parcel sends its images. */
  async #photograph(store: number): Promise<void> {
    for (const word of imagesOf(store, this.#drivers.length)) await this.#send(store, jpeg(word));
  }

  async #send(store: number, image: Buffer<ArrayBuffer>): Promise<void> {
    const parcel = { store: idOf(store), orderID: '1' };
    const as = `driver:${driverOf(store % this.#drivers.length)}`;
    const address = `${this.#nextHub().url}/api/blobs/${hashOfImage(image)}`;
    const headers = { 'content-type': 'image/jpeg' };
    const query = new URLSearchParams({ ...parcel, as });
    for (let tries = 1; ; tries += 1) {
      const answer = await fetch(`${address}?${query}`, { method: 'PUT', headers, body: image });
      if (answer.ok) return;
      const problem = await answer.text();
      // A busy hub has no room for one more body.
      if (!problem.includes('"retryable":true') || tries === imageTries) {
        throw new Error(`the hub refused an image: ${problem}`);
      }
      await pause(imageAgainMs);
    }
  }

  /** Some readers reconnect with a cursor of their own, of another store, or from the future. */
  async comeAndGo(): Promise<void> {
    for (const store of this.#shops.keys()) {
      if (this.#chance.int(0, 3) > 0) continue;
      this.#readers[store]?.();
      const place = this.#chance.pick([0, 1, 4, this.#chance.int(0, 100), 1_000_000]);
      const other = this.#chance.int(0, this.#shops.length - 1);
      const whose = this.#chance.pick([store, store, other]);
      this.#readers[store] = this.#reader(store, `${this.epochs.get(whose)}.${place}`);
      this.reconnects += 1;
    }
    // Forbidden commands, because refusals could leak as well.
    const [store, other] = [
      this.#chance.int(0, this.#shops.length - 1),
      this.#chance.int(0, this.#shops.length - 1),
    ];
    const shop = this.#shops[store];
    if (!shop || store === other) return;
    const payload = { store: idOf(other), orderID: '1' };
    const forbidden: Command[] = [
      { event: 'cancelled', payload },
      { event: 'note', payload, details: { text: 'What is in it?' } },
      { event: 'pickup', payload: { ...payload, customer: 'Mallory', address: 'Nowhere' } },
    ];
    const answers: Answer[] = await shop.emitWithAck('commands', forbidden);
    this.tap.on({ kind: 'store', store }, 'refusals')(JSON.stringify(answers));
    if (answers.some(({ ok }) => ok)) throw new Error(`shop ${store} could act on a parcel of shop ${other}`);
  }

  /** The customer of the store's first parcel opens its page and stays there. */
  async follow(store: number): Promise<void> {
    const { url } = this.#nextHub();
    const address = `${url}/api/orders/${idOf(store)}/1?as=store:${idOf(store)}`;
    const text = await hearAnswer(
      { tap: this.tap, party: { kind: 'store', store } },
      address,
      fetch(address),
    );
    const [, token = ''] = /\/track\/(trk_[\w-]+)/.exec(text) ?? [];
    const party: Party = { kind: 'customer', store, parcel: 1 };
    await hearAnswer({ tap: this.tap, party }, 'its page', fetch(`${url}/track/${token}`));
    const headers = { authorization: `Bearer ${token}` };
    for (const whose of [store, (store + 1) % this.#shops.length]) {
      for (const word of imagesOf(whose, this.#drivers.length)) {
        const places = [...new Set([store, whose])].map((of) =>
          imagePath('/api/blobs/:hash', word, { store: idOf(of), orderID: '1' }),
        );
        for (const place of [`/track/${token}/photo/${hashOfImage(jpeg(word))}`, ...places]) {
          const asking = fetch(url + place, { headers });
          await hearAnswer({ tap: this.tap, party }, `an image of ${whose}: ${place}`, asking);
        }
      }
    }
    void hearStream({ tap: this.tap, party }, `${url}/track/${token}/live`, this.#end.signal);
    await this.#bySocketIo(party, { role: 'customer', key: token, after: '0' }, 'websocket');
  }

  /** Safe to call twice. */
  async close(): Promise<void> {
    this.#end.abort();
  }

  #reader(store: number, after: string): () => void {
    const party: Party = { kind: 'store', store };
    const end = new AbortController();
    this.#end.signal.addEventListener('abort', () => end.abort());
    const door = this.#chance.pick(['tcp', 'sse']);
    const identity = { role: 'vendor', store: idOf(store), name: wordOf(store, 0), after };
    if (door === 'tcp') return this.#byTcp(party, identity);
    const query = new URLSearchParams({ as: `store:${idOf(store)}`, after });
    void hearStream({ tap: this.tap, party }, `${this.#nextHub().url}/api/events?${query}`, end.signal);
    return () => end.abort();
  }

  async #bySocketIo(party: Party, identity: object, transport: 'polling' | 'websocket'): Promise<Socket> {
    const auth = { protocol: PROTOCOL_VERSION, ...identity };
    const options = { auth, transports: [transport], forceNew: true, reconnection: false };
    const socket = io(`${this.#nextHub().url}/caps`, options);
    const hear = this.tap.on(party, `socket.io ${transport}`);
    socket.io.on('open', () => socket.io.engine.on('message', (data) => hear(String(data))));
    this.#end.signal.addEventListener('abort', () => socket.close());
    const [welcome] = (await once(socket as never, 'welcome')) as [{ epoch: string }];
    this.epoch = welcome.epoch;
    if (party.kind === 'store') this.epochs.set(party.store, welcome.epoch);
    return socket;
  }

  #byTcp(party: Party, hello: object): () => void {
    const socket = connectTcp({ port: this.#nextHub().tcpPort, host: '127.0.0.1' });
    const hear = this.tap.on(party, 'tcp');
    let unbound: string | undefined = '';
    socket.setEncoding('utf8').on('data', (data) => {
      const text = String(data);
      if (unbound === undefined) return hear(text);
      // Counts from the welcome on: until the hello, the connection is a plain client, which receives everything.
      unbound += text;
      const start = unbound.indexOf('{"event":"welcome"');
      if (start < 0) return;
      hear(unbound.slice(start));
      unbound = undefined;
    });
    // A broken connection counts as closed.
    socket.on('error', () => {});
    socket.write(`${JSON.stringify({ event: 'hello', payload: hello })}\n`);
    this.#end.signal.addEventListener('abort', () => socket.destroy());
    return () => socket.destroy();
  }
}

async function send(socket: Socket, commands: readonly Command[]): Promise<void> {
  if (commands.length === 0) return;
  const answers: Answer[] = await socket.emitWithAck('commands', commands);
  const refused = answers.find(({ ok }) => !ok);
  if (refused) throw new Error(`the hub refused what is right: ${JSON.stringify(refused)}`);
}

/** Puts the word into every field and an unknown one. */
function orderOf(store: number, parcel: number): Command {
  const word = wordOf(store, parcel);
  const payload = {
    ...{ store: idOf(store), orderID: String(parcel), customer: word, address: `${word} Road` },
    ...{ phone: word, note: `ring for ${word}`, [word]: { deep: [word] } },
  };
  return { event: 'pickup', payload, id: `order ${parcel}` };
}

function tripOf(store: number, parcel: number, driver: number, drivers: number): Command[] {
  const payload = { store: idOf(store), orderID: String(parcel) };
  const word = handsWordOf(driver);
  return [
    { event: 'claimed', payload },
    { event: 'note', payload, details: { text: `${word} is on the way` } },
    { event: 'in-transit', payload },
    { event: 'delivered', payload, details: { outcome: 'third-party', receivedBy: word } },
    { event: 'proof', payload, details: { kind: 'scan', text: word, rev: 5 } },
    ...(parcel === 1 ? imageProofsOf(store, drivers) : []),
  ];
}
