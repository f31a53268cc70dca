/** Hubs in one process that tell each other what hubs on one log do, as late as those. */

import type { Clock } from '../server/clock.ts';
import type { PeerListener, Peers, Topic } from '../server/store/peers.ts';

/** Until another hub has heard of a change. */
export const toldWithinMs = 1_000;

export class PeerNetwork {
  readonly #clock: Pick<Clock, 'after'>;
  readonly #hubs = new Map<string, MemoryPeers>();

  constructor(clock: Pick<Clock, 'after'>) {
    this.#clock = clock;
  }

  join(hub: string): MemoryPeers {
    const joined = new MemoryPeers(hub, (tell) => this.#later(hub, tell));
    this.#hubs.set(hub, joined);
    return joined;
  }

  /** The hub has died: what it told ends. */
  leave(hub: string): void {
    const left = this.#hubs.get(hub);
    this.#hubs.delete(hub);
    for (const { topic, id } of left?.entries ?? [])
      this.#later(hub, (to) => to.listenerOf(topic)?.removed(id));
  }

  #later(from: string, tell: (to: MemoryPeers) => void): void {
    this.#clock.after(toldWithinMs, () => {
      for (const [hub, to] of this.#hubs) if (hub !== from) tell(to);
    });
  }
}

export class MemoryPeers implements Peers {
  readonly hub: string;
  readonly #tell: (tell: (to: MemoryPeers) => void) => void;
  readonly #listeners = new Map<Topic, PeerListener>();
  readonly #entries = new Map<string, { topic: Topic; id: string; text: string }>();

  constructor(hub: string, tell: (tell: (to: MemoryPeers) => void) => void) {
    this.hub = hub;
    this.#tell = tell;
  }

  get entries(): readonly { readonly topic: Topic; readonly id: string; readonly text: string }[] {
    return [...this.#entries.values()];
  }

  listenerOf(topic: Topic): PeerListener | undefined {
    return this.#listeners.get(topic);
  }

  put(topic: Topic, id: string, text: string): void {
    this.#entries.set(`${topic}\n${id}`, { topic, id, text });
    this.#tell((to) => to.listenerOf(topic)?.put(id, text));
  }

  remove(topic: Topic, id: string): void {
    if (this.#entries.delete(`${topic}\n${id}`)) this.#tell((to) => to.listenerOf(topic)?.removed(id));
  }

  listen(topic: Topic, listener: PeerListener): void {
    this.#listeners.set(topic, listener);
  }
}
