/** A store that is slow, and fails on request. */

import type { ParcelId } from '../../protocol/orders.ts';
import type { StoredOutbound } from '../../server/store/outbound.ts';
import type {
  CommitLookup,
  CommitPlan,
  CommitResult,
  Keys,
  LookupResult,
  Page,
  ParcelPage,
  ParcelQuery,
  Range,
  ReadyCount,
  Scope,
  SiftPage,
  SiftQuery,
  Store,
  StoredProfiles,
  StoredRepeats,
} from '../../server/store/store.ts';

interface WaitClock {
  wait(ms: number): Promise<void>;
}

/** The error of requested failures. */
export class SimulatedFailure extends Error {}

export class SimulatedStore implements Store {
  /** Commits and reads fail with it while it is set. */
  failure: Error | undefined;
  /** This many more commits fail. */
  failuresLeft = 0;
  /** How it chokes. */
  chokesWith: Error = new SimulatedFailure('choked');
  /** A commit with this order fails, as if the store choked on it. */
  chokesOn: string | undefined;
  /** Commits with appends fail, as on a full disk. */
  refusesToWrite = false;
  /** Larger probes fail, while commits fit. */
  roomBytes = Number.POSITIVE_INFINITY;
  /** Number of probes. */
  probes = 0;
  readonly #store: Store;
  readonly #clock: WaitClock;
  readonly #delayMs: () => number;

  /** @param delayMs of the way to the store, and of the way back; 0 for none */
  constructor(store: Store, clock: WaitClock, delayMs: () => number = () => 0) {
    this.#store = store;
    this.#clock = clock;
    this.#delayMs = delayMs;
  }

  get epoch(): string {
    return this.#store.epoch;
  }

  get secret(): Uint8Array {
    return this.#store.secret;
  }

  get blobs(): Store['blobs'] {
    return this.#store.blobs;
  }

  get damage(): Store['damage'] {
    return this.#store.damage;
  }

  head(): ReturnType<Store['head']> {
    return this.#store.head();
  }

  commit<T>(wanted: CommitLookup, decide: (found: LookupResult) => CommitPlan<T>): Promise<CommitResult<T>> {
    return this.#late(() => {
      if (this.failuresLeft > 0) {
        this.failuresLeft -= 1;
        throw new SimulatedFailure('failed once');
      }
      if (wanted.parcels.some(({ orderID }) => orderID === this.chokesOn)) throw this.chokesWith;
      return this.#store.commit(wanted, (found) => {
        const decided = decide(found);
        if (this.refusesToWrite && decided.appends.length > 0)
          throw new SimulatedFailure('database or disk is full');
        return decided;
      });
    });
  }

  read(scope: Scope, range: Range): Promise<Page> {
    return this.#late(() => this.#store.read(scope, range));
  }

  rowsAt(seqs: readonly number[]): ReturnType<Store['rowsAt']> {
    return this.#late(() => this.#store.rowsAt(seqs));
  }

  sift(wanted: SiftQuery): Promise<SiftPage> {
    return this.#late(() => this.#store.sift(wanted));
  }

  headOf(scope: Scope): Promise<number> {
    return this.#late(() => this.#store.headOf(scope));
  }

  setBacks(): ReturnType<Store['setBacks']> {
    return this.#late(() => this.#store.setBacks());
  }

  parcel(key: ParcelId): ReturnType<Store['parcel']> {
    return this.#late(() => this.#store.parcel(key));
  }

  parcels(query: ParcelQuery): Promise<ParcelPage> {
    return this.#late(() => this.#store.parcels(query));
  }

  readyCount(): Promise<ReadyCount> {
    return this.#store.readyCount();
  }

  holders(after: string, limit: number): Promise<readonly string[]> {
    return this.#late(() => this.#store.holders(after, limit));
  }

  acknowledge(keys: readonly ParcelId[]): Promise<void> {
    return this.#late(() => this.#store.acknowledge(keys));
  }

  probe(bytes: number): Promise<void> {
    this.probes += 1;
    return this.#late(async () => {
      if (this.refusesToWrite || bytes > this.roomBytes)
        throw new SimulatedFailure('database or disk is full');
      await this.#store.probe(bytes);
    });
  }

  get keys(): Keys {
    const { keys } = this.#store;
    return {
      add: (key) => this.#late(() => keys.add(key)),
      list: () => this.#late(() => keys.list()),
      find: (hash) => this.#late(() => keys.find(hash)),
      revoke: (id, time) => this.#late(() => keys.revoke(id, time)),
      revokedAmong: (ids) => this.#late(() => keys.revokedAmong(ids)),
      forget: (id) => this.#late(() => keys.forget(id)),
    };
  }

  get profiles(): StoredProfiles {
    const { profiles } = this.#store;
    return {
      find: (store) => this.#late(() => profiles.find(store)),
      put: (store, profile) => this.#late(() => profiles.put(store, profile)),
      count: () => this.#late(() => profiles.count()),
    };
  }

  get repeats(): StoredRepeats {
    const { repeats } = this.#store;
    return {
      list: (query) => this.#late(() => repeats.list(query)),
      find: (store, id) => this.#late(() => repeats.find(store, id)),
      add: (repeat, most) => this.#late(() => repeats.add(repeat, most)),
      put: (store, id, text) => this.#late(() => repeats.put(store, id, text)),
      replace: (repeat, text) => this.#late(() => repeats.replace(repeat, text)),
      count: (store) => this.#late(() => repeats.count(store)),
    };
  }

  get outbound(): StoredOutbound {
    const { outbound } = this.#store;
    return {
      list: (topic, page) => this.#late(() => outbound.list(topic, page)),
      find: (topic, id) => this.#late(() => outbound.find(topic, id)),
      count: (topic) => this.#late(() => outbound.count(topic)),
      write: (changes, options) => this.#late(() => outbound.write(changes, options)),
    };
  }

  close(): Promise<void> {
    return this.#store.close();
  }

  async #late<T>(run: () => Promise<T>): Promise<T> {
    await this.#pause();
    if (this.failure) throw this.failure;
    const result = await run();
    await this.#pause();
    return result;
  }

  async #pause(): Promise<void> {
    const ms = this.#delayMs();
    if (ms > 0) await this.#clock.wait(ms);
  }
}

/** A store with some methods replaced. */
export function storeWith(store: Store, part: Partial<Store>): Store {
  return {
    epoch: store.epoch,
    secret: store.secret,
    head: () => store.head(),
    commit: (wanted, decide) => store.commit(wanted, decide),
    read: (scope, range) => store.read(scope, range),
    rowsAt: (seqs) => store.rowsAt(seqs),
    sift: (wanted) => store.sift(wanted),
    headOf: (scope) => store.headOf(scope),
    setBacks: () => store.setBacks(),
    parcel: (key) => store.parcel(key),
    parcels: (query) => store.parcels(query),
    readyCount: () => store.readyCount(),
    holders: (after, limit) => store.holders(after, limit),
    acknowledge: (keys) => store.acknowledge(keys),
    probe: (bytes) => store.probe(bytes),
    keys: store.keys,
    profiles: store.profiles,
    repeats: store.repeats,
    outbound: store.outbound,
    blobs: store.blobs,
    damage: store.damage,
    close: () => store.close(),
    ...part,
  };
}
