/**
 * Timeouts of a silent connection.
 *
 *     no hello within    0.2 s     it is a plain client that only listens (where access is keyed: too late to say hello)
 *     nothing within     0.3 s     it is greeted: some clients wait for that
 *     a device, nothing  150 s     it is taken for offline
 */

import { limits } from '../../../protocol/limits.ts';
import type { Clock } from '../../clock.ts';

const helloMs = 200;
const greetMs = 300;
const deviceSilentMs = 150_000;

export interface SilenceOptions {
  readonly clock: Pick<Clock, 'after'>;
  /** Allows `limits.joinMs` for a hello, because nothing else counts. */
  readonly isKeyed: boolean;
  readonly onNoHello: () => void;
  readonly onNothingSaid: () => void;
  /** @param afterMs how long the device was silent */
  readonly onDeviceSilent: (afterMs: number) => void;
}

export class Silence {
  readonly #options: SilenceOptions;
  readonly #cancelHello: () => void;
  readonly #cancelGreeting: () => void;
  #cancelDevice: (() => void) | undefined;
  #isDevice = false;

  constructor(options: SilenceOptions) {
    const { clock, isKeyed, onNoHello, onNothingSaid } = options;
    this.#options = options;
    this.#cancelHello = clock.after(isKeyed ? limits.joinMs : helloMs, onNoHello);
    this.#cancelGreeting = clock.after(greetMs, onNothingSaid);
  }

  /** Any data has come. */
  broken(): void {
    this.#cancelGreeting();
    if (this.#isDevice) this.#awaitDevice();
  }

  /** Cancels the wait for a hello. */
  decided(): void {
    this.#cancelHello();
  }

  /** The client is a device, which sends heartbeats from now on. */
  named(): void {
    this.#isDevice = true;
    this.#awaitDevice();
  }

  /** Cancels everything. Safe to call twice. */
  close(): void {
    this.#cancelHello();
    this.#cancelGreeting();
    this.#cancelDevice?.();
  }

  /** Starts the device's timeout anew. */
  #awaitDevice(): void {
    const { clock, onDeviceSilent } = this.#options;
    this.#cancelDevice?.();
    this.#cancelDevice = clock.after(deviceSilentMs, () => onDeviceSilent(deviceSilentMs));
  }
}
