import type { Client } from '../client/client.ts';
import { isHeld, type Status } from '../protocol/events.ts';
import type { CapsRecord, ParcelKey, ParcelView } from '../protocol/messages.ts';

const inHandMax = 3;
/** One of so many of the oldest offers is taken, so that several drivers seldom want the same one. */
const pickFrom = 8;

interface Step {
  readonly event: 'claimed' | 'in-transit' | 'delivered';
  readonly afterMs: number;
}

/** What comes next by itself for a parcel of this status. Of all else a person has to decide. */
const steps: { readonly [S in Status]?: Step } = {
  ready: { event: 'claimed', afterMs: 0 },
  claimed: { event: 'in-transit', afterMs: 1_000 },
  'in-transit': { event: 'delivered', afterMs: 3_000 },
};

export interface RoundsParts {
  driver: string;
  client: Pick<Client, 'state' | 'command'>;
  /** @returns false where it was cut short: then nothing more is done */
  pause: (ms: number) => Promise<boolean>;
  /** Whether one more may be claimed, with so many in hand. */
  wantsMore: (inHand: number) => boolean;
}

/** Offers that are kept; of a longer list the hub is asked again. */
const offersKept = 1_000;

/** What a driver does by themselves: they claim what is on offer, pick it up and deliver it. */
export class Rounds {
  readonly #parts: RoundsParts;
  /** Oldest first. */
  readonly #offers = new Map<string, ParcelKey>();
  /** In hand or being claimed, each with the journey that moves it. */
  readonly #inHand = new Map<string, object>();

  constructor(parts: RoundsParts) {
    this.#parts = parts;
  }

  get offers(): number {
    return this.#offers.size;
  }

  get inHand(): number {
    return this.#inHand.size;
  }

  /** What was on offer is of another log, or of a start that did not come to its end. */
  forgetOffers(): void {
    this.#offers.clear();
  }

  offered(payload: ParcelKey): void {
    if (this.#offers.size < offersKept) this.#offers.set(keyText(payload), payload);
  }

  gone(parcel: ParcelKey): void {
    this.#offers.delete(keyText(parcel));
  }

  /** A parcel as it is at the start. */
  found({ payload, status, holder }: ParcelView): void {
    if (status === 'ready') this.offered(payload);
    else if (holder?.id === this.#parts.driver) this.#hold(payload, status);
  }

  /** What happened to a parcel that this driver holds or held. */
  heard({ event, payload, status, details }: CapsRecord): void {
    if (event === 'reassigned' && details?.['driver'] === this.#parts.driver) this.#hold(payload, status);
    else if (event === 'reassigned' || !isHeld(status)) this.#inHand.delete(keyText(payload));
  }

  /** Claims as much as there is room for. To be called whenever something has changed. */
  claimSome(): void {
    const { client, wantsMore } = this.#parts;
    while (client.state.kind === 'live' && this.inHand < inHandMax && wantsMore(this.inHand)) {
      const parcel = oneOfTheFirst(this.#offers.values());
      if (!parcel) return;
      this.gone(parcel);
      this.#hold(parcel, 'ready');
    }
  }

  #hold({ store, orderID }: ParcelKey, status: Status): void {
    const key = keyText({ store, orderID });
    if (this.#inHand.has(key)) return;
    const journey = {};
    this.#inHand.set(key, journey);
    const isOver = () => this.#inHand.get(key) !== journey;
    void this.#carry({ store, orderID }, status, isOver).then((refused) => {
      // Somebody else was faster, or dispatch has other plans: the next one, then.
      if (refused && !isOver()) this.#inHand.delete(key);
      this.claimSome();
    });
  }

  /** @returns whether the hub refused a step */
  async #carry(payload: ParcelKey, from: Status, isOver: () => boolean): Promise<boolean> {
    let status = from;
    for (let step = steps[status]; step; step = steps[status]) {
      if (!(await this.#parts.pause(step.afterMs)) || isOver()) return false;
      const answer = await this.#parts.client.command({ event: step.event, payload });
      if (!answer.ok) return true;
      status = answer.status;
    }
    return false;
  }
}

function oneOfTheFirst(offers: Iterable<ParcelKey>): ParcelKey | undefined {
  const first: ParcelKey[] = [];
  for (const offer of offers) if (first.push(offer) === pickFrom) break;
  return first[Math.floor(Math.random() * first.length)];
}

/** No id has a line break in it. */
function keyText({ store, orderID }: ParcelKey): string {
  return `${store}\n${orderID}`;
}
