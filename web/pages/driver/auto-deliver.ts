import type { Client } from '../../../client/client.ts';
import type { Plan, RobotStep } from '../../../client/driver-robot.ts';
import { AutoSwitch } from '../../app/auto.ts';
import { hubClock } from '../../app/hub-clock.ts';
import type { Timers } from '../../app/timers.ts';
import type { AutoRobot } from './auto-robot.ts';
import type { Claims } from './claims.ts';
import type { Duty } from './duty.ts';
import type { HeldParcels } from './held-parcels.ts';
import type { Offers } from './offers.ts';
import type { ShopProfiles } from './shop-profiles.ts';

interface AutoDeliverParts {
  readonly client: Pick<Client, 'state'>;
  readonly timers: Timers;
  readonly duty: Pick<Duty, 'isOn'>;
  readonly offers: Offers;
  readonly claims: Pick<Claims, 'ask' | 'has' | 'unanswered'>;
  readonly held: HeldParcels;
  readonly profileOf: ShopProfiles['of'];
  readonly step: (key: string, event: RobotStep['event']) => void;
  readonly changed: () => void;
}

/** Runs the driver robot while its switch is on, the driver is on duty and the hub is live. It is loaded when it is wanted. */
export class AutoDeliver {
  readonly switch: AutoSwitch;
  readonly #parts: AutoDeliverParts;
  /** Parcels that were left to the driver before the robot was loaded. */
  readonly #leftAlone = new Set<string>();
  #robot: AutoRobot | undefined;
  #isLoading = false;
  #isDue = false;
  #isClosed = false;

  constructor(parts: AutoDeliverParts) {
    const { timers, changed } = parts;
    this.#parts = parts;
    this.switch = new AutoSwitch({ page: 'driver', timers, changed });
  }

  /** Leaves this parcel to the driver from now on. */
  leaveAlone(key: string): void {
    if (this.#robot) this.#robot.touch(key);
    else this.#leftAlone.add(key);
  }

  /** The next step that it takes with a parcel, and when. */
  plan(key: string): Plan | undefined {
    return this.#robot?.plan(key);
  }

  /** Decides at the end of this task: in the middle of its changes a claim may not be counted yet. */
  runSoon(): void {
    if (this.#isDue) return;
    this.#isDue = true;
    queueMicrotask(() => {
      this.#isDue = false;
      if (!this.#isClosed) this.#run();
    });
  }

  /** Safe to call twice. */
  close(): void {
    this.#isClosed = true;
    this.switch.close();
  }

  #run(): void {
    const { client, duty, offers, claims, held, profileOf } = this.#parts;
    if (!this.switch.isRunning || !duty.isOn || client.state.kind !== 'live') {
      this.#robot?.rest();
      return;
    }
    if (!this.#robot) {
      void this.#load();
      return;
    }
    this.#robot.driveAll(held, profileOf, {
      claiming: claims.unanswered,
      first: (most, passes) => {
        const now = hubClock.now();
        return offers.first(
          most,
          (key, { view }) => !claims.has(key) && offers.wantedFrom(view) <= now && passes(key),
        );
      },
    });
  }

  /** Where it cannot be loaded, the next run tries again. */
  async #load(): Promise<void> {
    if (this.#isLoading) return;
    this.#isLoading = true;
    const { timers, claims, step } = this.#parts;
    try {
      const { AutoRobot } = await import('./auto-robot.ts');
      this.#robot = new AutoRobot({
        timers,
        chance: Math.random,
        claim: (known) => void claims.ask(known, false),
        step,
      });
      for (const key of this.#leftAlone) this.#robot.touch(key);
      this.runSoon();
    } catch {
      // TypeError: the hub is away, or serves another build.
    } finally {
      this.#isLoading = false;
    }
  }
}
