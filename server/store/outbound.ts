/**
 * What a hub keeps about what it sends to others: who is to be told, how far each has been told, what came of it. Short
 * texts by topic and id, beside the log and without a history.
 */
export interface StoredOutbound {
  /** The next ones of a topic, by id. */
  list(
    topic: string,
    page: { readonly after?: string | undefined; readonly limit: number },
  ): Promise<readonly OutboundText[]>;
  find(topic: string, id: string): Promise<string | undefined>;
  /** Number of texts of a topic. */
  count(topic: string): Promise<number>;
  /**
   * Writes all of these or none.
   * @returns false, with nothing written, if the condition does not hold: somebody else has been faster
   */
  write(changes: readonly OutboundChange[], options?: OutboundWriteOptions): Promise<boolean>;
}

export interface OutboundText {
  readonly id: string;
  readonly text: string;
}

export interface OutboundChange {
  readonly topic: string;
  readonly id: string;
  /** Undefined removes it. */
  readonly text: string | undefined;
}

export interface OutboundWriteOptions {
  /** Only if this text is still as it was read; undefined if there was none. */
  readonly before?: OutboundChange | undefined;
  /**
   * Without waiting for the disk: it outlives the hub’s process, but perhaps not the machine’s power. As durable as a commit
   * by default.
   */
  readonly isQuick?: boolean | undefined;
}

/**
 * Of several hubs on one log, which one does a thing. A lease ends by itself, by the store’s clock, so that another hub takes
 * over from one that was killed.
 */
export interface Leases {
  /** Takes or prolongs a lease for this long. @returns whether it is this hub’s now */
  take(name: string, ms: number): Promise<boolean>;
  /** Gives a lease back, if it is this hub’s. */
  release(name: string): Promise<void>;
}
