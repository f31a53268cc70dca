interface NetworkWatchParts {
  /** Pings the hub. Resolves with its answer, or when the connection has ended. */
  readonly ask: () => Promise<unknown>;
  readonly isUp: () => boolean;
  /** The network is back. */
  readonly online: () => void;
  /** The network is gone, and the connection with it. */
  readonly offline: () => void;
}

/** A hub on this machine answers within this time. */
const answerMaxMs = 500;

/**
 * Listens to the browser's `online` and `offline`; in Node there are no such events. When the network goes, no packet
 * ends the connection, and Engine.IO would notice only after its ping timeout. A hub on this machine still answers, so
 * the watch pings it first.
 */
export class NetworkWatch {
  readonly #parts: NetworkWatchParts;
  #deadline: ReturnType<typeof setTimeout> | undefined;

  constructor(parts: NetworkWatchParts) {
    this.#parts = parts;
    globalThis.addEventListener?.('online', this.#comeOnline);
    globalThis.addEventListener?.('offline', this.#goOffline);
  }

  /** The connection has ended by itself. */
  down(): void {
    clearTimeout(this.#deadline);
  }

  /** Safe to call twice. */
  close(): void {
    this.down();
    globalThis.removeEventListener?.('online', this.#comeOnline);
    globalThis.removeEventListener?.('offline', this.#goOffline);
  }

  readonly #comeOnline = (): void => this.#parts.online();

  readonly #goOffline = (): void => {
    const { ask, isUp, offline } = this.#parts;
    if (!isUp()) return;
    this.down();
    const deadline = setTimeout(offline, answerMaxMs);
    this.#deadline = deadline;
    void ask().then(() => clearTimeout(deadline));
  };
}
