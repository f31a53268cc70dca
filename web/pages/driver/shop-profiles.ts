import type { Client } from '../../../client/client.ts';
import type { Profile } from '../../../protocol/profile.ts';
import { readAs } from '../../app/access-key.ts';
import type { Claims } from './claims.ts';
import type { HeldParcels } from './held-parcels.ts';
import type { Offers } from './offers.ts';

/** Shops asked about at a time; the others follow. */
const askingMax = 2;

interface ShopProfilesParts {
  readonly driver: string;
  readonly client: Pick<Client, 'state' | 'on'>;
  readonly held: HeldParcels;
  readonly claims: Pick<Claims, 'all'>;
  readonly offers: Pick<Offers, 'timedStores'>;
  readonly changed: () => void;
}

/** Where to collect, and how long before its time a shop has an order offered: the profiles of shops. Reads each once per connection, and keeps what an earlier page has read. */
export class ShopProfiles {
  readonly #parts: ShopProfilesParts;
  readonly #known = new Map<string, Profile>();
  /** Shops that were asked about over this connection. */
  readonly #asked = new Set<string>();
  #asking = 0;

  constructor(parts: ShopProfilesParts) {
    this.#parts = parts;
    parts.client.on('state', ({ kind }) => {
      if (kind === 'live') this.readSoon();
      else this.#asked.clear();
    });
  }

  of(store: string): Profile | undefined {
    return this.#known.get(store);
  }

  /** Reads what is wanted and not known. Call it after every change. */
  readSoon(): void {
    const { client } = this.#parts;
    if (client.state.kind !== 'live') return;
    for (const store of this.#wanted) {
      if (this.#asking >= askingMax) return;
      if (!this.#asked.has(store)) void this.#read(store);
    }
  }

  get saved(): Readonly<Record<string, Profile>> {
    const wanted = this.#wanted;
    return Object.fromEntries(Array.from(this.#known).filter(([store]) => wanted.has(store)));
  }

  restore(saved: Readonly<Record<string, Profile>>): void {
    for (const [store, profile] of Object.entries(saved)) this.#known.set(store, profile);
  }

  /** The shops at which this driver has something to collect or to return, or may soon, or that offer something for later. */
  get #wanted(): ReadonlySet<string> {
    const { held, claims, offers } = this.#parts;
    const mine = [...Array.from(held, ([, { known }]) => known), ...claims.all.map(({ known }) => known)];
    return new Set([...mine.map(({ view }) => view.payload.store), ...offers.timedStores()]);
  }

  async #read(store: string): Promise<void> {
    const { driver, changed } = this.#parts;
    this.#asked.add(store);
    this.#asking += 1;
    try {
      const query = { as: `driver:${driver}` };
      this.#known.set(store, await readAs('driver', 'GET /api/stores/:store', { params: { store }, query }));
    } catch {
      // The network is gone: the next connection asks again.
    }
    this.#asking -= 1;
    changed();
  }
}
