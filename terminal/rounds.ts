import type { Client } from '../client/client.ts';
import { DriverRobot, type RobotStep, type RobotTimers } from '../client/driver-robot.ts';
import { isHeld, type Status } from '../protocol/events.ts';
import { parcelName } from '../protocol/ids.ts';
import type { CapsRecord, ParcelView } from '../protocol/messages.ts';
import type { ParcelId } from '../protocol/orders.ts';

interface HeldParcel {
  readonly parcel: ParcelId;
  view: { status: Status; rev: number };
  isPending: boolean;
}

export interface RoundsParts {
  driver: string;
  client: Pick<Client, 'state' | 'command'>;
  timers: RobotTimers;
  chance: () => number;
  /** @returns whether the driver may claim one more */
  wantsMore: (inHand: number) => boolean;
}

/** `MoreOffers` reads a longer list again. */
const offersMax = 1_000;

/** Runs the driver robot over one connection. */
export class Rounds {
  readonly #parts: RoundsParts;
  readonly #robot: DriverRobot<ParcelId>;
  /** Oldest first. */
  readonly #offers = new Map<string, ParcelId>();
  readonly #claiming = new Set<string>();
  readonly #inHand = new Map<string, HeldParcel>();
  #hasEnded = false;

  constructor(parts: RoundsParts) {
    this.#parts = parts;
    this.#robot = new DriverRobot({
      timers: parts.timers,
      chance: parts.chance,
      claim: (parcel) => void this.#claim(parcel),
      step: (name, event) => void this.#step(name, event),
    });
  }

  get offers(): number {
    return this.#offers.size;
  }

  /** Number of parcels in hand, including those being claimed. */
  get inHand(): number {
    return this.#inHand.size + this.#claiming.size;
  }

  /** Forgets all parcels before a fresh start: it may be of another log, whose `rev`s are lower. */
  forget(): void {
    this.#offers.clear();
    this.#inHand.clear();
  }

  addOffer({ store, orderID }: ParcelId): void {
    if (this.#offers.size < offersMax) this.#offers.set(parcelName({ store, orderID }), { store, orderID });
  }

  removeOffer(parcel: ParcelId): void {
    this.#offers.delete(parcelName(parcel));
  }

  /** Takes a parcel of a snapshot. */
  takeParcel({ payload, status, rev, holder }: ParcelView): void {
    if (status === 'ready') this.addOffer(payload);
    else if (holder?.id === this.#parts.driver && !this.#inHand.has(parcelName(payload)))
      this.#hold(payload, status, rev);
  }

  /** Takes a record of a parcel that this driver holds or held. */
  takeRecord({ event, payload, status, rev, details }: CapsRecord): void {
    const name = parcelName(payload);
    const known = this.#inHand.get(name);
    // The answer may arrive before its record.
    if (known && rev <= known.view.rev) return;
    const isOurs = event !== 'reassigned' || details?.['driver'] === this.#parts.driver;
    if (!isOurs || !isHeld(status)) this.#inHand.delete(name);
    else if (known || event === 'reassigned') this.#hold(payload, status, rev);
  }

  /** Call it after every change. */
  drive(): void {
    const { client, wantsMore } = this.#parts;
    if (this.#hasEnded || client.state.kind !== 'live') {
      this.#robot.rest();
      return;
    }
    this.#robot.drive({
      inHand: this.#inHand,
      claiming: this.#claiming.size,
      first: (most, passes) => {
        const offers = Array.from(this.#offers).filter(([name]) => passes(name));
        return offers.slice(0, most).map(([, parcel]) => parcel);
      },
      mayClaim: () => wantsMore(this.inHand),
    });
  }

  /** Starts nothing new. */
  end(): void {
    this.#hasEnded = true;
    this.#robot.rest();
  }

  #hold({ store, orderID }: ParcelId, status: Status, rev: number): void {
    const parcel = { store, orderID };
    this.#inHand.set(parcelName(parcel), { parcel, view: { status, rev }, isPending: false });
  }

  async #claim(parcel: ParcelId): Promise<void> {
    const name = parcelName(parcel);
    this.#offers.delete(name);
    this.#claiming.add(name);
    const answer = await this.#parts.client.command({ event: 'claimed', payload: parcel });
    this.#claiming.delete(name);
    // If another driver was faster, `drive` claims the next one.
    if (answer.ok && isHeld(answer.status)) this.#hold(parcel, answer.status, answer.rev);
    this.drive();
  }

  async #step(name: string, event: RobotStep['event']): Promise<void> {
    const inHand = this.#inHand.get(name);
    if (!inHand) return;
    inHand.isPending = true;
    const answer = await this.#parts.client.command({ event, payload: inHand.parcel });
    inHand.isPending = false;
    if (this.#inHand.get(name) === inHand) {
      // A refusal means that dispatch has changed the parcel.
      if (!answer.ok || !isHeld(answer.status)) this.#inHand.delete(name);
      else inHand.view = answer;
    }
    this.drive();
  }
}
