import { limits } from '../protocol/limits.ts';

export type Transport = 'websocket' | 'polling';

/** Outlives a connection: which transport the next one begins with. */
export interface TransportMemory {
  /** Undefined where nothing is remembered. */
  read(): Transport | undefined;
  write(transport: Transport): void;
}

export interface Attempt {
  /** In the order in which they are tried. */
  readonly transports: Transport[];
  /** Until Engine.IO has opened. */
  readonly openMaxMs: number;
}

/**
 * A WebSocket that has not opened by then, and never has, is taken for one that a proxy swallows. Polling comes next,
 * and upgrades to WebSocket by itself where that was only slow.
 */
const firstOpenMaxMs = 3_000;
/** After so many attempts in a row that came to nothing, one begins with polling. */
const fruitlessMax = 3;

/**
 * Which transport an attempt begins with. Plain round robin between hubs breaks polling, so WebSocket goes first. But
 * there are proxies that swallow its handshake, that open it and let nothing through, and that accept it and drop
 * it at once, which Socket.IO's `tryAllTransports` does not take for a failure.
 */
export class TransportChoice {
  readonly #memory: TransportMemory | undefined;
  #preferred: Transport;
  #hasWorked = false;
  /** Attempts since the last one that worked. */
  #fruitless = 0;
  #isOthersTurn = false;
  #latest: Transport = 'websocket';

  constructor(memory?: TransportMemory) {
    this.#memory = memory;
    this.#preferred = memory?.read() ?? 'websocket';
  }

  next(): Attempt {
    this.#fruitless += 1;
    const isOther = this.#isOthersTurn || this.#fruitless % (fruitlessMax + 1) === 0;
    this.#latest = isOther ? other(this.#preferred) : this.#preferred;
    this.#isOthersTurn = false;
    const isSuspect = this.#latest === 'websocket' && !this.#hasWorked;
    return {
      transports: [this.#latest, other(this.#latest)],
      openMaxMs: isSuspect ? firstOpenMaxMs : limits.completeMs,
    };
  }

  /** The latest attempt got no answer at all. */
  timedOut(): void {
    this.#isOthersTurn = this.#latest === this.#preferred;
  }

  /** The hub said welcome over this transport, or went over to it. */
  worked(transport: Transport): void {
    this.#fruitless = 0;
    this.#isOthersTurn = false;
    this.#hasWorked ||= transport === 'websocket';
    if (transport === this.#preferred) return;
    this.#preferred = transport;
    this.#memory?.write(transport);
  }
}

function other(transport: Transport): Transport {
  return transport === 'websocket' ? 'polling' : 'websocket';
}

export function transportOf(name: string): Transport {
  return name === 'websocket' ? 'websocket' : 'polling';
}
