import type { Client, ClientEvents } from '../../../client/client.ts';
import { isSameLog, parcelName } from '../../../protocol/ids.ts';
import type { Author, CapsRecord, ParcelView } from '../../../protocol/messages.ts';
import { hubClock } from '../../app/hub-clock.ts';
import { type KnownParcel, withRecord, withView } from '../../app/parcels.ts';
import type { Claims } from './claims.ts';
import type { HeldParcels } from './held-parcels.ts';
import type { Offers } from './offers.ts';
import type { Toast } from './session-state.ts';

interface DriverFeedParts {
  readonly client: Pick<Client, 'on'>;
  readonly offers: Offers;
  readonly held: HeldParcels;
  readonly claims: Pick<Claims, 'delete'>;
  readonly offered: () => void;
  readonly changed: () => void;
}

/**
 * Keeps the offers and the held parcels as the hub has them. The feed `board` carries what is on offer to everyone, the
 * feed `own` what happens to the parcels that this driver holds or held. Answers carry the same records: `rev` decides
 * which comes first.
 */
export class DriverFeed {
  /** Epoch of the log that the parcels are known from. */
  epoch: string | undefined;
  readonly #parts: DriverFeedParts;
  #startsAfresh = true;
  #isComplete = false;

  constructor(parts: DriverFeedParts) {
    const { client, held } = parts;
    this.#parts = parts;
    client.on('welcome', ({ epoch }) => {
      if (this.epoch !== undefined && !isSameLog(this.epoch, epoch)) held.forget();
      this.epoch = epoch;
      this.#startsAfresh = true;
    });
    client.on('parcels', ({ items, more }) => this.#addParcels(items, more));
    client.on('events', (events) => this.#addEvents(events));
  }

  /** False until the hub has sent every parcel once: until then the page shows what it saved. */
  get isComplete(): boolean {
    return this.#isComplete;
  }

  /** Adds offers read later, unless this page knows of a newer state. */
  addOffers(items: readonly ParcelView[]): void {
    const { offers, held } = this.#parts;
    for (const view of items) {
      const key = parcelName(view.payload);
      const mine = held.get(key)?.known.view;
      if (!mine || mine.rev < view.rev) offers.set(withView(offers.get(key), view));
    }
  }

  /** Applies a record about a parcel of this driver. */
  addOwn(record: CapsRecord, toast?: Toast): void {
    const { offers, held } = this.#parts;
    const key = parcelName(record.payload);
    this.#hold(key, withRecord(held.get(key)?.known ?? offers.get(key), record), toast, record.by);
  }

  #addParcels(items: readonly ParcelView[], more: boolean): void {
    const { offers, held, changed } = this.#parts;
    if (this.#startsAfresh) {
      // The pages that begin here name every parcel, so what was known before is out of date.
      this.#startsAfresh = false;
      offers.clear();
      held.beginStart();
    }
    for (const view of items) {
      const key = parcelName(view.payload);
      const mine = held.get(key);
      if (view.status === 'ready') offers.set(withView(offers.get(key), view));
      if (view.status !== 'ready' || mine) this.#hold(key, withView(mine?.known, view));
    }
    if (!more) {
      held.endStart();
      this.#isComplete = true;
    }
    changed();
  }

  #addEvents({ feed, records, gone }: ClientEvents['events']): void {
    const { offers, held, changed } = this.#parts;
    if (feed === 'board') {
      for (const record of records) this.#addOffer(record);
      for (const parcel of gone) offers.delete(parcelName(parcel));
    } else {
      for (const record of records) {
        this.addOwn(record);
        held.hear(record);
      }
    }
    changed();
  }

  #addOffer(record: CapsRecord): void {
    const { offers, held, offered } = this.#parts;
    const key = parcelName(record.payload);
    const mine = held.get(key)?.known;
    if (mine && held.isMine(mine.view) && mine.view.rev >= record.rev) return;
    const isKnown = offers.get(key) !== undefined;
    offers.set(withRecord(offers.get(key) ?? mine, record));
    if (!isKnown && offers.wantedFrom(record) <= hubClock.now()) offered();
  }

  #hold(key: string, known: KnownParcel, toast?: Toast, by?: Author): void {
    const { offers, held, claims } = this.#parts;
    if (!held.learn(key, known, toast, by)) return;
    offers.delete(key);
    claims.delete(key);
  }
}
