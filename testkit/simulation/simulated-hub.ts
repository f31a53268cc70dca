/** The real hub in a simulated world: it starts, crashes and stops, and its store is slow and fails. */

import { CapsError } from '../../protocol/errors.ts';
import { limits } from '../../protocol/limits.ts';
import { type Answer, type Command, parseCommand } from '../../protocol/messages.ts';
import type { ParcelId } from '../../protocol/orders.ts';
import type { Actor } from '../../protocol/parcel.ts';
import { type Access, createAccess } from '../../server/access/access.ts';
import { readHandshake } from '../../server/access/handshakes.ts';
import { type ClaimTimeout, startClaimTimeout } from '../../server/hub/claim-timeout.ts';
import { DriverLiveness } from '../../server/hub/driver-liveness.ts';
import type { Sink } from '../../server/hub/feed.ts';
import { createHub, type Hub, type Subscription } from '../../server/hub/hub.ts';
import { Turns } from '../../server/hub/turns.ts';
import { openSqliteStore } from '../../server/store/sqlite/sqlite.ts';
import type { Store } from '../../server/store/store.ts';
import { InlineSearch } from './inline-search.ts';
import type { HubEnd, HubLine, SimulatedNetwork } from './network.ts';
import type { Search, Searches } from './search.ts';
import type { SimulatedTime } from './simulated-time.ts';
import { SimulatedFailure, SimulatedStore, storeWith } from './store.ts';
import type { Thresholds } from './thresholds.ts';

export interface SimulatedHubOptions {
  readonly folder: string;
  readonly time: SimulatedTime;
  readonly network: SimulatedNetwork;
  /** Delay of the way to the store, and of the way back. */
  readonly storeMs: () => number;
  readonly thresholds: Thresholds;
  /** How long a driver may be silent. */
  readonly claimTimeoutMs: number;
  /** Breaks the store: a mutant that the checker must catch. */
  readonly breaking?: ((store: Store) => Store) | undefined;
  /** Called for faults that the world did not cause on purpose. */
  readonly onBug: (error: unknown, what: string) => void;
}

export class SimulatedHub {
  /** The slow, failing store. */
  readonly store: SimulatedStore;
  readonly #options: SimulatedHubOptions;
  readonly #disk: Store;
  readonly #life: Life;
  readonly #hub: Hub;
  readonly #index: InlineSearch;
  readonly #access: Access;
  readonly #claimTimeout: ClaimTimeout;
  readonly #liveness: DriverLiveness;
  #isOver = false;

  static async start(options: SimulatedHubOptions): Promise<SimulatedHub> {
    const { folder, time, breaking = (store: Store) => store, storeMs } = options;
    const { thresholds } = options;
    const disk = openSqliteStore(folder, undefined, thresholds.store);
    const life = new Life();
    // Below the delays and above them: a crash can also come between the disk and the answer.
    const store = new SimulatedStore(life.of(breaking(disk)), time.clock, storeMs);
    const onFault = (error: unknown, what: string) => {
      if (!(error instanceof SimulatedFailure)) options.onBug(error, what);
    };
    const liveness = new DriverLiveness();
    const turns = new Turns(time.clock);
    const onAssigned = (parcel: ParcelId) => liveness.assigned(parcel);
    const { search: limits, indexMin: recordsMin } = thresholds;
    const { clock } = time;
    const index = new InlineSearch({ folder, epoch: disk.epoch, clock, limits, recordsMin });
    const hub = await createHub({
      ...{ store: life.of(store), clock, onFault, turns, onAssigned, index },
      limits: thresholds.hub,
    });
    return new SimulatedHub(options, { disk, life, store, hub, index, liveness, turns, onFault });
  }

