import type { Client } from '../client/client.ts';
import { DriverRobot, type RobotStep, type RobotTimers } from '../client/robot.ts';
import { isHeld, type Status } from '../protocol/events.ts';
import { parcelName } from '../protocol/ids.ts';
import type { CapsRecord, ParcelId, ParcelView } from '../protocol/messages.ts';

interface InHand {
  readonly parcel: ParcelId;
  view: { status: Status; rev: number };
  isPending: boolean;
}

export interface RoundsParts {
  driver: string;
  client: Pick<Client, 'state' | 'command'>;
  timers: RobotTimers;
  chance: () => number;
  /** Whether one more may be claimed, with so many in hand. */
  wantsMore: (inHand: number) => boolean;
}

/** Offers that are kept; of a longer list the hub is asked again. */
const offersKept = 1_000;

/** What a driver of the terminal does: the robot's work, sent over one connection. */
export class Rounds {
  readonly #parts: RoundsParts;
  readonly #robot: DriverRobot<ParcelId>;
  /** Oldest first. */
  readonly #offers = new Map<string, ParcelId>();
  readonly #claiming = new Set<string>();
  readonly #inHand = new Map<string, InHand>();
  #hasEnded = false;

  constructor(parts: RoundsParts) {
    this.#parts = parts;
    this.#robot = new DriverRobot({
      timers: parts.timers,
      chance: parts.chance,
      claim: (parcel) => void this.#claim(parcel),
      step: (key, event) => void this.#step(key, event),
    });
  }

  get offers(): number {
    return this.#offers.size;
  }

  /** Those that are being claimed included. */
  get inHand(): number {
    return this.#inHand.size + this.#claiming.size;
  }

  /** Forgets all parcels before a fresh start: it may be of another log, whose `rev`s are lower. */
  forget(): void {
    this.#offers.clear();
    this.#inHand.clear();
  }

  offered({ store, orderID }: ParcelId): void {
    if (this.#offers.size < offersKept) this.#offers.set(parcelName({ store, orderID }), { store, orderID });
  }

  gone(parcel: ParcelId): void {
    this.#offers.delete(parcelName(parcel));
  }

  /** A parcel as it is at the start. */
  found({ payload, status, rev, holder }: ParcelView): void {
    if (status === 'ready') this.offered(payload);
    else if (holder?.id === this.#parts.driver && !this.#inHand.has(parcelName(payload)))
      this.#hold(payload, status, rev);
  }

  /** What happened to a parcel that this driver holds or held. */
  heard({ event, payload, status, rev, details }: CapsRecord): void {
    const key = parcelName(payload);
    const known = this.#inHand.get(key);
    // An answer may be faster than the record that it speaks of.
    if (known && rev <= known.view.rev) return;
    const isOurs = event !== 'reassigned' || details?.['driver'] === this.#parts.driver;
    if (!isOurs || !isHeld(status)) this.#inHand.delete(key);
    else if (known || event === 'reassigned') this.#hold(payload, status, rev);
  }

  /** To be called whenever something has changed. */
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
        const offers = Array.from(this.#offers).filter(([key]) => passes(key));
        return offers.slice(0, most).map(([, parcel]) => parcel);
      },
      mayClaim: () => wantsMore(this.inHand),
    });
  }

  /** Begins nothing more. */
  end(): void {
    this.#hasEnded = true;
    this.#robot.rest();
  }

  #hold({ store, orderID }: ParcelId, status: Status, rev: number): void {
    const parcel = { store, orderID };
    this.#inHand.set(parcelName(parcel), { parcel, view: { status, rev }, isPending: false });
  }

  async #claim(parcel: ParcelId): Promise<void> {
    const key = parcelName(parcel);
    this.#offers.delete(key);
    this.#claiming.add(key);
    const answer = await this.#parts.client.command({ event: 'claimed', payload: parcel });
    this.#claiming.delete(key);
    // Where somebody else was faster, the next one.
    if (answer.ok && isHeld(answer.status)) this.#hold(parcel, answer.status, answer.rev);
    this.drive();
  }

  async #step(key: string, event: RobotStep['event']): Promise<void> {
    const inHand = this.#inHand.get(key);
    if (!inHand) return;
    inHand.isPending = true;
    const answer = await this.#parts.client.command({ event, payload: inHand.parcel });
    inHand.isPending = false;
    if (this.#inHand.get(key) === inHand) {
      // A refusal means that dispatch has other plans.
      if (!answer.ok || !isHeld(answer.status)) this.#inHand.delete(key);
      else inHand.view = answer;
    }
    this.drive();
  }
}
