/**
 * How long a connection may be silent, and what follows then.
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
  /** A hello may take `limits.joinMs` then, for nothing else counts. */
  readonly isKeyed: boolean;
  readonly onNoHello: () => void;
  readonly onNothingSaid: () => void;
  /** @param afterMs for how long the device was silent */
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

  /** Something came, whatever it is. */
  broken(): void {
    this.#cancelGreeting();
    if (this.#isDevice) this.#awaitDevice();
  }

  /** It is known who the client is: no hello is awaited any more. */
  decided(): void {
    this.#cancelHello();
  }

  /** The client has named itself as a device, and gives signs of life from now on. */
  named(): void {
    this.#isDevice = true;
    this.#awaitDevice();
  }

  /** Nothing follows any more. Safe to call twice. */
  close(): void {
    this.#cancelHello();
    this.#cancelGreeting();
    this.#cancelDevice?.();
  }

  /** Every sign of life puts it off. */
  #awaitDevice(): void {
    const { clock, onDeviceSilent } = this.#options;
    this.#cancelDevice?.();
    this.#cancelDevice = clock.after(deviceSilentMs, () => onDeviceSilent(deviceSilentMs));
  }
}