  private constructor(
    options: SimulatedHubOptions,
    made: {
      disk: Store;
      life: Life;
      store: SimulatedStore;
      hub: Hub;
      index: InlineSearch;
      liveness: DriverLiveness;
      turns: Turns;
      onFault: (error: unknown, what: string) => void;
    },
  ) {
    const { network, time, claimTimeoutMs } = options;
    const { hub, store, liveness, turns, onFault } = made;
    this.#liveness = liveness;
    this.#options = options;
    this.#disk = made.disk;
    this.#life = made.life;
    this.store = store;
    this.#hub = hub;
    this.#index = made.index;
    const { clock } = time;
    this.#access = createAccess({ adminKey: undefined, keys: store.keys, links: hub.read, clock });
    this.#claimTimeout = startClaimTimeout({
      hub,
      store: made.life.of(store),
      liveness,
      turns,
      clock,
      timeoutMs: claimTimeoutMs,
      limits: options.thresholds.claimTimeout,
      onFault,
    });
    network.listen((line, handshake) => this.#accept(line, handshake));
  }

  /** At once: what is on disk stays, and nothing else. */
  async crash(): Promise<void> {
    this.#life.ended = true;
    this.#options.network.listen(undefined);
    this.#claimTimeout.close();
    await this.#hub.close();
    await this.#closeFiles();
  }

  /** Like SIGTERM. */
  async stop(): Promise<void> {
    this.#claimTimeout.close();
    await this.#hub.close();
    this.#options.network.listen(undefined);
    await this.#closeFiles();
  }

  async #closeFiles(): Promise<void> {
    this.#isOver = true;
    await this.#index.close();
    await this.#disk.close();
  }

  /** Searches as dispatch. A failing disk or hub gives no result. */
  async search(search: Search, searches: Searches): Promise<void> {
    const before = this.#hub.head;
    try {
      const { filter, limit } = search;
      const page = await this.#hub.read.events({ role: 'admin' }, { ...filter, limit });
      searches.found(search, [before, this.#hub.head], page);
    } catch (error) {
      // A hub that stops meanwhile gives no answer.
      if (this.#isOver || error instanceof SimulatedFailure) return;
      this.#options.onBug(error, 'a search');
    }
  }

  /** Until it is told otherwise. */
  fail(failing: boolean): void {
    this.store.failure = failing ? new SimulatedFailure('the disk does not answer') : undefined;
  }

  #accept(line: HubLine, auth: unknown): HubEnd {
    let actor: Promise<Actor | undefined> = Promise.resolve(undefined);
    let subscription: Subscription | undefined;
    let isClosed = false;
    let gone: (() => void) | undefined;
    const sink: Sink = {
      send: ({ name, json }) => line.send(name, json),
      get queued() {
        return line.queued;
      },
      get queuedSize() {
        return line.queuedSize;
      },
      drained: () => line.drained(),
      fail: () => line.end(),
    };
    const join = async (): Promise<Actor | undefined> => {
      try {
        const { actor: identified, handshake } = await readHandshake(auth, this.#access);
        if (isClosed) return undefined;
        if (identified.role === 'driver') gone = this.#liveness.enter(identified.driver);
        subscription = this.#hub.subscribe(identified, handshake.after, sink, () => {});
        return identified;
      } catch (error) {
        if (!(error instanceof CapsError)) throw error;
        line.end(error.toWire());
        return undefined;
      }
    };
    actor = join();
    return {
      commands: async (batch) => {
        const by = await actor;
        return by ? this.#submit(by, batch) : [new CapsError('unauthorized').toAnswer()];
      },
      closed: () => {
        isClosed = true;
        subscription?.close();
        gone?.();
      },
    };
  }

  #submit(actor: Actor, batch: unknown): Promise<Answer[]> {
    if (!Array.isArray(batch) || batch.length > limits.batch) throw new Error('the SDK sends batches');
    const commands = batch.map((input: unknown): Command => parseCommand(input));
    return this.#hub.submit(actor, 'socket.io', commands);
  }
}

/** One life of the hub, which a crash ends for everything at once. */
class Life {
  ended = false;

  /** Wraps a store: whatever has not returned at the end of this life fails. */
  of(store: Store): Store {
    return storeWith(store, {
      commit: (wanted, decide) => this.#while(() => store.commit(wanted, decide)),
      read: (scope, range) => this.#while(() => store.read(scope, range)),
      rowsAt: (seqs) => this.#while(() => store.rowsAt(seqs)),
      sift: (wanted) => this.#while(() => store.sift(wanted)),
      head: () => this.#while(() => store.head()),
      headOf: (scope) => this.#while(() => store.headOf(scope)),
      parcel: (key) => this.#while(() => store.parcel(key)),
      parcels: (query) => this.#while(() => store.parcels(query)),
      probe: (bytes) => this.#while(() => store.probe(bytes)),
    });
  }

  async #while<T>(run: () => Promise<T>): Promise<T> {
    this.#check();
    const result = await run();
    this.#check();
    return result;
  }

  #check(): void {
    if (this.ended) throw new SimulatedFailure('the hub has crashed');
  }
}
