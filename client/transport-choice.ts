import { limits } from '../protocol/limits.ts';

export type Transport = 'websocket' | 'polling';

/** Remembers which transport the next connection begins with. */
export interface TransportMemory {
  /** @returns undefined if it has no memory of one */
  read(): Transport | undefined;
  write(transport: Transport): void;
}

export interface Attempt {
  /** In the order in which to try them. */
  readonly transports: Transport[];
  /** Time for Engine.IO to open. */
  readonly openMaxMs: number;
  /** Whether polling may go over to WebSocket. */
  readonly mayUpgrade: boolean;
}

/**
 * If no WebSocket has ever opened, one that takes longer counts as swallowed by a proxy. Polling comes next, and upgrades
 * to WebSocket by itself if that was only slow.
 */
const firstOpenMaxMs = 3_000;
/** After so many failed attempts in a row, one begins with the other transport. */
const failuresMax = 3;

/**
 * Chooses the transport that an attempt begins with. Round robin between hubs breaks polling, so WebSocket goes first.
 * But some proxies swallow its handshake, open it and let nothing through, or accept it and drop it at once, which
 * Socket.IO's `tryAllTransports` does not treat as a failure.
 */
export class TransportChoice {
  readonly #memory: TransportMemory | undefined;
  #preferred: Transport;
  #hasWorked = false;
  /** Attempts since the last one that worked. */
  #failures = 0;
  #isOthersTurn = false;
  #mayUpgrade = true;
  #latest: Transport = 'websocket';

  constructor(memory?: TransportMemory) {
    this.#memory = memory;
    this.#preferred = memory?.read() ?? 'websocket';
  }

  next(): Attempt {
    this.#failures += 1;
    const isOther = this.#isOthersTurn || this.#failures % (failuresMax + 1) === 0;
    this.#latest = isOther ? other(this.#preferred) : this.#preferred;
    this.#isOthersTurn = false;
    const isSuspect = this.#latest === 'websocket' && !this.#hasWorked;
    return {
      transports: [this.#latest, other(this.#latest)],
      openMaxMs: isSuspect ? firstOpenMaxMs : limits.completeMs,
      mayUpgrade: this.#mayUpgrade,
    };
  }

  /** The latest attempt got no answer. */
  timedOut(): void {
    this.#isOthersTurn = this.#latest === this.#preferred;
  }

  /** Where a proxy breaks each upgrade, the next connection must last: it stays on polling. The one after it tries again. */
  upgradeBroke(): void {
    this.#mayUpgrade = false;
  }

  /** The hub's welcome came over this transport, or the connection upgraded to it. */
  worked(transport: Transport): void {
    this.#failures = 0;
    this.#mayUpgrade = true;
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
