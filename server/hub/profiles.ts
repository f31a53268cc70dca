/** What a store says of itself: how it is called and reached. For itself, for admins, and for its customers. */

import { z } from 'zod';
import { lineProblem } from '../../protocol/characters.ts';
import { CapsError } from '../../protocol/errors.ts';
import type { Actor } from '../../protocol/parcel.ts';
import { DamagedError, type StoredProfiles } from '../store/store.ts';

/** Stores that may have one. Where access is open, anyone can be any number of stores. */
const profilesMax = 10_000;
const lineMax = 200;
const phoneMax = 40;
const emailMax = 254;

/** Nothing is as good as absent: that is what forms send. */
const line = (max: number) =>
  z
    .string()
    .trim()
    .max(max)
    .check(({ value, issues }) => {
      const problem = lineProblem(value);
      if (problem !== undefined) issues.push({ code: 'custom', message: problem, input: value });
    })
    .optional();
const orNothing = (schema: z.ZodType<string | undefined>) => z.union([z.literal(''), schema]).optional();

export const profileSchema = z.strictObject({
  name: line(lineMax).meta({ description: 'As its customers know it.' }),
  phone: orNothing(
    line(phoneMax).pipe(z.string().regex(/^\+?[\d\s()./-]*\d{2}[\d\s()./-]*$/, 'Is no phone number')),
  ),
  email: orNothing(z.string().trim().max(emailMax).pipe(z.email())),
  address: line(lineMax),
  hours: line(lineMax).meta({ description: 'When it can be reached, in its own words.' }),
});
export type Profile = Partial<Record<'name' | 'phone' | 'email' | 'address' | 'hours', string>>;

export const profileExample: Profile = {
  ...{ name: 'Zoë’s flowers', phone: '+1 206 555 0199', email: 'zoe@flowers.example' },
  ...{ address: '1206 Pike Street', hours: 'Mon–Sat 9–18' },
};

export class Profiles {
  readonly #stored: StoredProfiles;

  constructor(stored: StoredProfiles) {
    this.#stored = stored;
  }

  /** Empty where the store has said nothing. @throws CapsError not-allowed */
  async read(actor: Actor, store: string): Promise<Profile> {
    const mayRead = actor.role === 'customer' ? actor.parcel.store === store : mayWrite(actor, store);
    if (!mayRead) throw new CapsError('not-allowed', 'A store’s profile is for the store and for admins.');
    const text = await this.#stored.find(store);
    return text === undefined ? {} : (JSON.parse(text) as Profile);
  }

  /** In the place of what there was. @returns it as it is kept. @throws CapsError not-allowed, too-large */
  async write(actor: Actor, store: string, wanted: z.output<typeof profileSchema>): Promise<Profile> {
    if (!mayWrite(actor, store)) {
      throw new CapsError('not-allowed', 'A store’s profile is for the store and for admins.');
    }
    const profile: Profile = Object.fromEntries(Object.entries(wanted).filter(([, text]) => text));
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

  /** One that is damaged is there, and is mended by being written again. */
  async #isNew(store: string): Promise<boolean> {
    try {
      return (await this.#stored.find(store)) === undefined;
    } catch (error) {
      if (error instanceof DamagedError) return false;
      throw error;
    }
  }
}

function mayWrite(actor: Actor, store: string): boolean {
  return actor.role === 'admin' || (actor.role === 'vendor' && actor.store === store);
}
