import type { Profile } from '../../../protocol/profile.ts';
import { isTimeZone } from '../../../protocol/time-window.ts';
import { deviceZone } from '../../app/device-zone.ts';
import { leadMs } from '../../app/due.ts';
import { pageZone } from '../../app/page-zone.ts';
import { fetchProfile } from './profile.ts';

/** What the page needs of the shop's profile. Until it is read, or where it says nothing, the usual holds. */
export class ShopProfile {
  readonly #store: string;
  readonly #changed: () => void;
  #profile: Profile = {};
  #isClosed = false;

  constructor(store: string, changed: () => void) {
    this.#store = store;
    this.#changed = changed;
  }

  /** The shop's time zone, else this device's, which also stands in for one that the browser does not know. */
  get zone(): string {
    const { timeZone } = this.#profile;
    return timeZone && isTimeZone(timeZone) ? timeZone : deviceZone();
  }

  /** What the hub knows of it; the same object until it changes. */
  get value(): Profile {
    return this.#profile;
  }

  /** How long before its time an order is offered, in milliseconds. */
  get leadMs(): number {
    const minutes = this.#profile.leadMinutes;
    return minutes === undefined ? leadMs : minutes * 60_000;
  }

  /** Never rejects: a later connection asks again. */
  async read(): Promise<void> {
    try {
      this.set(await fetchProfile(this.#store));
    } catch {
      // No network, or the hub cannot read it: what is known stays.
    }
  }

  /** Takes a profile that was read or saved elsewhere on the page. */
  set(profile: Profile): void {
    if (this.#isClosed) return;
    this.#profile = profile;
    pageZone.set(this.zone === deviceZone() ? undefined : this.zone);
    this.#changed();
  }

  /** Safe to call twice. */
  close(): void {
    this.#isClosed = true;
    pageZone.set(undefined);
  }
}
