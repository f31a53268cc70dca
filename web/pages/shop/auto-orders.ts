import type { Client } from '../../../client/client.ts';
import { ShopRobot } from '../../../client/shop-robot.ts';
import { AutoSwitch } from '../../app/auto.ts';
import type { Timers } from '../../app/timers.ts';
import { savedEverySeconds, saveEverySeconds } from './order-interval.ts';
import type { Sample, Samples } from './samples.ts';

/** Sends no made-up orders while this many commands have no answer. */
const waitingMax = 50;

interface AutoOrdersParts {
  readonly client: Pick<Client, 'state' | 'waiting'>;
  readonly timers: Timers;
  readonly samples: Pick<Samples, 'next'>;
  readonly send: (sample: Sample) => void;
  readonly changed: () => void;
}

/** Sends made-up orders at an interval while its switch is on and the hub keeps up. */
export class AutoOrders {
  readonly switch: AutoSwitch;
  readonly #parts: AutoOrdersParts;
  readonly #robot: ShopRobot;
  #everySeconds = savedEverySeconds();

  constructor(parts: AutoOrdersParts) {
    const { client, timers } = parts;
    this.#parts = parts;
    this.#robot = new ShopRobot({
      timers,
      isUp: () => client.state.kind === 'live' && client.waiting < waitingMax,
      order: () => void this.#order(),
    });
    this.switch = new AutoSwitch({ page: 'vendor', timers, changed: () => this.#apply() });
  }

  get everySeconds(): number {
    return this.#everySeconds;
  }

  /** @param seconds without an `everyProblem`. This browser remembers them */
  setEvery(seconds: number): void {
    this.#everySeconds = seconds;
    saveEverySeconds(seconds);
    this.#apply();
  }

  becameLive(): void {
    this.#robot.becameLive();
    void this.switch.decide();
  }

  /** Safe to call twice. */
  close(): void {
    this.switch.close();
    this.#robot.stop();
  }

  #apply(): void {
    if (this.switch.isRunning) this.#robot.start(this.#everySeconds * 1_000);
    else this.#robot.stop();
    this.#parts.changed();
  }

  async #order(): Promise<void> {
    try {
      this.#parts.send(await this.#parts.samples.next());
    } catch {
      // The worker of the samples could not be loaded; the next order tries again.
    }
  }
}
