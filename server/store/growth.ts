/** How a hub learns that others append to its log. */

/** Growth of a log that other hubs append to, too. */
export interface LogGrowth {
  /** Begins to watch; once. */
  watch(listener: GrowthListener): void;
}

export interface GrowthListener {
  /** The log has perhaps grown: it is time to read on. */
  grown(): void;
  /** A look at the log has failed, or takes long. Called at each. */
  away(): void;
  /** The log is another one now, or has lost its end. It has a new epoch, and nothing of it may be told under the old. */
  replaced(reason: string): void;
}
