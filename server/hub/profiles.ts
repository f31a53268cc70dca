/** A store's profile: its name and how to reach it. Visible to the store, to admins and to its customers; drivers see where to collect. */

import { CapsError } from '../../protocol/errors.ts';
import type { Actor } from '../../protocol/parcel.ts';
import type { Profile } from '../../protocol/profile.ts';
import { DamagedError, type StoredProfiles } from '../store/store.ts';

/** Stores with a profile. With open access, anyone can pose as any number of stores. */
const profilesMax = 10_000;

export class Profiles {
  readonly #stored: StoredProfiles;

  constructor(stored: StoredProfiles) {
    this.#stored = stored;
  }

  /** Empty if the store has none. Drivers get all but `email`. @throws CapsError not-allowed */
  async read(actor: Actor, store: string): Promise<Profile> {
    if (!mayRead(actor, store)) {
      throw new CapsError('not-allowed', 'A store’s profile is for the store, for drivers and for admins.');
    }
    const text = await this.#stored.find(store);
    const profile = text === undefined ? {} : (JSON.parse(text) as Profile);
    if (actor.role !== 'driver') return profile;
    // Where to collect: the store’s mail is for its customers.
    const { email: _, ...place } = profile;
    return place;
  }

  /** Replaces the profile. @returns the stored one @throws CapsError not-allowed, too-large */
  async write(actor: Actor, store: string, wanted: Profile): Promise<Profile> {
    if (!mayWrite(actor, store)) {
      throw new CapsError('not-allowed', 'A store’s profile is for the store and for admins.');
    }
    const profile: Profile = Object.fromEntries(
      Object.entries(wanted).filter(([, value]) => value !== undefined && value !== ''),
    );
    if (Object.keys(profile).length === 0) {
      await this.#stored.put(store, undefined);
      return profile;
    }
    if ((await this.#isNew(store)) && (await this.#stored.count()) >= profilesMax) {
      throw new CapsError('too-large', `${profilesMax} stores have a profile; no more can have one.`);
    }
    await this.#stored.put(store, JSON.stringify(profile));
    return profile;
  }

  /** A damaged profile exists, and writing it again repairs it. */
  async #isNew(store: string): Promise<boolean> {
    try {
      return (await this.#stored.find(store)) === undefined;
    } catch (error) {
      if (error instanceof DamagedError) return false;
      throw error;
    }
  }
}

/** Any driver may collect at any store. */
function mayRead(actor: Actor, store: string): boolean {
  if (actor.role === 'customer') return actor.parcel.store === store;
  return actor.role === 'driver' || mayWrite(actor, store);
}

function mayWrite(actor: Actor, store: string): boolean {
  return actor.role === 'admin' || (actor.role === 'vendor' && actor.store === store);
}
