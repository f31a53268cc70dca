/** For tests: a store that takes its time, and fails when it is told to. */

import type { ParcelId } from '../../protocol/messages.ts';
import type {
  Committed,
  Decided,
  Found,
  Keys,
  Page,
  ParcelPage,
  ParcelQuery,
  Range,
  Scope,
  Sifted,
  Sifting,
  Store,
  StoredProfiles,
  Wanted,
} from '../../server/store/store.ts';

/** A clock on which one can wait. */
interface Waiting {
  wait(ms: number): Promise<void>;
}

/** Thrown by what was made to fail. */
export class SimulatedFailure extends Error {}

export class SimulatedStore implements Store {
  /** While it is set, commits and reads are refused with it. */
  failure: Error | undefined;
  /** So many commits are refused, and then no more. */
  failuresLeft = 0;
  /** A commit that concerns this order is refused, as if the store choked on it. */
  chokesOn: string | undefined;
  /** Commits that append anything are refused, as on a full disk. */
  refusesToWrite = false;
  /** Tries that need more are refused, while commits fit. */
  roomBytes = Number.POSITIVE_INFINITY;
  /** How often it was tried whether it can be written. */
  probes = 0;
  readonly #store: Store;
  readonly #clock: Waiting;
  readonly #delayMs: () => number;

  /** @param delayMs how long the way to the store takes, and the way back; 0 for no wait at all */
  constructor(store: Store, clock: Waiting, delayMs: () => number = () => 0) {
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

  get damage(): Store['damage'] {
    return this.#store.damage;
  }

  head(): ReturnType<Store['head']> {
    return this.#store.head();
  }

  commit<T>(wanted: Wanted, decide: (found: Found) => Decided<T>): Promise<Committed<T>> {
    return this.#late(() => {
      if (this.failuresLeft > 0) {
        this.failuresLeft -= 1;
        throw new SimulatedFailure('failed once');
      }
      if (wanted.parcels.some(({ orderID }) => orderID === this.chokesOn))
        throw new SimulatedFailure('choked');
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

  sift(wanted: Sifting): Promise<Sifted> {
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

  readyCount(): Promise<number> {
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

/** The same store but for some of its methods. */
export function storeWith(store: Store, part: Partial<Store>): Store {
  return {
    epoch: store.epoch,
    secret: store.secret,
    head: () => store.head(),
    commit: (wanted, decide) => store.commit(wanted, decide),
    read: (scope, range) => store.read(scope, range),
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
    damage: store.damage,
    close: () => store.close(),
    ...part,
  };
}
