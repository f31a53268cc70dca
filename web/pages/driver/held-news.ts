import { parcelName } from '../../../protocol/ids.ts';
import type { Announcer } from '../../app/announcer.ts';
import type { KnownParcel } from '../../app/parcels.ts';
import { driver } from '../../words/driver.ts';
import type { Bell } from './bell.ts';
import { changesText } from './changed-fields.ts';

/** Tells a driver what others did to a held parcel. */
export class HeldNews {
  readonly #announcer: Announcer;
  readonly #bell: Bell;

  constructor(announcer: Announcer, bell: Bell) {
    this.#announcer = announcer;
    this.#bell = bell;
  }

  /** Its order was changed. */
  readonly amended = ({ view }: KnownParcel): void => {
    this.#bell.ring();
    this.#announcer.say(`amended ${parcelName(view.payload)}`, () => changesText(view));
  };

  /** It is gone. @param text why, a sentence */
  readonly news = ({ view }: KnownParcel, text: string): void =>
    this.#announcer.say('news', () => driver().hand.newsOf(view.payload.orderID, text));
}
